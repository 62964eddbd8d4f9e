//! Parsers of feeds that are not at hand in full, on excerpts of the real documents that lie beside the checkout.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its data has failed")]

use std::io::Read;
use std::path::Path;

use advisory::feed::{
    Parser, Sink, almalinux, amazon, arch, csaf, cvrf, debian_tracker, fedora, gitlab, hydra, nodejs, nvd, openvex, osv, oval,
    photon, ubuntu_tracker, updateinfo,
};
use jiff::civil::Date;
use model::advisory::{Advisory, Affected, CveFacts, End, Range, Status};
use model::package::PackageType;
use model::severity::Severity;
use model::version::{Scheme, contains};
use model::vex::{VexStatement, VexStatus};

#[derive(Default)]
struct Said {
    advisories: Vec<Advisory>,
    facts: Vec<CveFacts>,
    statements: Vec<VexStatement>,
    problems: Vec<String>,
    named: Vec<String>,
    dates: Vec<Option<Date>>,
}

impl Sink for Said {
    fn advisory(&mut self, advisory: Advisory) {
        self.advisories.push(advisory);
    }
    fn facts(&mut self, facts: CveFacts) {
        self.facts.push(facts);
    }
    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }
    fn vex(&mut self, statement: VexStatement) {
        self.statements.push(statement);
    }
    fn names(&mut self, document: &str) {
        self.named.push(document.to_owned());
    }
    fn record(&mut self, date: Option<Date>) {
        self.dates.push(date);
    }
}

impl Said {
    fn of(&self, id: &str) -> &Advisory {
        self.advisories.iter().find(|advisory| advisory.id == id).unwrap_or_else(|| panic!("no {id}"))
    }
}

/// What a parser says of the one sample whose path ends so; problems fail the test.
fn said(archive: &str, sample: &str, parse: Parser) -> Option<Said> {
    said_as(archive, sample, None, parse)
}

/// The same under the path that the sample would have in a folder of feeds.
fn said_as(archive: &str, sample: &str, place: Option<&str>, parse: Parser) -> Option<Said> {
    let archive = testing::real_data(&format!("feeds/samples/{archive}-native-samples.tar.zst"))?;
    let (name, bytes) = member(&archive, sample);
    let mut said = Said::default();
    parse(place.unwrap_or(&name), &bytes, &mut said).unwrap_or_else(|error| panic!("{sample}: {error}"));
    assert!(said.problems.is_empty(), "{sample}: {:?}", said.problems);
    Some(said)
}

fn member(archive: &Path, wanted: &str) -> (String, Vec<u8>) {
    let mut decoder = zstd::stream::read::Decoder::new(std::fs::File::open(archive).unwrap()).unwrap();
    decoder.window_log_max(27).unwrap();
    for entry in tar::Archive::new(decoder).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        if name.ends_with(wanted) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            return (name, bytes);
        }
    }
    panic!("no sample {wanted}")
}

fn entry<'a>(advisory: &'a Advisory, namespace: &str, name: &str) -> &'a Affected {
    let found = advisory.affected.iter().find(|affected| affected.namespace == namespace && affected.name == name);
    found.unwrap_or_else(|| panic!("{}: no {name} in {namespace}: {:?}", advisory.id, advisory.affected))
}

fn below(version: &str) -> Vec<Range> {
    vec![Range { end: End::Fixed(version.into()), ..Range::default() }]
}

#[test]
fn debian_tracker_states() {
    let Some(said) = said("vunnel", "debian/input/debian.json", debian_tracker::parse) else { return };
    let prototype = said.of("CVE-2008-7220");
    assert_eq!(entry(prototype, "debian:9", "prototypejs").ranges, below("1.6.0.2-1"));
    assert_eq!(prototype.ratings[0].level, Some(Severity::High));
    assert!(prototype.title.starts_with("Unspecified vulnerability in Prototype"));
}

#[test]
fn debian_tracker_words() {
    let document = br#"{"p": {"CVE-2024-0001": {"description": "d", "releases": {
        "bookworm": {"status": "open", "urgency": "unimportant", "nodsa": "Minor issue", "nodsa_reason": ""},
        "bullseye": {"status": "open", "urgency": "low", "nodsa": "later", "nodsa_reason": "postponed"},
        "buster": {"status": "open", "urgency": "end-of-life"},
        "trixie": {"status": "resolved", "fixed_version": "0", "urgency": "unimportant"},
        "sid": {"status": "undetermined", "urgency": "not yet assigned"}}}}}"#;
    let mut said = Said::default();
    debian_tracker::parse("tracker.json", document, &mut said).unwrap();
    let advisory = said.of("CVE-2024-0001");
    let status = |namespace: &str| entry(advisory, namespace, "p").status;
    assert_eq!(status("debian:12"), Status::WontFix);
    assert_eq!(status("debian:11"), Status::Affected);
    assert_eq!(status("debian:10"), Status::EndOfLife);
    assert_eq!(status("debian:13"), Status::NotAffected);
    assert_eq!(status("debian:sid"), Status::UnderInvestigation);
    assert_eq!(advisory.ratings[0].level, Some(Severity::Low));
}

#[test]
fn ubuntu_osv_and_vex() {
    let Some(unzip) = said("vunnel", "osv-esm-cases/cve/2014/UBUNTU-CVE-2014-9913.json", osv::parse) else { return };
    let advisory = unzip.of("UBUNTU-CVE-2014-9913");
    assert_eq!(advisory.aliases, ["CVE-2014-9913"]);
    assert_eq!(entry(advisory, "ubuntu:14.04+esm", "unzip").ranges, below("6.0-9ubuntu1.6"));
    assert_eq!(entry(advisory, "ubuntu:16.04", "unzip").ranges, below("6.0-20ubuntu1.1"));
    assert_eq!(advisory.ratings[0].level, Some(Severity::Negligible));
    let Some(usn) = said("vunnel", "osv/usn/USN-5614-1.json", osv::parse) else { return };
    assert!(usn.advisories.iter().all(|advisory| advisory.id.starts_with("CVE-") && advisory.errata == ["USN-5614-1"]));
    let Some(vex) = said("vunnel", "ubuntu/vex/cve/2023/CVE-2023-38545.json", openvex::parse) else { return };
    let curl = vex.statements.iter().find(|statement| {
        statement.products.iter().any(|product| product.id.starts_with("pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.24?arch=amd64"))
    });
    assert_eq!(curl.unwrap().vulnerability, "CVE-2023-38545");
    assert!(vex.statements.iter().any(|statement| statement.status != VexStatus::UnderInvestigation));
}

/// The tracker's file with the content of a sample, which is kept as JSON.
fn tracker_file_of(sample: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut file = format!("Candidate: {}\nPublicDate: 2022-05-20 23:15:00 UTC\nReferences:\n", text(&sample["name"]));
    for reference in sample["references"].as_array().unwrap() {
        file += &format!(" {}\n", text(reference));
    }
    file += "Description:\n";
    for words in text(&sample["description"]).split_inclusive(' ').collect::<Vec<_>>().chunks(10) {
        file += &format!(" {}\n", words.concat().trim_end());
    }
    file += &format!("Ubuntu-Description:\nNotes:\nPriority: {}\nDiscovered-by:\nAssigned-to:\n", text(&sample["priority"]));
    file +=
        "CVSS:\n nvd: CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H [7.8 HIGH]\n\nPatches_x:\n upstream: https://example.org\n";
    for patch in ["patches", "ignored_patches"].iter().flat_map(|list| sample[list].as_array().unwrap()) {
        let note = patch["version"].as_str().map(|version| format!(" ({version})")).unwrap_or_default();
        file += &format!("{}_{}: {}{note}\n", text(&patch["distro"]), text(&patch["package"]), text(&patch["status"]));
    }
    file
}

#[test]
fn ubuntu_cve_tracker() {
    let Some(archive) = testing::real_data("feeds/samples/vunnel-native-samples.tar.zst") else { return };
    let said = |id: &str| {
        let sample = serde_json::from_slice(&member(&archive, &format!("normalized-cve-data/{id}")).1).unwrap();
        let mut said = Said::default();
        ubuntu_tracker::parse(&format!("ubuntu/retired/{id}"), tracker_file_of(&sample).as_bytes(), &mut said).unwrap();
        assert!(said.problems.is_empty(), "{:?}", said.problems);
        said
    };
    let chromium = said("CVE-2013-6627");
    let [advisory] = &chromium.advisories[..] else { panic!("{:?}", chromium.advisories) };
    assert_eq!(advisory.id, "CVE-2013-6627");
    assert!(advisory.title.starts_with("net/http/http_stream_parser.cc in Google Chrome before 31.0.1650.48 does not"));
    assert_eq!(advisory.url, "https://ubuntu.com/security/CVE-2013-6627");
    let ratings: Vec<_> = advisory.ratings.iter().map(|rating| (rating.source.as_str(), rating.level)).collect();
    assert_eq!(ratings, [("ubuntu", Some(Severity::Medium)), ("nvd", None)]);
    assert_eq!(advisory.ratings[1].cvss.as_ref().unwrap().score.to_string(), "7.8");
    assert_eq!(chromium.dates, [Some(Date::constant(2022, 5, 20))]);
    // Precise, quantal, raring, lucid and saucy; not upstream, nor the release in the making.
    assert_eq!(advisory.affected.len(), 5);
    let fixed = entry(advisory, "ubuntu:12.04", "chromium-browser");
    assert_eq!(fixed.ranges, below("31.0.1650.63-0ubuntu0.12.04.1~20131204.1"));
    assert_eq!(entry(advisory, "ubuntu:10.04", "chromium-browser").status, Status::EndOfLife);

    let said_2012 = said("CVE-2012-5124");
    // Hardy never had the package.
    assert!(!said_2012.advisories[0].affected.iter().any(|affected| affected.namespace == "ubuntu:8.04"));
    let cmk = said("CVE-2022-31258");
    let advisory = cmk.of("CVE-2022-31258");
    assert_eq!(advisory.ratings[0].level, Some(Severity::High));
    for namespace in ["ubuntu:18.04", "ubuntu:18.04+esm"] {
        let affected = entry(advisory, namespace, "check-mk");
        assert_eq!((affected.status, &affected.ranges[..]), (Status::NotAffected, &[][..]));
    }
}

#[test]
fn ubuntu_cve_tracker_words() {
    let file = "Candidate: CVE-2020-0009\nPublicDate: 2020-01-08 16:15:00 UTC\nDescription:\n It breaks. And\n more.\n\
        Priority: low\n Reason: because\nPriority_linux-oem: high (really)\nPriority_linux-oem_focal: critical\n\
        Tags_linux-oem: not-ue\n# a comment\nPatches_linux-oem:\n break-fix: - deadbeef\n\
        upstream_linux-oem: released (5.6~rc3)\nbionic_linux-oem: released (4.15.0-1080.90)\n\
        eoan_linux-oem: pending (4.15.0-1087.97)\nfocal_linux-oem:needed\nxenial_linux-oem: released\n\
        jammy_linux-oem: maybe\nzippy_linux-oem: needed\nno field\n\
        esm-infra/xenial_sudo: needs-triage\njammy_sudo: ignored (will not be fixed)\nfips/jammy_sudo: needed\n";
    let mut said = Said::default();
    ubuntu_tracker::parse("x/active/CVE-2020-0009", file.as_bytes(), &mut said).unwrap();
    said.problems.sort_unstable();
    assert_eq!(
        said.problems,
        [
            "CVE-2020-0009 in linux-oem: `maybe` is no state of a package",
            "CVE-2020-0009: `no field` is not a field",
            "`zippy` is no known release of Ubuntu",
            "fixes that are released without a version are not used",
        ]
    );
    let told = said.advisories.iter().map(|advisory| {
        let level = advisory.ratings[0].level.unwrap();
        let entries = advisory.affected.iter().map(|affected| (affected.namespace.as_str(), affected.status));
        (advisory.affected[0].name.as_str(), level, entries.collect::<Vec<_>>())
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|(name, level, _)| (*name, *level));
    let mut expected = [
        ("linux-oem", Severity::High, vec![("ubuntu:18.04", Status::Affected), ("ubuntu:19.10", Status::Affected)]),
        ("linux-oem", Severity::Critical, vec![("ubuntu:20.04", Status::Affected)]),
        ("sudo", Severity::Low, vec![("ubuntu:16.04+esm", Status::UnderInvestigation), ("ubuntu:22.04", Status::WontFix)]),
    ];
    expected.sort_by_key(|(name, level, _)| (*name, *level));
    assert_eq!(told, expected);
    assert_eq!(said.advisories[0].title, "It breaks.");
    // The repository holds more than vulnerabilities.
    for name in
        ["x/scripts/cve_lib.py", "x/active/00boilerplate.openssl", "x/ignored/CVE-2020-0009", "x/active/.CVE-2020-0009.swp"]
    {
        let mut said = Said::default();
        ubuntu_tracker::parse(name, file.as_bytes(), &mut said).unwrap();
        assert!(said.advisories.is_empty() && said.dates.is_empty() && said.problems.is_empty(), "{name}");
    }
}

#[test]
fn rocky_and_github_osv() {
    let Some(said_rocky) = said("vunnel", "rocky/osv/RLSA-2023_3220.json", osv::parse) else { return };
    assert_eq!(said_rocky.advisories.len(), 7);
    let firefox = said_rocky.of("CVE-2023-32205");
    assert_eq!((&firefox.errata[..], firefox.ratings[0].level), (&["RLSA-2023:3220".to_owned()][..], Some(Severity::High)));
    assert_eq!(entry(firefox, "rocky:8", "firefox").architectures, Vec::<String>::new());
    let Some(ghsa) = said("vuln-list", "GHSA-wjx8-cgrm-hh8p.json", osv::parse) else { return };
    let [advisory] = &ghsa.advisories[..] else { panic!() };
    assert_eq!(advisory.url, "https://github.com/advisories/GHSA-wjx8-cgrm-hh8p");
    assert_eq!(advisory.ratings[0].source, "ghsa");
    assert!(advisory.ratings[0].level.is_some());
}

#[test]
fn bitnami_osv() {
    let Some(said) = said("vuln-list", "php/BIT-2020-7059.json", osv::parse) else { return };
    let advisory = said.of("BIT-2020-7059");
    assert_eq!(advisory.aliases, ["CVE-2020-7059"]);
    let php = entry(advisory, "bitnami", "php");
    assert_eq!(
        php.ranges.iter().map(Range::to_string).collect::<Vec<_>>(),
        [">= 7.2.0, < 7.2.27", ">= 7.3.0, < 7.3.14", ">= 7.4.0, < 7.4.2"]
    );
}

#[test]
fn seals_own_builds() {
    for (sample, namespace, name, vulnerable, fixed) in [
        ("seal-requests/CVE-2023-32681.json", "pypi", "seal-requests", "2.14.2+sp1", "2.14.2+sp999"),
        ("ajv/CVE-2025-69873.json", "npm", "@seal-security/ajv", "5.5.2-sp1", "5.5.2-sp999"),
        ("crypto/CVE-2025-22869.json", "golang", "sealsecurity.io/golang.org/x/crypto", "0.26.0-sp1", "0.26.0-sp2"),
        ("log4j-core/CVE-2025-68161.json", "maven", "seal.sp3.org.apache.logging.log4j:log4j-core", "2.14.1", "2.14.1+sp999"),
        ("seal-rack/CVE-2025-61780.json", "gem", "seal-rack", "2.2.6.2.0.1.sp1", "2.2.6.2.0.1.sp999"),
    ] {
        let Some(said) = said("vuln-list", sample, osv::parse) else { return };
        let affected = entry(&said.advisories[0], namespace, name);
        let scheme = affected.kind.and_then(PackageType::version_scheme).unwrap();
        let affects = |version| affected.ranges.iter().any(|range| contains(scheme, range, version).unwrap());
        assert!(affects(vulnerable) && !affects(fixed), "{sample}: {:?}", affected.ranges);
    }
    // What it builds for distributions is not judged: no distribution speaks for it.
    let Some(archive) = testing::real_data("feeds/samples/vuln-list-native-samples.tar.zst") else { return };
    let (name, bytes) = member(&archive, "seal-expat/CVE-2022-22822.json");
    let mut said = Said::default();
    osv::parse(&name, &bytes, &mut said).unwrap();
    assert!(said.advisories.is_empty() && said.problems.iter().all(|problem| problem.contains("`Seal:Red Hat:")));
}

#[test]
fn red_hat_csaf() {
    let Some(curl) = said("claircore", "rhel/vex/testdata/cve-2023-38545.json", csaf::parse) else { return };
    let advisory = curl.of("CVE-2023-38545");
    let fixed = advisory.affected.iter().filter(|affected| {
        (affected.namespace.as_str(), affected.name.as_str(), affected.status) == ("rhel:9", "libcurl", Status::Affected)
    });
    let mut versions: Vec<&Range> = fixed.flat_map(|affected| &affected.ranges).collect();
    versions.sort_by_key(|range| format!("{range:?}"));
    assert_eq!(versions, [&below("7.76.1-23.el9_2.4")[0], &below("7.76.1-26.el9_3.2")[0]]);
    assert_eq!(entry(advisory, "rhel:8", "libcurl").status, Status::NotAffected);
    assert_eq!(advisory.errata, ["RHSA-2023:5763", "RHSA-2023:6745"]);
    let rating = &advisory.ratings[0];
    assert_eq!(
        (rating.source.as_str(), rating.level, rating.cvss.as_ref().unwrap().score),
        ("redhat", Some(Severity::High), 8.1)
    );
    assert_eq!(advisory.cwes, ["CWE-119"]);

    let Some(ruby) = said("vunnel", "advisories/rhsa-2023_7025.json", csaf::parse) else { return };
    let ruby = entry(ruby.of("CVE-2021-33621"), "rhel:8", "ruby");
    assert_eq!(ruby.module.as_deref(), Some("ruby:2.5"));
    assert_eq!(ruby.ranges, below("2.5.9-111.module+el8.9.0+19193+435404ae"));

    let Some(pam) = said("vuln-list", "happy/csaf-vex/cve-2024-10041.json", csaf::parse) else { return };
    assert!(pam.advisories.len() <= 1);
}

#[test]
fn red_hat_api() {
    let Some(lxml) = said("vunnel", "rhel/oval/input/cve/full/CVE-2022-2309", hydra::parse) else { return };
    let Some(advisory) = lxml.advisories.first() else { panic!() };
    assert_eq!(entry(advisory, "rhel:9", "python-lxml").ranges, below("4.6.5-3.el9"));
    assert!(
        advisory
            .affected
            .iter()
            .any(|affected| { affected.status == Status::NotAffected && affected.module.as_deref() == Some("python38:3.8") })
    );
}

#[test]
fn oval_of_oracle_and_suse() {
    let Some(bind) = said("vunnel", "oracle/mock_data", oval::parse) else { return };
    let advisory = bind.of("CVE-2007-0493");
    assert_eq!(advisory.errata, ["ELSA-2007-0057"]);
    assert_eq!(entry(advisory, "oracle:5", "bind-devel").ranges, below("30:9.3.3-8.el5"));
    assert_eq!(advisory.title, "Moderate: bind security update (MODERATE)");
    let Some(openssl) = said("vunnel", "oracle/mock_ksplice_data", oval::parse) else { return };
    let affected = openssl.advisories.iter().flat_map(|advisory| &advisory.affected);
    assert!(affected.filter(|affected| affected.name == "openssl").any(|affected| affected.namespace == "oracle:8+ksplice"));
    let Some(rsyslog) = said("vunnel", "oracle/mock_per_arch_data", oval::parse) else { return };
    let architectures = rsyslog.advisories.iter().flat_map(|advisory| &advisory.affected).map(|affected| &affected.architectures);
    assert!(architectures.clone().any(|list| list == &["aarch64"]), "{:?}", architectures.collect::<Vec<_>>());

    let Some(suse) = said("vunnel", "sles/suse_truncated.xml", oval::parse) else { return };
    let kernel = entry(suse.of("CVE-1999-0524"), "sles:15", "kernel-default");
    assert_eq!((kernel.status, &kernel.ranges), (Status::NotAffected, &Vec::new()));
}

/// SUSE's document with the content of a sample, which is kept as JSON: the same elements in the order and under the names
/// that upstream writes them with.
fn cvrf_of(sample: &serde_json::Value) -> String {
    let text =
        |value: &serde_json::Value| value.as_str().unwrap().replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let list = |value: &serde_json::Value, each: &dyn Fn(&serde_json::Value) -> String| {
        value.as_array().unwrap().iter().map(each).collect::<String>()
    };
    let references = |value: &serde_json::Value| {
        list(value, &|reference| {
            let (url, description) = (text(&reference["URL"]), text(&reference["Description"]));
            format!("<Reference><URL>{url}</URL><Description>{description}</Description></Reference>")
        })
    };
    let relationships = list(&sample["ProductTree"]["Relationships"], &|relationship| {
        let (build, product) = (text(&relationship["ProductReference"]), text(&relationship["RelatesToProductReference"]));
        format!(
            r#"<Relationship ProductReference="{build}" RelationType="Default Component Of" RelatesToProductReference="{product}">
              <FullProductName ProductID="{product}:{build}">{build} as a component of {product}</FullProductName></Relationship>"#
        )
    });
    let vulnerabilities = list(&sample["Vulnerabilities"], &|vulnerability| {
        let statuses = list(&vulnerability["ProductStatuses"], &|status| {
            let ids = list(&status["ProductID"], &|id| format!("<ProductID>{}</ProductID>", text(id)));
            format!(r#"<Status Type="{}">{ids}</Status>"#, text(&status["Type"]))
        });
        let threats = list(&vulnerability["Threats"], &|threat| {
            format!(r#"<Threat Type="Impact"><Description>{}</Description></Threat>"#, text(&threat["Severity"]))
        });
        format!(
            r#"<Vulnerability xmlns="http://www.icasi.org/CVRF/schema/vuln/1.1" Ordinal="1">
              <Notes><Note Title="Vulnerability Description" Type="General" Ordinal="1" xml:lang="en">{}</Note></Notes>
              <CVE>{}</CVE><ProductStatuses>{statuses}</ProductStatuses><Threats>{threats}</Threats>
              <CVSSScoreSets><ScoreSet><BaseScore>5</BaseScore><Vector>AV:N/AC:L/Au:N/C:N/I:N/A:P</Vector></ScoreSet></CVSSScoreSets>
              <References>{}</References></Vulnerability>"#,
            text(&vulnerability["Description"]),
            text(&vulnerability["CVE"]),
            references(&vulnerability["References"])
        )
    });
    let tracking = &sample["Tracking"];
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <cvrfdoc xmlns="http://www.icasi.org/CVRF/schema/cvrf/1.1" xmlns:cvrf="http://www.icasi.org/CVRF/schema/cvrf/1.1">
          <DocumentTitle xml:lang="en">{}</DocumentTitle><DocumentType>SUSE Patch</DocumentType>
          <DocumentTracking><Identification><ID>{}</ID></Identification><Status>Final</Status>
            <RevisionHistory><Revision><Number>1</Number><Date>2000-01-01T00:00:00Z</Date></Revision></RevisionHistory>
            <InitialReleaseDate>{}</InitialReleaseDate><CurrentReleaseDate>{}</CurrentReleaseDate></DocumentTracking>
          <DocumentReferences>{}</DocumentReferences>
          <ProductTree xmlns="http://www.icasi.org/CVRF/schema/prod/1.1">{relationships}</ProductTree>
          {vulnerabilities}</cvrfdoc>"#,
        text(&sample["Title"]),
        text(&tracking["ID"]),
        text(&tracking["InitialReleaseDate"]),
        text(&tracking["CurrentReleaseDate"]),
        references(&sample["References"])
    )
}

#[test]
fn cvrf_of_suse() {
    let Some(archive) = testing::real_data("feeds/samples/vuln-list-native-samples.tar.zst") else { return };
    let said = |sample: &str| {
        let sample = serde_json::from_slice(&member(&archive, sample).1).unwrap();
        let mut said = Said::default();
        cvrf::parse("cvrf.xml", cvrf_of(&sample).as_bytes(), &mut said).unwrap();
        assert!(said.problems.is_empty(), "{:?}", said.problems);
        said
    };
    let strongswan = said("openSUSE-SU-2019-2598-1.json");
    assert_eq!((strongswan.advisories.len(), &strongswan.dates), (5, &vec![Some(Date::constant(2019, 11, 30))]));
    let overflow = strongswan.of("CVE-2018-17540");
    assert_eq!(overflow.title, "The gmp plugin in strongSwan before 5.7.1 has a Buffer Overflow via a crafted certificate.");
    assert_eq!(overflow.errata, ["openSUSE-SU-2019:2598-1"]);
    assert_eq!(overflow.url, "https://www.suse.com/security/cve/CVE-2018-17540.html");
    let rating = &overflow.ratings[0];
    assert_eq!((rating.source.as_str(), rating.level), ("suse", Some(Severity::High)));
    assert_eq!(rating.cvss.as_ref().unwrap().score.to_string(), "5");
    assert_eq!(overflow.affected.len(), 8);
    let libs = entry(overflow, "opensuse-leap:15.1", "strongswan-libs0");
    assert_eq!(libs.ranges, below("5.6.0-lp151.4.3.1"));
    assert_eq!(libs.fixed_at.unwrap().to_string(), "2019-11-30T23:16:02Z");

    let helm = said("SUSE-SU-2019-0048-2.json");
    assert_eq!(entry(helm.of("CVE-2018-16874"), "sles:15.1", "helm-mirror").ranges, below("0.2.1-1.7.1"));
    let rolling = said("openSUSE-SU-2024-10400-1.json");
    let python = entry(rolling.of("CVE-2014-1839"), "opensuse-tumbleweed", "python3-logilab-common");
    assert_eq!(python.ranges, below("1.2.2-1.2"));
    let micro = said("SUSE-SU-2024-2546-1.json");
    assert_eq!(entry(micro.of("CVE-2024-28834"), "sle-micro:5.3", "libgnutls30").ranges, below("3.7.3-150400.8.1"));
    let newer = said("SUSE-SU-2025-20377-1.json");
    assert_eq!(entry(newer.of("CVE-2025-22869"), "sl-micro:6.0", "docker").ranges, below("27.5.1_ce-3.1"));
    // The package hub is built by its community, beside the distribution.
    assert_eq!(said("openSUSE-SU-2019-0003-1.json").advisories, []);
}

#[test]
fn cvrf_statuses() {
    let document = |status: &str, id: &str| {
        let xml = format!(
            r#"<cvrfdoc><DocumentTracking><Identification><ID>SUSE-SU-2024:1-1</ID></Identification></DocumentTracking>
            <ProductTree><Relationship ProductReference="a-1-1" RelatesToProductReference="Container suse/sle15:15.5"><FullProductName ProductID="Container suse/sle15:15.5:a-1-1"/></Relationship></ProductTree>
            <Vulnerability><CVE>CVE-2024-0001</CVE><ProductStatuses><Status Type="{status}"><ProductID>{id}</ProductID></Status></ProductStatuses></Vulnerability></cvrfdoc>"#
        );
        let mut said = Said::default();
        cvrf::parse("x", xml.as_bytes(), &mut said).unwrap();
        (said.advisories.len(), said.problems)
    };
    // Without its relationship a product is told from the build by the last colon.
    assert_eq!(document("Fixed", "openSUSE Leap 15.5:a-1-1"), (1, vec![]));
    assert_eq!(document("Fixed", "Container suse/sle15:15.5:a-1-1"), (0, vec![]));
    assert_eq!(document("Fixed", "openSUSE Leap 15.5:a").1, ["SUSE-SU-2024:1-1: `a` has no version"]);
    assert_eq!(document("Fixed", "a").1, ["SUSE-SU-2024:1-1: `a` is not a package in a product"]);
    assert_eq!(document("Known Affected", "x:a").1, ["SUSE-SU-2024:1-1: products that are `Known Affected` are not used"]);
    assert!(cvrf::parse("x", b"<cvrfdoc></cvrfdoc>", &mut Said::default()).is_err());
}

#[test]
fn fedora_arch_photon_nvd() {
    let Some(docs) = said("vunnel", "fedora/input/FEDORA-2025-aaa1111111.json", fedora::parse) else { return };
    let advisory = docs.of("CVE-2025-1234");
    assert_eq!(advisory.errata, ["FEDORA-2025-aaa1111111"]);
    assert_eq!(entry(advisory, "fedora:40", "python3-docs").ranges, below("3.12.9-1.fc40"));

    let Some(groups) = said("vunnel", "arch/input/arch-advisories/all.json", arch::parse) else { return };
    assert_eq!(entry(groups.of("CVE-2024-1234"), "arch", "curl").ranges, below("8.5.0-1"));
    assert_eq!(entry(groups.of("CVE-2025-6020"), "arch", "pam").ranges, [Range::default()]);
    assert_eq!(groups.of("CVE-2023-4911").affected.len(), 2);

    let Some(list) = said("vunnel", "photon/input/cve_data_photon4.0.json", photon::parse) else { return };
    assert_eq!(entry(list.of("CVE-2023-44487"), "photon:4.0", "nghttp2").ranges, below("1.57.0-1.ph4"));

    let Some(page) = said("vunnel", "nvd/single-entry.json", nvd::parse) else { return };
    let [facts] = &page.facts[..] else { panic!() };
    let vectors: Vec<(&str, f64)> =
        facts.ratings.iter().filter_map(|rating| rating.cvss.as_ref()).map(|cvss| (cvss.version.as_str(), cvss.score)).collect();
    assert_eq!(facts.id, "CVE-2022-1576");
    assert_eq!(vectors, [("2.0", 4.3), ("3.1", 6.5)]);
}

#[test]
fn updateinfo_of_a_repository() {
    let document = br#"<?xml version="1.0"?><updates>
      <update type="security" status="final" version="1.0"><id>ALAS2023-2023-126</id><title>t</title><severity>Important</severity>
        <issued date="2023-03-07 00:29"/><updated date="2023-03-08 00:51"/>
        <references><reference href="https://x/CVE-2022-41973" id="CVE-2022-41973" type="cve"/><reference id="CVE-2022-41974" type="cve"/></references>
        <pkglist><collection short="c"><name>c</name><module name="nodejs" stream="18" version="1" context="x" arch="x86_64"/>
          <package arch="x86_64" epoch="1" name="nodejs" release="1.amzn2023" version="18.1"><filename>f</filename></package>
          <package arch="aarch64" epoch="1" name="nodejs" release="1.amzn2023" version="18.1"/>
          <package arch="noarch" epoch="0" name="npm" release="2" version="9.0"/>
          <package arch="src" epoch="1" name="nodejs" release="1.amzn2023" version="18.1"/>
        </collection></pkglist></update>
      <update type="bugfix"><id>ALAS2023-2023-1</id><pkglist><collection><package arch="noarch" name="a" version="1" release="1"/></collection></pkglist></update>
    </updates>"#;
    let mut said = Said::default();
    updateinfo::parse("updateinfo/amazon-2023/updateinfo.xml.gz", document, &mut said).unwrap();
    assert_eq!(said.advisories.len(), 2);
    let advisory = said.of("CVE-2022-41974");
    let nodejs = entry(advisory, "amazon:2023", "nodejs");
    assert_eq!((nodejs.module.as_deref(), &nodejs.ranges), (Some("nodejs:18"), &below("1:18.1-1.amzn2023")));
    assert_eq!(nodejs.architectures, ["x86_64", "aarch64"]);
    assert_eq!(entry(advisory, "amazon:2023", "npm").architectures, Vec::<String>::new());
    assert_eq!((advisory.errata[0].as_str(), advisory.ratings[0].level), ("ALAS2023-2023-126", Some(Severity::High)));
    assert!(updateinfo::parse("updateinfo.xml", document, &mut said).is_err());
}

#[test]
fn amazon_index_and_pages() {
    let index = |sample, place| said_as("vunnel", sample, Some(place), amazon::parse_index);
    let Some(said) = index("amazon/input/2_rss.xml", "amazon/AL2/alas.rss") else { return };
    assert_eq!(said.named, ["amazon/AL2/ALAS-2018-939.html"]);
    assert_eq!(said.dates, [Some(Date::constant(2018, 1, 16))]);
    let Some(said) = index("amazon/mock_rss", "amazon/AL2/alas.rss") else { return };
    assert_eq!((said.named.len(), said.dates), (97, vec![Some(Date::constant(2018, 11, 15))]));

    let page = |sample, place| said_as("vunnel", sample, Some(place), amazon::parse_page);
    let Some(said) = page("amazon/input/2_html/ALAS-2018-939", "amazon/AL2/ALAS-2018-939.html") else { return };
    assert_eq!(
        said.advisories.iter().map(|advisory| advisory.id.as_str()).collect::<Vec<_>>(),
        ["CVE-2017-5715", "CVE-2017-5754"]
    );
    let meltdown = said.of("CVE-2017-5754");
    assert_eq!((&meltdown.errata[..], meltdown.title.as_str()), (&["ALAS-2018-939".to_owned()][..], "kernel"));
    assert_eq!(meltdown.url, "https://alas.aws.amazon.com/AL2/ALAS-2018-939.html");
    assert_eq!((meltdown.ratings[0].source.as_str(), meltdown.ratings[0].level), ("amazon", Some(Severity::Critical)));
    assert_eq!(meltdown.modified.unwrap().to_string(), "2018-01-16T00:00:00Z");
    // The source package is none that is installed.
    assert_eq!(meltdown.affected.len(), 13);
    let kernel = entry(meltdown, "amazon:2", "kernel");
    assert_eq!(kernel.architectures, ["x86_64"]);
    assert_eq!(kernel.fixed_at.unwrap().to_string(), "2018-01-11T00:00:00Z");
    assert_eq!(entry(meltdown, "amazon:2", "kernel-doc").architectures, Vec::<String>::new());

    let Some(said) = page("amazon/mock_html", "amazon/AL2/ALAS-2018-949.html") else { return };
    assert_eq!(said.advisories.len(), 15);
    let java = said.of("CVE-2018-2677");
    assert_eq!((&java.errata[..], java.ratings[0].level), (&["ALAS2-2018-949".to_owned()][..], Some(Severity::High)));
    // Java's epoch is 1, which the page does not say.
    let java = entry(java, "amazon:2", "java-1.8.0-openjdk-headless");
    let affects = |version| java.ranges.iter().any(|range| contains(Scheme::Rpm, range, version).unwrap());
    assert_eq!(java.ranges[0], below("1.8.0.161-0.b14.amzn2")[0]);
    assert!(affects("1:1.8.0.151-1.b12.amzn2") && affects("1.8.0.151-1.b12.amzn2"));
    assert!(!affects("1:1.8.0.161-0.b14.amzn2") && !affects("1:1.8.0.171-1.b10.amzn2") && !affects("1.8.0.161-0.b14.amzn2"));

    let place = "amazon/AL2022/ALAS2022-2021-001.html";
    let Some(said) = page("amazon/input/2022_html/ALAS-2021-001", place) else { return };
    assert_eq!(said.advisories.len(), 4);
    let vim = entry(said.of("CVE-2021-3875"), "amazon:2022", "vim-minimal");
    assert_eq!(vim.ranges[0], below("8.2.3512-1.amzn2022")[0]);
    assert_eq!(vim.architectures, ["aarch64", "i686", "x86_64"]);
    let place = "amazon/AL2023/ALAS2023-2023-126.html";
    let Some(said) = page("amazon/input/2023_html/ALAS-2023-126", place) else { return };
    let multipath = said.of("CVE-2022-3787");
    assert_eq!(multipath.errata, ["ALAS2023-2023-126"]);
    assert_eq!(entry(multipath, "amazon:2023", "kpartx").ranges[0], below("0.8.7-16.amzn2023.0.1")[0]);
}

#[test]
fn amazon_pages_that_cannot_be_used() {
    let page = |headline: &str, packages: &str| {
        let html = format!(
            "<h1 id='x'>{headline}</h1><div id='references'>CVE-2024-0001<br /></div><div id='new_packages'><pre>{packages}</pre></div>"
        );
        let mut said = Said::default();
        amazon::parse_page("amazon/AL2/x.html", html.as_bytes(), &mut said).unwrap();
        (said.advisories.len(), said.problems)
    };
    assert_eq!(page("ALAS-2024-1", "x86_64:<br />&nbsp; a-1-1.x86_64<br />"), (1, vec![]));
    let (advisories, problems) = page("ALAS2DOCKER-2024-1", "x86_64:<br />&nbsp; docker-1-1.x86_64<br />");
    assert!(advisories == 0 && problems[0].contains("extras are not used"), "{problems:?}");
    assert_eq!(page("ALAS-2024-1", "").1, ["ALAS-2024-1: it names no packages"]);
    assert_eq!(page("ALAS-2024-1", "a-1-1.x86_64<br />what").1, ["ALAS-2024-1: `what` is not a package"]);
    assert_eq!(page("Access denied", "").1, ["amazon/AL2/x.html is not the page of an advisory"]);
    assert!(amazon::parse_page("x.html", b"", &mut Said::default()).is_err());
    let empty = b"<rss><channel></channel></rss>";
    assert!(amazon::parse_index("amazon/AL2/alas.rss", empty, &mut Said::default()).is_err());
}

#[test]
fn almalinux_errata() {
    let Some(archive) = testing::real_data("feeds/samples/vuln-list-native-samples.tar.zst") else { return };
    let sample = String::from_utf8(member(&archive, "alma/8/2021/ALSA-2021-3076.json").1).unwrap();
    let mut said = Said::default();
    // The sample is one element of upstream's list.
    almalinux::parse("almalinux/8/errata.json", format!("[{sample}, {{\"updateinfo_id\": 1}}]").as_bytes(), &mut said).unwrap();
    assert!(said.problems.len() == 1 && said.problems[0].starts_with("an erratum cannot be read: "), "{:?}", said.problems);
    assert_eq!(said.dates, [Some(Date::constant(2021, 8, 10))]);
    assert_eq!(said.advisories.len(), 2);
    let loops = said.of("CVE-2021-27918");
    assert_eq!((&loops.errata[..], loops.ratings[0].level), (&["ALSA-2021:3076".to_owned()][..], Some(Severity::Medium)));
    assert_eq!(loops.title, "Moderate: go-toolset:rhel8 security, bug fix, and enhancement update");
    assert_eq!(loops.url, "https://errata.almalinux.org/8/ALSA-2021-3076.html");
    let golang = entry(loops, "almalinux:8", "golang");
    assert_eq!(golang.ranges, below("1.15.14-1.module_el8.4.0+2519+614b07b8"));
    assert_eq!((golang.module.as_deref(), &golang.architectures[..]), (Some("go-toolset:rhel8"), &["x86_64".to_owned()][..]));
    assert_eq!(golang.fixed_at.unwrap().to_string(), "2021-08-10T12:00:58Z");
    assert!(almalinux::parse("errata.json", b"[]", &mut said).is_err());
}

#[test]
fn gitlab_advisories() {
    let Some(archive) = testing::real_data("feeds/samples/vuln-list-native-samples.tar.zst") else { return };
    let sample: serde_json::Value = serde_json::from_slice(&member(&archive, "conan/gsoap/CVE-2020-13574.json").1).unwrap();
    // The sample is JSON with other names; upstream writes all texts in quotes.
    let mut record = "---\n".to_owned();
    for (name, field) in [
        ("identifier", "Identifier"),
        ("package_slug", "PackageSlug"),
        ("title", "Title"),
        ("description", "Description"),
        ("date", "Date"),
        ("pubdate", "Pubdate"),
        ("affected_range", "AffectedRange"),
        ("fixed_versions", "FixedVersions"),
        ("not_impacted", "NotImpacted"),
        ("urls", "Urls"),
        ("cvss_v2", "CvssV2"),
        ("cvss_v3", "CvssV3"),
        ("uuid", "UUID"),
    ] {
        record += &format!("{name}: {}\n", sample[field]);
    }
    let mut said = Said::default();
    gitlab::parse("advisories-community-main/conan/gsoap/CVE-2020-13574.yml", record.as_bytes(), &mut said).unwrap();
    assert!(said.problems.is_empty(), "{:?}", said.problems);
    let [advisory] = &said.advisories[..] else { panic!("{:?}", said.advisories) };
    assert_eq!((advisory.id.as_str(), advisory.title.as_str()), ("CVE-2020-13574", "NULL Pointer Dereference"));
    assert_eq!(advisory.url, "https://nvd.nist.gov/vuln/detail/CVE-2020-13574");
    assert_eq!(said.dates, [Some(Date::constant(2021, 3, 25))]);
    assert_eq!(advisory.published.unwrap().to_string(), "2021-02-10T00:00:00Z");
    let gsoap = entry(advisory, "conan", "gsoap");
    assert_eq!(gsoap.ranges.iter().map(Range::to_string).collect::<Vec<_>>(), [">= 2.8.107, <= 2.8.107"]);
    let scores: Vec<f64> = advisory.ratings.iter().map(|rating| rating.cvss.as_ref().unwrap().score).collect();
    assert_eq!((advisory.ratings[0].source.as_str(), scores), ("gitlab", vec![7.5, 5.0]));
}

#[test]
fn gitlab_ids_and_ranges() {
    let said = |fields: &str| {
        let mut said = Said::default();
        gitlab::parse("x/npm/a/1.yml", fields.as_bytes(), &mut said).unwrap();
        said
    };
    let one = said(
        "identifier: CVE-2025-24813\nidentifiers: [GHSA-83qj-6fr2-vhqg, CVE-2025-24813]\npackage_slug: maven/org.apache.tomcat/tomcat-catalina\n\
         affected_range: '[11.0.0-M1,11.0.3),[8.5.0,8.5.100]'\ncwe_ids: [CWE-44, CWE-1035, CWE-44]\n",
    );
    let advisory = one.of("CVE-2025-24813");
    assert_eq!((&advisory.aliases[..], &advisory.errata[..]), (&["GHSA-83qj-6fr2-vhqg".to_owned()][..], &[][..]));
    assert_eq!(advisory.cwes, ["CWE-1035", "CWE-44"]);
    let ranges = &entry(advisory, "maven", "org.apache.tomcat:tomcat-catalina").ranges;
    assert_eq!(ranges.iter().map(Range::to_string).collect::<Vec<_>>(), [">= 11.0.0-M1, < 11.0.3", ">= 8.5.0, <= 8.5.100"]);
    // Several vulnerabilities are never one.
    let several =
        said("identifiers: [GMS-2021-1, CVE-2021-0002, CVE-2021-0001]\npackage_slug: npm/a\naffected_range: '<1.0.0'\n");
    assert_eq!(several.advisories.len(), 2);
    assert_eq!(
        (&several.of("CVE-2021-0002").aliases[..], &several.of("CVE-2021-0001").errata[..]),
        (&[][..], &["GMS-2021-1".to_owned()][..])
    );
    let half =
        said("identifier: CVE-2019-11250\npackage_slug: go/k8s.io/client-go\naffected_range: '<kubernetes-1.20.0||<v0.20.0'\n");
    assert_eq!((half.of("CVE-2019-11250").affected[0].ranges.len(), half.problems.len()), (1, 1));
    let other = said("identifier: CVE-2019-0001\npackage_slug: perl/x\naffected_range: '<1'\n");
    assert_eq!((other.advisories.len(), &other.problems[..]), (0, &["packages like `perl/x` are not used".to_owned()][..]));
    let mut passed = Said::default();
    gitlab::parse("x/.gitlab-ci.yml", b"stages: [a]", &mut passed).unwrap();
    assert!(passed.dates.is_empty());
    assert!(gitlab::parse("x/npm/a/1.yml", b"package_slug: npm/a\naffected_range: '<1'\n", &mut passed).is_err());
}

#[test]
fn node_js() {
    let Some(core) = said("vuln-list", "core/nodejs-security-wg/vuln/18.json", nodejs::parse) else { return };
    let splitting = core.of("CVE-2016-5325");
    assert_eq!(splitting.title, "HTTP processing security defect (CVE-2016-5325)");
    assert_eq!(splitting.url, "https://github.com/nodejs/node-private/pull/60");
    let rating = &splitting.ratings[0];
    assert_eq!((rating.source.as_str(), rating.level), ("nodejs", Some(Severity::Medium)));
    let cvss = rating.cvss.as_ref().unwrap();
    assert_eq!((cvss.vector.as_str(), cvss.score), ("CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", 4.8));
    // `6.x || 4.x || 5.x`, patched in `^6.7.0 || ^4.6.0`
    let node = entry(splitting, "bitnami", "node");
    let affects = |version| node.ranges.iter().any(|range| contains(Scheme::Semver, range, version).unwrap());
    for (version, expected) in [
        ("3.9.9", false),
        ("4.0.0", true),
        ("4.5.9", true),
        ("4.6.0", false),
        ("4.9.0", false),
        ("5.0.0", true),
        ("5.12.0", true),
        ("6.6.0", true),
        ("6.7.0", false),
        ("7.0.0", false),
    ] {
        assert_eq!(affects(version), expected, "{version}");
    }

    let Some(bassmaster) = said("vuln-list", "npm_cvssnumberandstring.json", nodejs::parse) else { return };
    let advisory = bassmaster.of("CVE-2014-7205");
    assert_eq!(entry(advisory, "npm", "bassmaster").ranges[0].to_string(), "<= 1.5.1");
    assert_eq!(advisory.published.unwrap().to_string(), "2014-09-27T00:00:00Z");
    assert_eq!((advisory.ratings[0].level, advisory.title.as_str()), (Some(Severity::High), "Arbitrary JavaScript Execution"));
    assert_eq!(advisory.ratings[0].cvss.as_ref().unwrap().score.to_string(), "6.5");
    let Some(number) = said("vuln-list", "npm_cvssnumberonly.json", nodejs::parse) else { return };
    assert_eq!(number.of("CVE-2014-7205").ratings[0].level, None);
    let Some(nameless) = said("vuln-list", "npm_nullcvssscore.json", nodejs::parse) else { return };
    assert_eq!(entry(nameless.of("NSWG-ECO-npm_nullcvssscore"), "npm", "hubl-server").ranges.len(), 1);
}

#[test]
fn node_js_lines() {
    let core = |name: &str, record: &str| {
        let mut said = Said::default();
        nodejs::parse(name, record.as_bytes(), &mut said).unwrap();
        said
    };
    let record = r#"{"cve": ["CVE-2020-8277"], "vulnerable": " 12.x || 15.x", "patched": " ^12.19.1 || 15.2.1", "severity": "high",
        "ref": "https://nodejs.org/en/blog/vulnerability/november-2020-security-releases/", "affectedEnvironments": ["ENV"]}"#;
    let linux = core("security-wg-main/vuln/core/69.json", &record.replace("ENV", "linux"));
    let ranges: Vec<String> = linux.of("CVE-2020-8277").affected[0].ranges.iter().map(Range::to_string).collect();
    assert_eq!(ranges, [">= 12.0.0-0, < 12.19.1", ">= 15.0.0-0, < 15.2.1"]);
    assert_eq!(linux.dates, [Some(Date::constant(2020, 11, 1))]);
    assert!(core("security-wg-main/vuln/core/69.json", &record.replace("ENV", "win")).advisories.is_empty());
    for name in ["security-wg-main/vuln/core/index.json", "security-wg-main/package.json", "x/__mocks__/mockVuln/core/1.json"] {
        assert!(core(name, &record.replace("ENV", "all")).dates.is_empty(), "{name}");
    }
    for bad in
        [r#"{"vulnerable": ""}"#, r#"{"vulnerable": "all"}"#, r#"{"vulnerable": 1}"#, r#"{"vulnerable": "1.x", "patched": "?"}"#]
    {
        assert!(nodejs::parse("vuln/core/1.json", bad.as_bytes(), &mut Said::default()).is_err(), "{bad}");
    }
}

/// No parser panics on cut, doubled or foreign documents.
#[test]
fn hostile_documents_are_errors_or_problems() {
    let parsers: [(&str, Parser); 15] = [
        ("almalinux", almalinux::parse),
        ("amazon", amazon::parse_index),
        ("arch", arch::parse),
        ("csaf", csaf::parse),
        ("cvrf", cvrf::parse),
        ("debian_tracker", debian_tracker::parse),
        ("fedora", fedora::parse),
        ("gitlab", gitlab::parse),
        ("hydra", hydra::parse),
        ("nodejs", nodejs::parse),
        ("nvd", nvd::parse),
        ("openvex", openvex::parse),
        ("osv", osv::parse),
        ("oval", oval::parse),
        ("updateinfo", updateinfo::parse),
    ];
    let deep_json = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_xml = format!("{}{}", "<definition>".repeat(100_000), "</definition>".repeat(100_000));
    for (name, parse) in parsers {
        let place = if name == "almalinux" { "almalinux/8/errata.json" } else { "vuln/updateinfo/a-1/x" };
        for document in ["", "{", "[]", "null", "\u{0}\u{fffd}", "<a", &deep_json, &deep_xml] {
            let _ = parse(place, document.as_bytes(), &mut Said::default());
        }
        assert!(parse(place, b"{", &mut Said::default()).is_err(), "{name}");
    }
    // Pages and records that are read one by one are problems, and none of them is the end of its feed.
    let records: [(&str, &str, Parser); 2] = [
        ("amazon", "amazon/AL2/ALAS-2018-939.html", amazon::parse_page),
        ("ubuntu_tracker", "ubuntu/active/CVE-2024-0001", ubuntu_tracker::parse),
    ];
    for (name, place, parse) in records {
        for document in
            ["", "{", "[]", "null", "\u{0}\u{fffd}", "<a", "<h1", "<h1>ALAS-1</h1><div id='new_packages'>", &deep_json, &deep_xml]
        {
            let mut said = Said::default();
            assert!(parse(place, document.as_bytes(), &mut said).is_ok() && !said.problems.is_empty(), "{name}");
        }
    }
}
