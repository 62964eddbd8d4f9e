//! Whatever the bytes, every feed parser comes back, soon and without a panic.

use std::time::{Duration, Instant};

use advisory::feed::{FEEDS, Sink};
use model::advisory::{Advisory, CveFacts};
use model::vex::VexStatement;
use testing::mutate;

/// Counts what it is told.
#[derive(Default)]
struct Count(usize);

impl Sink for Count {
    fn advisory(&mut self, _advisory: Advisory) {
        self.0 += 1;
    }
    fn facts(&mut self, _facts: CveFacts) {
        self.0 += 1;
    }
    fn problem(&mut self, problem: String) {
        assert!(!problem.is_empty());
    }
    fn vex(&mut self, _statement: VexStatement) {
        self.0 += 1;
    }
    fn names(&mut self, _document: &str) {
        self.0 += 1;
    }
}

/// A well-formed document: the beginning of the feed's name, the document's name and its bytes.
const SEEDS: &[(&str, &str, &str)] = &[
    (
        "osv-*",
        "GHSA-aaaa-bbbb-cccc.json",
        r#"{"id":"GHSA-aaaa-bbbb-cccc","modified":"2024-01-02T00:00:00Z","published":"2024-01-01T00:00:00Z","aliases":["CVE-2024-0001"],"summary":"s","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2.3"},{"introduced":"2.0.0"},{"last_affected":"2.1.0"}]}],"versions":["1.0.0"]}]}"#,
    ),
    (
        "osv-*",
        "GO-2024-0001.json",
        r#"{"id":"GO-2024-0001","modified":"2024-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"a.b/c"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.2.3"}]}],"ecosystem_specific":{"imports":[{"path":"a.b/c/d","symbols":["F"]}]}}]}"#,
    ),
    (
        "osv-*",
        "MAL-2024-1.json",
        r#"{"id":"MAL-2024-1","modified":"2024-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"a"},"versions":["1.0"]}]}"#,
    ),
    (
        "debian-dsa",
        "list",
        "[29 Mar 2023] DSA-5380-1 xorg-server - security update\n\t{CVE-2023-1393}\n\t[bullseye] - xorg-server 2:1.20.11-1+deb11u6\n\tNOTE: x\n",
    ),
    (
        "debian",
        "tracker.json",
        r#"{"curl":{"CVE-2024-0001":{"description":"d","scope":"remote","releases":{"bookworm":{"status":"open","repositories":{"bookworm":"7.88.1-10"},"urgency":"low","nodsa":"Minor issue"},"trixie":{"status":"resolved","repositories":{"trixie":"8.1-1"},"fixed_version":"8.0-1","urgency":"low"}}}}}"#,
    ),
    (
        "alpine-secdb",
        "v3.20/main.json",
        r#"{"distroversion":"v3.20","reponame":"main","archs":["x86_64"],"packages":[{"pkg":{"name":"curl","secfixes":{"8.5.0-r0":["CVE-2024-0001"],"0":["CVE-2024-0002"]}}}]}"#,
    ),
    (
        "alpine-secdb",
        "main-3.20.yaml",
        "distroversion: v3.20\nreponame: main\npackages:\n  - pkg:\n      name: curl\n      secfixes:\n        8.5.0-r0:\n          - CVE-2024-0001\n",
    ),
    (
        "arch",
        "all.json",
        r#"[{"name":"AVG-1","packages":["curl"],"status":"Fixed","severity":"High","type":"x","affected":"8.0-1","fixed":"8.1-1","ticket":null,"issues":["CVE-2024-0001"],"advisories":["ASA-202401-1"]}]"#,
    ),
    (
        "kev",
        "known_exploited_vulnerabilities.json",
        r#"{"title":"t","catalogVersion":"2024.01.01","dateReleased":"2024-01-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2024-0001","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2024-01-01","shortDescription":"d","knownRansomwareCampaignUse":"Known","cwes":["CWE-79"]}]}"#,
    ),
    (
        "epss",
        "epss_scores-current.csv",
        "#model_version:v2023.03.01,score_date:2024-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2024-0001,0.00043,0.1\n",
    ),
    (
        "azurelinux-oval",
        "azurelinux-3.0-oval.xml",
        r#"<oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5" xmlns:l="http://oval.mitre.org/XMLSchema/oval-definitions-5#linux"><definitions><definition class="vulnerability" id="oval:com.microsoft.azurelinux:def:1" version="1"><metadata><title>CVE-2024-0001 affecting package curl</title><affected family="unix"><platform>Azure Linux</platform></affected><reference ref_id="CVE-2024-0001" ref_url="https://nvd.nist.gov/vuln/detail/CVE-2024-0001" source="CVE"/><patchable>true</patchable><advisory_id>1-1</advisory_id><severity>High</severity><description>d</description></metadata><criteria operator="AND"><criterion comment="c" test_ref="oval:com.microsoft.azurelinux:tst:1"/></criteria></definition></definitions><tests><l:rpminfo_test check="at least one" comment="c" id="oval:com.microsoft.azurelinux:tst:1" version="1"><l:object object_ref="oval:com.microsoft.azurelinux:obj:1"/><l:state state_ref="oval:com.microsoft.azurelinux:ste:1"/></l:rpminfo_test></tests><objects><l:rpminfo_object id="oval:com.microsoft.azurelinux:obj:1" version="1"><l:name>curl</l:name></l:rpminfo_object></objects><states><l:rpminfo_state id="oval:com.microsoft.azurelinux:ste:1" version="1"><l:evr datatype="evr_string" operation="less than">0:8.5.0-1.azl3</l:evr></l:rpminfo_state></states></oval_definitions>"#,
    ),
    (
        "updateinfo-*",
        "updateinfo/almalinux-9/updateinfo.xml",
        r#"<updates><update from="a" status="final" type="security" version="1"><id>ALSA-2024:1</id><title>t</title><severity>Important</severity><issued date="2024-01-01 00:00:00"/><references><reference href="h" id="CVE-2024-0001" title="x" type="cve"/></references><pkglist><collection short="s"><name>n</name><module name="m" stream="1" version="2" context="c" arch="x86_64"/><package name="curl" version="7.76.1" release="29.el9" epoch="0" arch="x86_64" src="curl-7.76.1-29.el9.src.rpm"><filename>f</filename></package></collection></pkglist></update></updates>"#,
    ),
    (
        "ruby-advisory-db",
        "gems/rack/CVE-2024-0001.yml",
        "---\ngem: rack\ncve: 2024-0001\nghsa: aaaa-bbbb-cccc\nurl: https://example.org\ntitle: t\ndate: 2024-01-01\ncvss_v3: 7.5\nunaffected_versions:\n  - \"< 1.0\"\npatched_versions:\n  - \"~> 2.2.6, >= 2.2.6.2\"\n  - \">= 3.0.4\"\n",
    ),
    (
        "php-security-advisories",
        "a/b/CVE-2024-0001.yaml",
        "title: t\nlink: https://example.org\ncve: CVE-2024-0001\nbranches:\n    1.x:\n        time: 2024-01-01 00:00:00\n        versions: ['>=1.0.0', '<1.2.3']\nreference: composer://a/b\n",
    ),
    (
        "nvd",
        "nvdcve-2.0-2024.json",
        r#"{"vulnerabilities":[{"cve":{"id":"CVE-2024-0001","published":"2024-01-01T00:00:00.000","lastModified":"2024-01-02T00:00:00.000","vulnStatus":"Analyzed","descriptions":[{"lang":"en","value":"d"}],"metrics":{"cvssMetricV31":[{"source":"nvd@nist.gov","type":"Primary","cvssData":{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8}}]},"weaknesses":[{"source":"x","type":"Primary","description":[{"lang":"en","value":"CWE-79"}]}]}}]}"#,
    ),
    (
        "vex",
        "a.json",
        r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"a","timestamp":"2024-01-01T00:00:00Z","version":1,"statements":[{"vulnerability":{"name":"CVE-2024-0001"},"products":[{"@id":"pkg:oci/a","subcomponents":[{"@id":"pkg:deb/debian/curl"}]}],"status":"not_affected","justification":"component_not_present"}]}"#,
    ),
    (
        "redhat-csaf",
        "cve-2024-0001.json",
        r#"{"document":{"category":"csaf_vex","publisher":{"name":"Red Hat Product Security","namespace":"https://www.redhat.com"},"title":"t","tracking":{"id":"CVE-2024-0001","initial_release_date":"2024-01-01T00:00:00Z","current_release_date":"2024-01-02T00:00:00Z"}},"product_tree":{"branches":[{"category":"vendor","name":"Red Hat","branches":[{"category":"product_name","name":"Red Hat Enterprise Linux BaseOS (v. 9)","product":{"product_id":"BaseOS-9.4","name":"n","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:9::baseos"}}},{"category":"product_version","name":"curl-0:7.76.1-29.el9.x86_64","product":{"product_id":"curl-0:7.76.1-29.el9.x86_64","name":"n","product_identification_helper":{"purl":"pkg:rpm/redhat/curl@7.76.1-29.el9?arch=x86_64"}}}]}],"relationships":[{"category":"default_component_of","full_product_name":{"name":"n","product_id":"BaseOS-9.4:curl-0:7.76.1-29.el9.x86_64"},"product_reference":"curl-0:7.76.1-29.el9.x86_64","relates_to_product_reference":"BaseOS-9.4"}]},"vulnerabilities":[{"cve":"CVE-2024-0001","product_status":{"fixed":["BaseOS-9.4:curl-0:7.76.1-29.el9.x86_64"]},"remediations":[{"category":"vendor_fix","product_ids":["BaseOS-9.4:curl-0:7.76.1-29.el9.x86_64"],"url":"https://access.redhat.com/errata/RHSA-2024:1"}]}]}"#,
    ),
    (
        "amazon",
        "amazon/AL2/alas.rss",
        "<rss><channel><item><title>ALAS-2018-939 (critical): kernel</title><pubDate>Thu, 11 Jan 2018 21:05:00 GMT</pubDate><link>https://alas.aws.amazon.com/AL2/ALAS-2018-939.html</link></item></channel></rss>",
    ),
    (
        "amazon",
        "amazon/AL2/ALAS-2018-939.html",
        "<h1 id=''>ALAS-2018-939</h1><b>Advisory Release Date:</b> 2018-01-11 21:05 Pacific</span><br /><div id='severity'>Critical<br /></div><div id='references'><a>CVE-2017-5715&nbsp;</a></div><div id='new_packages'><pre>x86_64:<br />&nbsp;&nbsp; perf-4.9.76-38.79.amzn2.x86_64<br /></pre></div>",
    ),
    (
        "suse-cvrf",
        "cvrf-suse-su-2024-1-1.xml",
        r#"<cvrfdoc><DocumentTitle>t</DocumentTitle><DocumentTracking><Identification><ID>SUSE-SU-2024:1-1</ID></Identification><InitialReleaseDate>2024-01-01T00:00:00Z</InitialReleaseDate></DocumentTracking><ProductTree><Relationship ProductReference="a-1-1" RelatesToProductReference="openSUSE Leap 15.5"><FullProductName ProductID="openSUSE Leap 15.5:a-1-1"/></Relationship></ProductTree><Vulnerability><CVE>CVE-2024-0001</CVE><ProductStatuses><Status Type="Fixed"><ProductID>openSUSE Leap 15.5:a-1-1</ProductID></Status></ProductStatuses><Threats><Threat Type="Impact"><Description>low</Description></Threat></Threats></Vulnerability></cvrfdoc>"#,
    ),
    (
        "ubuntu-cve-tracker",
        "ubuntu/active/CVE-2024-0001",
        "Candidate: CVE-2024-0001\nPublicDate: 2024-01-01 00:00:00 UTC\nDescription:\n It breaks.\nPriority: low\nCVSS:\n nvd: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H [9.8 CRITICAL]\nPatches_curl:\njammy_curl: released (7.81.0-1ubuntu1.15)\nesm-infra/xenial_curl: needed\n",
    ),
    (
        "gitlab-advisories",
        "conan/a/CVE-2024-0001.yml",
        "---\nidentifier: \"CVE-2024-0001\"\npackage_slug: \"conan/a\"\ntitle: \"t\"\ndate: \"2024-01-01\"\naffected_range: \">=1.0.0 <1.2.3||=2.0.0\"\n",
    ),
    (
        "nodejs-security-wg",
        "vuln/core/1.json",
        r#"{"cve":["CVE-2024-0001"],"vulnerable":"18.x || 20.x","patched":"^18.20.1 || 20.12.1","ref":"https://nodejs.org/en/blog/vulnerability/april-2024-security-releases/","severity":"high"}"#,
    ),
];

/// Parsers whose own kind of document is known well enough to be damaged in depth say something of it.
#[test]
fn seeds_are_read() {
    let unread = SEEDS.iter().filter(|(name, document, seed)| {
        !FEEDS.iter().filter(|feed| feed.name == *name).any(|feed| {
            let mut count = Count::default();
            (feed.parse)(document, seed.as_bytes(), &mut count).is_ok() && count.0 > 0
        })
    });
    assert_eq!(unread.map(|(name, document, _)| format!("{name}: {document}")).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn damaged_documents() {
    let start = Instant::now();
    for (name, document, seed) in SEEDS {
        for feed in FEEDS.iter().filter(|feed| feed.name == *name) {
            mutate::each(&[seed.as_bytes()], 2000, |bytes| {
                let _ = (feed.parse)(document, bytes, &mut Count::default());
            });
        }
    }
    assert!(start.elapsed() < Duration::from_secs(300), "{:?}", start.elapsed());
}

/// A feed's address may one day give another feed's documents, damaged or not.
#[test]
fn strange_documents() {
    let seeds: Vec<&[u8]> = SEEDS.iter().map(|(_, _, seed)| seed.as_bytes()).collect();
    for feed in FEEDS {
        mutate::each(&seeds, 20, |bytes| {
            let _ = (feed.parse)("strange", bytes, &mut Count::default());
        });
    }
}
