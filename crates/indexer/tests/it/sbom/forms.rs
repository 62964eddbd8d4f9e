//! One document in several forms: SPDX as tags and values says what it says as JSON, and CycloneDX XML likewise.

use std::path::Path;
use std::process::Command;

use indexer::sbom::{SbomContent, SbomError, parse};
use model::package::{Package, PackageType};
use proptest::prelude::*;
use serde_json::json;

use super::{LAYER, full, inventory, json_text, peer, syft, trivy};

/// A document as JSON and as tags and values.
fn spdx() -> (String, String) {
    let ours = format!("plimsoll:package={}", json_text(&full()));
    let about = format!("plimsoll:inventory={}", json_text(&inventory()));
    let file = format!("layerID: {LAYER}");
    let json = json!({
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT",
        "annotations": [{"comment": about}],
        "packages": [
            {"SPDXID": "SPDXRef-os", "name": "debian", "versionInfo": "12", "primaryPackagePurpose": "OPERATING-SYSTEM"},
            {"SPDXID": "SPDXRef-app", "name": "app/package-lock.json", "primaryPackagePurpose": "APPLICATION"},
            {"SPDXID": "SPDXRef-qs", "name": "qs", "versionInfo": "6.5.0", "licenseConcluded": "MIT",
             "licenseDeclared": "NOASSERTION", "originator": "Person: A (a@b)",
             "externalRefs": [{"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:qs"},
                              {"referenceType": "purl", "referenceLocator": "pkg:npm/qs@6.5.0"}],
             "attributionTexts": ["PkgType: npm", "two\r\nlines: 1"]},
            {"SPDXID": "SPDXRef-ssl", "name": "libssl3", "versionInfo": "3.0.11-1", "supplier": "Organization: Debian",
             "sourceInfo": "built package from: openssl 3.0.11-1", "annotations": [{"comment": format!("LayerDiffID: {LAYER}")}],
             "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:deb/debian/libssl3@3.0.11-1"}]},
            {"SPDXID": "SPDXRef-net", "name": "net", "annotations": [{"comment": ours}]},
        ],
        "files": [{"SPDXID": "SPDXRef-f", "fileName": "lib/libssl.so.3", "comment": file},
                  {"SPDXID": "SPDXRef-s", "fileName": "var/lib/dpkg/status"},
                  {"SPDXID": "SPDXRef-c", "fileName": "usr/bin/openssl"}],
        "relationships": [
            {"spdxElementId": "SPDXRef-app", "relatedSpdxElement": "SPDXRef-qs", "relationshipType": "CONTAINS"},
            {"spdxElementId": "SPDXRef-ssl", "relatedSpdxElement": "SPDXRef-s", "relationshipType": "OTHER",
             "comment": "evident-by: it"},
            {"spdxElementId": "SPDXRef-net", "relatedSpdxElement": "SPDXRef-c", "relationshipType": "CONTAINS"},
        ],
    });
    let tags = format!(
        "# a comment\r\n\r\nSPDXVersion: SPDX-2.3\r\nSPDXID: SPDXRef-DOCUMENT\r\nDocumentComment: <text>\r\n\
        PackageName: no package</text>\r\n\
        FileName: var/lib/dpkg/status\r\nSPDXID: SPDXRef-s\r\n\
        PackageName: debian\r\nSPDXID: SPDXRef-os\r\nPackageVersion: 12\r\nPrimaryPackagePurpose: OPERATING-SYSTEM\r\n\
        PackageName: app/package-lock.json\r\nSPDXID: SPDXRef-app\r\nPrimaryPackagePurpose: APPLICATION\r\n\
        ##### Package: qs\r\n\
        PackageName:qs\r\n SPDXID:   SPDXRef-qs \r\nPackageVersion: <text>6.5.0</text>\r\nPackageLicenseConcluded: MIT\r\n\
        PackageLicenseDeclared: NOASSERTION\r\nPackageOriginator: Person: A (a@b)\r\n\
        ExternalRef: SECURITY cpe23Type cpe:2.3:a:qs\r\nExternalRefComment: none\r\n\
        ExternalRef: PACKAGE-MANAGER purl pkg:npm/qs@6.5.0\r\n\
        PackageAttributionText: PkgType: npm\r\nPackageAttributionText: <text>two\r\nlines: 1</text>\r\n\
        PackageName: libssl3\r\nSPDXID: SPDXRef-ssl\r\nPackageVersion: 3.0.11-1\r\nPackageSupplier: Organization: Debian\r\n\
        PackageSourceInfo: built package from: openssl 3.0.11-1\r\n\
        ExternalRef: PACKAGE_MANAGER purl pkg:deb/debian/libssl3@3.0.11-1\r\n\
        FileName: lib/libssl.so.3\r\nSPDXID: SPDXRef-f\r\nFileComment: {file}\r\n\
        PackageName: net\r\nSPDXID: SPDXRef-net\r\n\
        FileName: usr/bin/openssl\r\nSPDXID: SPDXRef-c\r\n\
        Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app\r\n\
        Relationship: SPDXRef-app CONTAINS SPDXRef-qs\r\n\
        Relationship: SPDXRef-ssl OTHER SPDXRef-s\r\nRelationshipComment: evident-by: it\r\n\
        Annotator: Tool: x\r\nSPDXREF: SPDXRef-ssl\r\nAnnotationComment: LayerDiffID: {LAYER}\r\n\
        Annotator: Tool: x\r\nSPDXREF: SPDXRef-net\r\nAnnotationComment: <text>{ours}</text>\r\n\
        Annotator: Tool: x\r\nSPDXREF: SPDXRef-DOCUMENT\r\nAnnotationComment: {about}"
    );
    (json.to_string(), tags)
}

/// A document as JSON and as XML.
fn cyclonedx() -> (String, String) {
    let (ours, about) = (json_text(&full()), json_text(&inventory()));
    let json = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5",
        "metadata": {"tools": {"components": [{"type": "application", "name": "tool"}]},
                     "component": {"bom-ref": "root", "type": "container", "name": "x"},
                     "properties": [{"name": "plimsoll:inventory", "value": about}]},
        "components": [
            {"type": "operating-system", "name": "debian", "version": "12", "description": "Debian <12> & more"},
            {"bom-ref": "lock", "type": "application", "name": "app/package-lock.json", "version": ""},
            {"bom-ref": "a&b", "type": "library", "group": "@babel", "name": "core", "version": "7.0.0",
             "purl": "pkg:npm/%40babel/core@7.0.0", "supplier": {"name": "S"}, "publisher": "P",
             "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "My own"}}, {"expression": "MIT OR X"}],
             "properties": [{"name": "aquasecurity:trivy:LayerDiffID", "value": LAYER}],
             "components": [{"type": "library", "name": "inner", "version": "1", "purl": "pkg:npm/inner@1", "publisher": "P"}]},
            {"type": "library", "name": "net", "properties": [{"name": "plimsoll:package", "value": ours}]},
        ],
        "dependencies": [{"ref": "lock", "dependsOn": ["a&b"]}, {"ref": "a&b", "dependsOn": []}],
    });
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&#34;");
    let (ours, about) = (escaped(&ours), escaped(&about));
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE bom [<!ENTITY big "ha">]>
        <b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.5" version="1">
          <b:metadata><b:tools><b:components><b:component type="application"><b:name>tool</b:name></b:component></b:components></b:tools>
            <b:component bom-ref="root" type="container"><b:name>x</b:name><b:version/></b:component>
            <b:properties><b:property name="plimsoll:inventory">{about}</b:property></b:properties></b:metadata>
          <b:components>
            <b:component type="operating-system"><b:name>debian</b:name><b:version>12</b:version>
              <b:description><![CDATA[Debian <12>]]> &amp; more&big;</b:description></b:component>
            <b:component type="application" bom-ref="lock"><b:name>app/package-lock.json</b:name><b:version></b:version></b:component>
            <b:component bom-ref="a&amp;b" type="library">
              <b:supplier><b:name>S</b:name><b:contact><b:name>no</b:name></b:contact></b:supplier><b:publisher>P</b:publisher>
              <b:group>@babel</b:group><b:name>core</b:name><b:version> 7.0.0 </b:version>
              <b:licenses><b:license><b:id>MIT</b:id><b:text>all of it</b:text></b:license><b:license><b:name>My own</b:name></b:license>
                <b:expression>MIT OR X</b:expression></b:licenses>
              <b:purl>pkg:npm/%40babel/core@7.0.0</b:purl>
              <b:pedigree><b:ancestors><b:component type="library"><b:name>old</b:name></b:component></b:ancestors></b:pedigree>
              <b:properties><b:property name="aquasecurity:trivy:LayerDiffID">{LAYER}</b:property></b:properties>
              <b:components><b:component type="library"><b:publisher>P</b:publisher><b:name>inner</b:name><b:version>1</b:version>
                <b:purl>pkg:npm/inner@1</b:purl></b:component></b:components></b:component>
            <b:component type="library"><b:name>net</b:name><b:properties><b:property name="plimsoll:package">{ours}</b:property></b:properties></b:component>
          </b:components>
          <b:dependencies><b:dependency ref="lock"><b:dependency ref="a&amp;b"/></b:dependency><b:dependency ref="a&amp;b"/></b:dependencies>
        </b:bom>"#
    );
    (json.to_string(), xml)
}

#[test]
fn both_forms_say_the_same() {
    for (json, other) in [spdx(), cyclonedx()] {
        let json = parse(json.as_bytes()).unwrap();
        assert_eq!(json.packages.len(), 3);
        assert_eq!(parse(other.as_bytes()).unwrap(), json);
    }
}

#[test]
fn files_below_a_package_are_its_own() {
    let text = "SPDXVersion: SPDX-2.2\nFileName: before\nSPDXID: SPDXRef-0\nPackageName: a\nSPDXID: SPDXRef-a\n\
                ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1\nFileName: ./app/a/package.json\nSPDXID: SPDXRef-1\n";
    let content = parse(text.as_bytes()).unwrap();
    let places: Vec<_> = content.packages[0].locations.iter().map(|location| location.path.as_str()).collect();
    assert_eq!(places, ["/./app/a/package.json"]);
}

#[test]
fn old_cyclonedx_without_references() {
    let text = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.0" version="1"><components><component type="library">
        <group>org.x</group><name>y</name><version>1</version><purl>pkg:maven/org.x/y@1</purl><modified>false</modified>
        </component></components></bom>"#;
    let content = parse(text.as_bytes()).unwrap();
    assert_eq!((content.packages[0].kind, content.packages[0].name.as_str()), (PackageType::Maven, "org.x:y"));
}

#[test]
fn damage_is_told() {
    let damaged = |text: &str| matches!(parse(text.as_bytes()), Err(SbomError::Damaged(_)));
    assert!(damaged("SPDXVersion: SPDX-2.3\nPackageComment: <text>never\nPackageName: a\n"));
    let bom = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6">"#;
    assert!(damaged(bom));
    assert!(damaged(&format!("{bom}<components></bom>")));
    assert!(damaged(&format!("{bom}{}", "<components><component>".repeat(10_000))));
    let content = parse(b"SPDXVersion: SPDX-2.3\nPackageName: a\nno tag\nSPDXID SPDXRef-a\n").unwrap();
    assert_eq!(content.problems, ["2 lines of the SBOM are no tag and value; they were passed over"]);
}

#[test]
fn other_formats_do_not_pass_for_empty() {
    for text in [
        "SPDXVersion: SPDX-3.0\nPackageName: a\n",
        "<bom/>",
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"#,
    ] {
        assert!(matches!(parse(text.as_bytes()), Err(SbomError::UnknownFormat)), "{text}");
    }
}

#[test]
fn names_inside_an_image() {
    let all = indexer::sbom::all();
    let run = |path: &str, text: &str| indexer::extractor::run(all[0].as_ref(), path, text.as_bytes());
    let (_, tags) = spdx();
    let (_, xml) = cyclonedx();
    for (path, text) in [("opt/app/app.spdx", &tags), ("srv/bom.xml", &xml), ("srv/app.cdx.xml", &xml), ("srv/app.bom.xml", &xml)]
    {
        let claims = |claim: &indexer::extractor::Claim| match claim {
            indexer::extractor::Claim::Extension(suffix) => path.ends_with(suffix),
            indexer::extractor::Claim::Name(name) => path.rsplit('/').next() == Some(name),
            _ => false,
        };
        assert!(all[0].claims().iter().any(claims), "{path}");
        assert_eq!(run(path, text).packages.len(), 3, "{path}");
    }
    for (path, text) in [
        ("srv/bom.xml", "<project><parts/></project>"),
        ("srv/index.cdx", "\0\u{4}"),
        ("srv/LICENSE.spdx", "SPDXVersion: SPDX-2.1\nPackageName: tauri\n"),
    ] {
        let found = run(path, text);
        assert!(found.packages.is_empty() && found.problems.is_empty(), "{path}");
    }
    assert_eq!(run("srv/app.cdx.xml", "<bom>").problems.len(), 1);
}

/// A folder with a root file system of the real data in it.
fn unpacked(archive: &str) -> Option<tempfile::TempDir> {
    let archive = testing::real_data(archive)?;
    let folder = tempfile::tempdir().unwrap();
    let done = testing::tool("tar", &["--version"])?
        .args(["--extract", "--no-same-owner", "--exclude=./dev/*", "--exclude=dev/*", "--file"])
        .arg(archive)
        .arg("--directory")
        .arg(folder.path())
        .status();
    assert!(done.unwrap().success());
    Some(folder)
}

fn of_folder(tool: &str, arguments: &[&str], folder: &Path) -> Option<Vec<u8>> {
    let mut command = Command::new(peer(tool)?);
    match tool {
        "syft" => command.args(["scan", "-q", "-o"]).args(arguments).arg(format!("dir:{}", folder.display())),
        _ => command
            .args(["rootfs", "--skip-db-update", "--skip-java-db-update", "--skip-check-update", "--skip-version-check"])
            .args(["--offline-scan", "--disable-telemetry", "--cache-backend", "memory", "-q", "--format"])
            .args(arguments)
            .arg(folder),
    };
    Some(command.env("SYFT_CHECK_FOR_APP_UPDATE", "false").output().ok()?.stdout)
}

fn sorted(text: &[u8], name: &str) -> SbomContent {
    let mut content = parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    content.packages.sort_by_cached_key(|package| (package.name.clone(), package.version.clone(), json_text(package)));
    content
}

/// What is left of a document when Trivy writes it as tags and values: none of its annotations, and so no layer, no module
/// and nothing of the image but its name.
fn without_annotations(mut content: SbomContent) -> SbomContent {
    let strip = |mut package: Package| {
        package.module = None;
        package.locations.retain(|location| !location.path.is_empty());
        package.locations.iter_mut().for_each(|location| location.layer = None);
        package
    };
    content.packages = content.packages.into_iter().map(strip).collect();
    if let Some(image) = &mut content.image {
        image.layers.clear();
        (image.config_digest, image.digest) = (None, None);
        image.reference.clear();
    }
    content
}

/// Holds the forms of one target against each other: `write` makes a document of a tool in a format.
fn compare(target: &str, least: usize, write: impl Fn(&str, &str) -> Option<Vec<u8>>) {
    for (tool, json, other) in
        [("trivy", "spdx-json", "spdx"), ("syft", "spdx-json", "spdx-tag-value"), ("syft", "cyclonedx-json", "cyclonedx-xml")]
    {
        let name = format!("{target}: {tool} {other}");
        let (Some(expected), Some(text)) = (write(tool, json), write(tool, other)) else { continue };
        let (mut expected, mut content) = (sorted(&expected, &name), sorted(&text, &name));
        if tool == "trivy" {
            (expected, content) = (without_annotations(expected), without_annotations(content));
        }
        assert!(content.packages.len() >= least, "{name}: {}", content.packages.len());
        assert_eq!(content, expected, "{name}");
    }
}

#[test]
fn real_images_in_both_forms() {
    for (image, least) in
        [(testing::real_data("images/built/layers.docker.tar"), 3), (testing::built_image("debian12.docker.tar"), 80)]
    {
        let Some(image) = image else { continue };
        let write = |tool: &str, format: &str| if tool == "syft" { syft(&image, format) } else { trivy(&image, format) };
        compare(&image.display().to_string(), least, write);
    }
}

#[test]
fn real_root_file_systems_in_both_forms() {
    for archive in ["alpine-minirootfs-3.20.3-x86_64.tar.gz", "almalinux-9-micro-20221101-aarch64.tar.xz"] {
        let Some(folder) = unpacked(&format!("images/rootfs/{archive}")) else { continue };
        compare(archive, 10, |tool, format| of_folder(tool, &[format], folder.path()));
    }
}

#[test]
fn more_than_is_read_is_told() {
    let bom = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>"#;
    for text in [
        format!("{bom}{}</components></bom>", "<component/>".repeat((1 << 20) + 1)),
        format!("SPDXVersion: SPDX-2.3\n{}", "PackageName:\n".repeat((1 << 20) + 2)),
    ] {
        let content = parse(text.as_bytes()).unwrap();
        assert!(content.unread[0].ends_with("the rest was not read"), "{:?}", content.unread);
        assert!(content.problems.contains(&content.unread[0]));
    }
}

proptest! {
    /// Whatever follows the beginning of a document, an answer comes.
    #[test]
    fn any_beginning(which in 0_usize..3, rest in "[ -~\n]{0,400}|(<text>|</text>|PackageName: |SPDXID: a|FileName: b|Relationship: a CONTAINS b|\n){0,60}|(<component>|</component>|<components>|<name>|<purl/>|&amp;|&x;|<!\\[CDATA\\[|]]>|<licenses><license>| ){0,60}") {
        let begin = ["SPDXVersion: SPDX-2.3\n", "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>", "<"][which];
        let _ = parse(format!("{begin}{rest}").as_bytes());
    }

    /// Documents with a few bits turned, and cut short.
    #[test]
    fn damaged_forms(turns in proptest::collection::vec((0_usize..6000, any::<u8>()), 0..8), length in 0_usize..8000, xml in any::<bool>()) {
        let mut content = if xml { cyclonedx().1 } else { spdx().1 }.into_bytes();
        for (place, bits) in turns {
            if let Some(byte) = content.get_mut(place) {
                *byte ^= bits;
            }
        }
        content.truncate(length);
        let _ = parse(&content);
    }
}
