//! Reports made by hand.

use jiff::Timestamp;
use model::advisory::{Epss, Kev};
use model::coverage::{Coverage, Level};
use model::digest::Digest;
use model::distro::Distro;
use model::finding::{Evidence, Exploited, Finding, FindingKind, FindingStatus, Owner};
use model::image::{ImageInfo, LayerInfo};
use model::misconfiguration::Misconfiguration;
use model::package::{Location, Package, PackageType, SourcePackage};
use model::platform::Platform;
use model::report::{DatabaseInfo, Decision, FeedInfo, Outcome, Reason, Report};
use model::secret::{Secret, SecretLocation};
use model::severity::{Cvss, Severity};
use model::suppression::{Suppression, SuppressionKind};

pub(crate) fn digest(byte: &str) -> Option<Digest> {
    format!("sha256:{}", byte.repeat(32)).parse().ok()
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("the time of a test")
}

pub(crate) fn package(kind: PackageType, name: &str, version: &str, path: &str) -> Package {
    let mut package = Package::new(kind, name, version, "test");
    package.locations.push(Location { path: path.to_owned(), layer: digest("a1") });
    package
}

fn debian() -> Distro {
    Distro {
        id: "debian".into(),
        version_id: "12".into(),
        codename: Some("bookworm".into()),
        pretty_name: "Debian GNU/Linux 12 (bookworm)".into(),
        ..Distro::default()
    }
}

/// Lists the packages under their purls, as a scan does.
pub(crate) fn listed(packages: Vec<Package>, distro: Option<&Distro>) -> Vec<(String, Package)> {
    let mut listed: Vec<_> = packages.into_iter().map(|package| (model::purl::of(&package, distro), package)).collect();
    listed.sort_by(|left, right| left.0.cmp(&right.0));
    listed
}

pub(crate) fn finding(report: &Report, package: &str, id: &str, severity: Severity, fixed: &[&str], title: &str) -> Finding {
    let (purl, package) = report.packages.iter().find(|(_, listed)| listed.name == package).expect("a package of the sample");
    Finding {
        id: id.to_owned(),
        aliases: Vec::new(),
        kind: FindingKind::Vulnerability,
        title: title.to_owned(),
        url: format!("https://www.cve.org/CVERecord?id={id}"),
        published: Some(time("2023-02-03T04:05:06Z")),
        purl: purl.clone(),
        package: package.name.clone(),
        package_type: package.kind,
        version: package.version.clone(),
        status: if fixed.is_empty() { FindingStatus::Affected } else { FindingStatus::Fixed },
        fixed_in: fixed.iter().map(|&version| version.to_owned()).collect(),
        fix_available_since: None,
        severity,
        severity_source: if severity == Severity::Unknown { String::new() } else { "debian".into() },
        cvss: Vec::new(),
        cwes: Vec::new(),
        exploited: Some(Exploited::default()),
        epss: None,
        ssvc: None,
        in_use: None,
        risk: None,
        why: Vec::new(),
        owner: Owner::Unknown,
        suppressed: None,
        claimed: None,
        evidence: package
            .locations
            .iter()
            .map(|location| Evidence {
                path: location.path.clone(),
                layer: location.layer,
                extractor: package.extractor.clone(),
                range: format!("{} < {}", package.name, fixed.first().unwrap_or(&"∞")),
            })
            .collect(),
        sources: vec!["debian-dsa".into()],
    }
}

fn coverage(
    kind: &str,
    release: Option<&str>,
    feed: Option<&str>,
    level: Level,
    numbers: [usize; 3],
    reasons: &[&str],
) -> Coverage {
    Coverage {
        kind: kind.into(),
        release: release.map(str::to_owned),
        feed: feed.map(str::to_owned),
        as_of: feed.map(|_| "2023-04-02".into()),
        level,
        judged: numbers[0],
        unjudged: numbers[1],
        undetermined: numbers[2],
        reasons: reasons.iter().map(|&reason| reason.to_owned()).collect(),
    }
}

/// A Debian image without any package.
pub(crate) fn empty() -> Report {
    Report {
        tool_version: "0.1.0".into(),
        created: time("2024-05-06T07:08:09Z"),
        image: ImageInfo {
            reference: "registry.example.org/team/shop:1.2".into(),
            source: "registry".into(),
            digest: digest("0d"),
            config_digest: digest("0c"),
            platform: Some(Platform::new("linux", "amd64", None)),
            created: Some(time("2024-01-01T00:00:00Z")),
            user: Some("app".into()),
            labels: [("maintainer".to_owned(), "<b>me</b>".to_owned())].into(),
            layers: vec![LayerInfo {
                diff_id: digest("a1"),
                digest: digest("b1"),
                size: 4711,
                created_by: Some("COPY . /".into()),
            }],
            ..ImageInfo::default()
        },
        distro: Some(debian()),
        distro_eol: Some("2028-06-30".into()),
        database: DatabaseInfo {
            kind: "full".into(),
            built: Some(time("2023-04-02T00:00:00Z")),
            sha256: digest("db"),
            feeds: vec![FeedInfo { name: "debian-dsa".into(), as_of: "2023-04-02".into(), records: 5 }],
        },
        coverage: Vec::new(),
        packages: Vec::new(),
        findings: Some(Vec::new()),
        misconfigurations: None,
        pod_security: Vec::new(),
        licenses: None,
        notices: None,
        secrets: None,
        hidden_by_filters: 0,
        unread: Vec::new(),
        warnings: Vec::new(),
        decision: None,
    }
}

fn misconfiguration(id: &str, severity: Severity, line: usize, about: &str) -> Misconfiguration {
    Misconfiguration {
        id: id.into(),
        aliases: vec!["DL3008".into()],
        severity,
        target: "build/Dockerfile dev".into(),
        line: Some(line),
        instruction: Some("RUN apt-get install curl".into()),
        title: "apt-get installs a package without its version".into(),
        about: about.into(),
        object: String::new(),
        why: "The same Dockerfile gives another image tomorrow.".into(),
        fix: "Pin it, as in `apt-get install curl=7.88.*`.".into(),
        link: "https://docs.example.com/#pinning".into(),
    }
}

/// What `check` says of files: misconfigurations of each severity, two alike, one that drives terminals and pages, one file unread.
pub(crate) fn files() -> Report {
    let mut places: Vec<Misconfiguration> =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Negligible]
            .into_iter()
            .enumerate()
            .map(|(number, severity)| misconfiguration(&format!("PLM-D90{number}"), severity, number + 2, ""))
            .collect();
    places.push(misconfiguration("PLM-D900", Severity::Critical, 20, ""));
    places.push(misconfiguration("PLM-D905", Severity::Low, 21, "<b>\u{1b}[31m|x`\n::error::"));
    places[3].line = None;
    places[3].instruction = None;
    Report {
        image: ImageInfo { reference: ".".into(), source: "source".into(), ..ImageInfo::default() },
        distro: None,
        distro_eol: None,
        findings: None,
        misconfigurations: Some(places),
        unread: vec!["x/Dockerfile is no text in UTF-8".into()],
        warnings: vec!["x/Dockerfile is no text in UTF-8".into()],
        ..empty()
    }
}

/// What a scan says that looked at both.
pub(crate) fn both() -> Report {
    Report { misconfigurations: files().misconfigurations, ..full() }
}

/// Secrets: one in a file that a later layer deletes, one of the settings, one set aside, one that drives terminals and pages.
pub(crate) fn secrets() -> Report {
    let place = |path: &str, line: Option<u64>| SecretLocation { path: path.into(), layer: digest("a1"), line, deleted_in: None };
    let secret = |rule: &str, title: &str, severity, locations: Vec<SecretLocation>, redacted: &str| Secret {
        rule: rule.into(),
        title: title.into(),
        severity,
        locations,
        redacted: redacted.into(),
        suppressed: None,
    };
    let deleted = SecretLocation { deleted_in: digest("b2"), ..place("root/.netrc", Some(3)) };
    let mut aside =
        secret("password", "A password", Severity::Medium, vec![place("srv/test/pg.env", Some(9))], "**** (18 characters)");
    aside.suppressed = Some("a comment beside it says so".into());
    let variable = SecretLocation { layer: None, ..place("config:ENV GITHUB_TOKEN", None) };
    let hostile = vec![place("srv/a.jar!<b>\u{1b}[31m|x`\n::error::", Some(1))];
    Report {
        secrets: Some(vec![
            secret("github-pat", "A GitHub token", Severity::Critical, vec![variable, deleted], "ghp_**** (40 characters)"),
            secret("private-key", "A private key", Severity::High, hostile, "**** (1704 characters)"),
            aside,
        ]),
        ..full()
    }
}

/// Packages of several ecosystems and nothing judged.
pub(crate) fn inventory() -> Report {
    let dpkg = "/var/lib/dpkg/status";
    let openssl = Some(SourcePackage { name: "openssl".into(), version: "3.0.11-1~deb12u1".into() });
    let mut libssl = package(PackageType::Deb, "libssl3", "3.0.11-1~deb12u1", dpkg);
    libssl.architecture = Some("amd64".into());
    libssl.source.clone_from(&openssl);
    libssl.vendor = Some("Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>".into());
    libssl.licenses = vec!["Apache-2.0".into()];
    let mut tool = package(PackageType::Deb, "openssl", "3.0.11-1~deb12u1", dpkg);
    tool.architecture = Some("amd64".into());
    tool.source = openssl;
    tool.licenses = vec!["Apache-2.0".into(), "Artistic or GPL-1+".into()];
    let mut zlib = package(PackageType::Deb, "zlib1g", "1:1.2.13.dfsg-1", dpkg);
    zlib.architecture = Some("amd64".into());
    zlib.licenses = vec!["Zlib".into()];
    let mut requests =
        package(PackageType::Pypi, "requests", "2.20.0", "/usr/lib/python3/dist-packages/requests-2.20.0.dist-info/METADATA");
    requests.licenses = vec!["MIT OR Apache-2.0".into()];
    requests.locations.push(Location { path: "/opt/venv/requests-2.20.0.dist-info/METADATA".into(), layer: digest("a2") });
    let packages = vec![
        libssl,
        tool,
        zlib,
        requests,
        package(
            PackageType::Maven,
            "org.apache.logging.log4j:log4j-core",
            "2.14.1",
            "/app/shop.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar",
        ),
        package(PackageType::Maven, "org.yaml:snakeyaml", "1.29", "/app/shop.jar!/BOOT-INF/lib/snakeyaml-1.29.jar"),
        package(PackageType::Npm, "@evil/left-pad", "6.6.6", "/app/node_modules/@evil/left-pad/package.json"),
        package(PackageType::Bitnami, "nginx", "1.25.0", "/opt/nginx/sbin/nginx"),
        package(PackageType::Generic, "busybox", "", "/bin/busybox"),
    ];
    let mut report = empty();
    report.packages = listed(packages, report.distro.as_ref());
    report.findings = None;
    report.database = DatabaseInfo { kind: "none".into(), ..DatabaseInfo::default() };
    report
}

/// A bit of everything.
pub(crate) fn full() -> Report {
    let mut report = inventory();
    report.database = empty().database;
    report.coverage = vec![
        coverage("deb", Some("debian:12"), Some("debian-dsa"), Level::FixedOnly, [3, 0, 0], &[]),
        coverage("generic", None, None, Level::None, [0, 1, 0], &["busybox: known by its name alone"]),
        coverage("maven", None, Some("osv-maven"), Level::Full, [2, 0, 0], &[]),
        coverage("npm", None, Some("osv-malicious+osv-npm"), Level::Full, [1, 0, 0], &[]),
        coverage("pypi", None, Some("osv-pypi"), Level::Full, [0, 0, 1], &["osv-pypi is of 2023-04-02, more than 7 days old"]),
    ];
    let fixed = "3.0.14-1~deb12u1";
    let mut log4shell = finding(
        &report,
        "org.apache.logging.log4j:log4j-core",
        "CVE-2021-44228",
        Severity::Critical,
        &["2.15.0"],
        "Remote code execution in Log4j through lookups in logged text",
    );
    log4shell.aliases = vec!["GHSA-jfh8-c2jp-5v3q".into()];
    log4shell.cwes = vec!["CWE-20".into(), "CWE-502".into()];
    log4shell.cvss = vec![Cvss {
        version: "3.1".into(),
        vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H".into(),
        score: 10.0,
        source: "nvd".into(),
    }];
    log4shell.exploited = Some(Exploited {
        kev: Some(Kev { date_added: "2021-12-10".into(), ransomware: true }),
        exploit_code: Some("metasploit".into()),
    });
    log4shell.epss = Some(Epss { score: 0.975, percentile: 0.9999, date: "2023-04-02".into() });
    log4shell.risk = Some(99.0);
    log4shell.why = vec!["known exploited".into(), "weaponised exploit code".into()];
    let mut malicious = finding(&report, "@evil/left-pad", "MAL-2024-1", Severity::Unknown, &[], "Steals tokens at installation");
    malicious.kind = FindingKind::Malicious;
    let mut suppressed = finding(&report, "zlib1g", "CVE-2023-45853", Severity::High, &[], "Overflow in MiniZip");
    suppressed.suppressed = Some(Suppression {
        kind: SuppressionKind::Exception,
        source: ".plimsoll.yaml".into(),
        line: Some(2),
        id: String::new(),
        author: "me".into(),
        reason: "MiniZip is not built here".into(),
        status: None,
        justification: "vulnerable_code_not_present".into(),
        expires: Some(jiff::civil::date(2025, 1, 1)),
    });
    let mut refused = finding(&report, "zlib1g", "CVE-2022-0001", Severity::Negligible, &[], "");
    refused.status = FindingStatus::WontFix;
    report.findings = Some(vec![
        log4shell,
        malicious,
        finding(
            &report,
            "libssl3",
            "CVE-2023-5363",
            Severity::High,
            &["3.0.11-1~deb12u2"],
            "Incorrect cipher key & IV length processing",
        ),
        finding(
            &report,
            "openssl",
            "CVE-2023-5363",
            Severity::High,
            &["3.0.11-1~deb12u2"],
            "Incorrect cipher key & IV length processing",
        ),
        suppressed,
        finding(
            &report,
            "libssl3",
            "CVE-2024-0727",
            Severity::Medium,
            &[fixed],
            "Processing a maliciously formatted PKCS12 file may lead OpenSSL to crash, which is a denial of service",
        ),
        finding(
            &report,
            "requests",
            "GHSA-x84v-xcm2-53pg",
            Severity::Medium,
            &["2.20.1", "2.31.0"],
            "Credentials are sent on after a redirect",
        ),
        finding(&report, "org.yaml:snakeyaml", "CVE-2022-1471", Severity::Low, &["2.0"], "Constructor deserialises anything"),
        finding(&report, "nginx", "CVE-2023-9999", Severity::Unknown, &[], "Something nobody rated"),
        refused,
    ]);
    report.hidden_by_filters = 4;
    report.warnings = vec!["layer 3 was not read: it is encrypted".into()];
    report.decision = Some(Decision {
        outcome: Outcome::Deny,
        policy: "--fail-on high".into(),
        reasons: vec![Reason {
            rule: "high".into(),
            message: "CVE-2021-44228 in org.apache.logging.log4j:log4j-core is critical".into(),
            subject: "CVE-2021-44228".into(),
            outcome: Outcome::Deny,
            link: None,
        }],
        inputs: None,
    });
    report
}

/// An ended release, the embedded database, and nothing that could be told.
pub(crate) fn undetermined() -> Report {
    let mut report = empty();
    report.distro = Some(Distro { version_id: "9".into(), pretty_name: "Debian GNU/Linux 9 (stretch)".into(), ..debian() });
    report.distro_eol = Some("2022-06-30".into());
    report.database.kind = "embedded".into();
    report.packages = listed(vec![package(PackageType::Deb, "bash", "4.4-5", "/var/lib/dpkg/status")], report.distro.as_ref());
    report.coverage = vec![coverage(
        "deb",
        Some("debian:9"),
        Some("debian-dsa"),
        Level::Partial,
        [0, 0, 1],
        &["debian-dsa is of 2023-04-02, more than 7 days old", "debian:9 gets no more fixes since 2022-06-30"],
    )];
    report
}

/// Names that would break out of every format that does not escape.
pub(crate) fn hostile() -> Report {
    let names = [
        "<script>alert(1)</script>".to_owned(),
        "\u{1b}[2J\u{1b}]0;owned\u{7}".to_owned(),
        "𝕏-\u{202e}txt.exe".to_owned(),
        "日本語パッケージ".to_owned(),
        "\"';--|`$(x)`".to_owned(),
        "n".repeat(300),
        "line\nbreak".to_owned(),
    ];
    let mut report = empty();
    let packages = names.iter().map(|name| {
        let mut package = package(PackageType::Npm, name, "1.0.0\u{1b}[31m", &format!("/app/{name}/package.json"));
        package.licenses = vec![name.clone()];
        package.vendor = Some(format!("{name} <a@b>"));
        package
    });
    report.packages = listed(packages.collect(), None);
    let findings = names.iter().map(|name| {
        let mut finding = finding(&report, name, "CVE-2024-0001", Severity::High, &["<img src=x>"], &format!("title of {name}"));
        finding.url = "javascript:alert(1)".into();
        finding
    });
    report.findings = Some(findings.collect());
    report.coverage = vec![coverage("npm", None, Some("<b>feed"), Level::Full, [7, 0, 0], &["</table>\u{1b}[0m"])];
    report.warnings = vec!["<script>warn</script>\u{1b}[31m".into()];
    report.image.reference = "<i>image</i>\u{1b}[1m".into();
    report
}
