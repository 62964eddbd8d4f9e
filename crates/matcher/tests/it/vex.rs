//! VEX on images as they are met: a test for each public complaint about scanners that did not recognise them, and what
//! must hold for any statements.

use std::collections::BTreeSet;

use matcher::vex::{Subject, apply, claim, from_database};
use model::finding::Finding;
use model::image::ImageInfo;
use model::package::{Location, Package, PackageType};
use model::platform::Platform;
use model::vex::{VexDocument, VexProduct, VexReach, VexStatement, VexStatus};
use proptest::prelude::*;

use crate::world::*;

const DIGEST: &str = "261e230db3d87f3d2df65182c3f0b2fdba02a93a319078641f2cb2168513b3c1";
const INDEX: &str = "0dbb10bb65e5df8a6d6aecb69f130441dc941e306ce89844c2870a25152c44a2";
const OTHER: &str = "616de3d327ff90bac601532140a8d25fbf700911cf98101379e5a67fa1a2bb17";

/// An image with this reference and a digest.
fn image(source: &str, reference: &str) -> ImageInfo {
    ImageInfo {
        reference: reference.into(),
        source: source.into(),
        digest: Some(format!("sha256:{DIGEST}").parse().unwrap()),
        platform: Some(Platform { os: "linux".into(), architecture: "amd64".into(), variant: None }),
        ..ImageInfo::default()
    }
}

/// One finding in dpkg of Debian, and the packages around it.
fn dpkg() -> (Vec<Finding>, Vec<(String, Package)>) {
    let world = World::debian()
        .says("debian-dsa", alias(advisory("CVE-2022-1664", affected("debian:12", "dpkg", "9")), &["GHSA-dpkg"]))
        .has(deb("dpkg", "1.18.25"));
    let packages = world.inventory.packages.iter();
    let packages = packages.map(|package| (model::purl::of(package, world.inventory.distro.as_ref()), package.clone())).collect();
    (world.matched().findings, packages)
}

fn product(id: &str, subcomponents: &[&str]) -> VexProduct {
    VexProduct { id: id.into(), subcomponents: subcomponents.iter().map(|text| (*text).to_owned()).collect() }
}

fn statement(vulnerability: &str, status: VexStatus, products: Vec<VexProduct>) -> VexStatement {
    VexStatement {
        id: String::new(),
        vulnerability: vulnerability.into(),
        aliases: Vec::new(),
        products,
        status,
        justification: "vulnerable_code_not_present".into(),
        statement: String::new(),
        author: "somebody".into(),
        timestamp: Some(time("2024-07-01T00:00:00Z")),
    }
}

fn document(source: &str, reach: VexReach, statements: Vec<VexStatement>) -> VexDocument {
    VexDocument { source: source.into(), reach, expected: reach == VexReach::Everything, statements }
}

/// Whether a statement about this product sets the finding in dpkg aside, and what is said otherwise.
fn sets_aside(image: &ImageInfo, id: &str, subcomponents: &[&str]) -> bool {
    let (mut findings, packages) = dpkg();
    let subject = Subject { image, index_digest: Some(format!("sha256:{INDEX}").parse().unwrap()), packages: &packages };
    let statements = vec![statement("CVE-2022-1664", VexStatus::NotAffected, vec![product(id, subcomponents)])];
    let warnings = apply(&mut findings, &subject, &[document("a.json", VexReach::Everything, statements)], &[]);
    let aside = findings[0].suppressed.is_some();
    assert_eq!(warnings.is_empty(), aside, "what is not used is said: {warnings:?}");
    aside
}

/// <https://github.com/anchore/grype/issues/1589>: an image in a private registry, named by its digest, the algorithm
/// written twice; the package is the subcomponent.
#[test]
fn grype_1589_digest_and_subcomponent() {
    let image = image("registry", "registry:example.azurecr.io/janakiramm/myapp:v2");
    let dpkg = ["pkg:deb/debian/dpkg@1.18.25"];
    assert!(sets_aside(&image, &format!("pkg:oci/myapp@sha256:sha256:{DIGEST}"), &dpkg));
    assert!(sets_aside(&image, &format!("pkg:oci/myapp@sha256:{DIGEST}"), &dpkg));
    assert!(!sets_aside(&image, &format!("pkg:oci/myapp@sha256:{DIGEST}"), &["pkg:deb/debian/dpkg@1.18.26"]));
    assert!(!sets_aside(&image, &format!("pkg:oci/myapp@sha256:{OTHER}"), &dpkg));
    assert!(!sets_aside(&image, "pkg:oci/myapp@sha256:261e", &dpkg), "part of a digest is none");
}

/// <https://github.com/anchore/grype/issues/1836>: `docker.io` in the document, `index.docker.io` in the scanner, and
/// percent-encoding where the other has none.
#[test]
fn grype_1836_names_of_docker_hub_and_percent_encoding() {
    let image = image("docker", "alpine:3.17");
    for product in [
        format!("pkg:oci/alpine@sha256%3A{DIGEST}?repository_url=index.docker.io%2Flibrary%2Falpine"),
        "pkg:oci/alpine?repository_url=index.docker.io/library".to_owned(),
        "pkg:oci/alpine?repository_url=index.docker.io%2Flibrary".to_owned(),
        "pkg:oci/alpine?repository_url=docker.io/library/alpine&tag=3.17".to_owned(),
        "pkg:oci/alpine?repository_url=https://registry-1.docker.io/library/alpine/".to_owned(),
        "pkg:docker/alpine@3.17".to_owned(),
        "pkg:docker/library/alpine".to_owned(),
        "docker.io/library/alpine:3.17".to_owned(),
        "alpine".to_owned(),
    ] {
        assert!(sets_aside(&image, &product, &[]), "{product}");
    }
    for product in [
        "pkg:oci/alpine?repository_url=ghcr.io/library/alpine",
        "pkg:oci/alpine?repository_url=docker.io/other/alpine",
        "pkg:oci/alpine?tag=3.18",
        "pkg:oci/alpine?arch=arm64",
        "pkg:docker/alpine@3.18",
        "alpine:3.18",
        "alpin",
    ] {
        assert!(!sets_aside(&image, product, &[]), "{product}");
    }
}

/// <https://github.com/anchore/grype/issues/1905>: an image that `docker build` just made has no digest at any registry.
#[test]
fn grype_1905_local_image_without_a_digest() {
    let local = ImageInfo { digest: None, ..image("docker", "docker:app:dev") };
    assert!(sets_aside(&local, "pkg:oci/app", &[]));
    assert!(sets_aside(&local, "pkg:oci/app?tag=dev", &["pkg:deb/debian/dpkg"]));
    assert!(!sets_aside(&local, "pkg:oci/other", &[]));
    // The same from `docker save`: the archive says what it is called.
    let saved = ImageInfo { names: vec!["app:dev".into()], ..image("archive", "app.tar") };
    assert!(sets_aside(&saved, "pkg:oci/app?tag=dev", &[]));
    assert!(!sets_aside(&saved, "pkg:oci/app?tag=prod", &[]));
}

/// <https://github.com/anchore/grype/pull/2355>: name and tag alone.
#[test]
fn grype_pr2355_name_and_tag() {
    assert!(sets_aside(&image("docker", "busybox:1.36"), "pkg:oci/busybox?tag=1.36", &[]));
    assert!(!sets_aside(&image("docker", "busybox:1.37"), "pkg:oci/busybox?tag=1.36", &[]));
}

/// <https://github.com/anchore/grype/issues/2818>: the repository's address without the image's name.
#[test]
fn grype_2818_repository_url_without_the_name() {
    let image = image("registry", "index.docker.io/library/nginx:1.25");
    assert!(sets_aside(&image, &format!("pkg:oci/nginx@sha256:{DIGEST}?repository_url=docker.io%2Flibrary"), &[]));
    assert!(sets_aside(&image, "pkg:oci/nginx?repository_url=docker.io%2Flibrary", &[]));
}

/// <https://github.com/anchore/grype/issues/3212>: the minimal example of the specification, whose product is a package,
/// for an SBOM that has no image at all.
#[test]
fn grype_3212_minimal_example_of_the_specification() {
    let sbom = ImageInfo { reference: "sbom.json".into(), source: "sbom".into(), ..ImageInfo::default() };
    assert!(sets_aside(&sbom, "pkg:deb/debian/dpkg@1.18.25", &[]));
    assert!(sets_aside(&sbom, "pkg:deb/debian/dpkg", &[]));
    assert!(!sets_aside(&sbom, "pkg:deb/debian/dpkg@1.18.25?arch=armv7", &[]), "a qualifier must be had");
}

/// <https://github.com/anchore/grype/issues/3657>: the digest is that of the index, as references by digest have it, and
/// `repository_url` ends in the name.
#[test]
fn grype_3657_repository_url_with_the_name_and_digest_of_the_index() {
    let image = image("registry", "registry.access.redhat.com/ubi10/podman:10.2");
    assert!(sets_aside(&image, &format!("pkg:oci/podman@sha256:{INDEX}"), &[]));
    for product in [
        "pkg:oci/podman?repository_url=registry.access.redhat.com/ubi10/podman&tag=10.2",
        "pkg:oci/podman?repository_url=registry.access.redhat.com%2Fubi10%2Fpodman",
        "pkg:oci/podman?repository_url=registry.access.redhat.com/ubi10",
    ] {
        assert!(sets_aside(&image, product, &[]), "{product}");
    }
    assert!(!sets_aside(&image, "pkg:oci/podman?repository_url=registry.access.redhat.com/ubi9/podman", &[]));
}

/// <https://github.com/aquasecurity/trivy/issues/4765>: package URLs at every level of detail.
#[test]
fn trivy_4765_levels_of_detail() {
    let image = image("registry", "ghcr.io/a/b:1");
    for (pattern, fits) in [
        ("pkg:deb/debian/dpkg", true),
        ("pkg:deb/dpkg@1.18.25", true),
        ("pkg:deb/debian/dpkg@1.18.25?distro=debian-12", true),
        ("pkg:deb/debian/dpkg@1.18.25?distro=debian-11", false),
        ("pkg:deb/ubuntu/dpkg@1.18.25", false),
        ("pkg:deb/debian/dpkg-dev", false),
        ("pkg:rpm/debian/dpkg", false),
    ] {
        assert_eq!(sets_aside(&image, pattern, &[]), fits, "{pattern}");
        assert_eq!(sets_aside(&image, "pkg:oci/b", &[pattern]), fits, "within the image: {pattern}");
    }
}

/// <https://github.com/akuity/kargo/pull/6459>: the product is `repository@digest`, as attestations have it.
#[test]
fn kargo_6459_repository_and_digest_as_text() {
    let image = image("registry", "ghcr.io/akuity/kargo:v1.5.0");
    assert!(sets_aside(&image, &format!("ghcr.io/akuity/kargo@sha256:{DIGEST}"), &[]));
    assert!(!sets_aside(&image, &format!("ghcr.io/akuity/kargo@sha256:{OTHER}"), &[]));
    assert!(sets_aside(&image, "ghcr.io/akuity/kargo", &[]));
}

/// <https://github.com/tianon/gosu/issues/157>: the product is a program in the image, its component built into it. The
/// same component elsewhere is none of its business.
#[test]
fn gosu_157_component_of_a_program_in_the_image() {
    let at = |name: &str, version: &str, path: &str| {
        let mut package = package(PackageType::Golang, name, version);
        package.locations = vec![Location { path: path.into(), layer: None }];
        package
    };
    let world = World::language(PackageType::Golang)
        .says("osv-golang", advisory("GO-2022-0515", affected("golang", "stdlib", "")))
        .has(at("github.com/tianon/gosu", "v1.19.0", "/usr/local/bin/gosu"))
        .has(at("stdlib", "1.18.2", "/usr/local/bin/gosu"))
        .has(at("stdlib", "1.18.1", "/usr/local/bin/other"));
    let packages: Vec<(String, Package)> =
        world.inventory.packages.iter().map(|package| (model::purl::of(package, None), package.clone())).collect();
    let mut findings = world.matched().findings;
    findings.retain(|finding| finding.id == "GO-2022-0515");
    assert_eq!(findings.len(), 2);
    let about = product("pkg:golang/github.com/tianon/gosu@1.19.0", &["pkg:golang/stdlib"]);
    let statements = vec![statement("GO-2022-0515", VexStatus::NotAffected, vec![about])];
    let image = image("registry", "a");
    let subject = Subject { image: &image, index_digest: None, packages: &packages };
    apply(&mut findings, &subject, &[document("gosu.json", VexReach::Everything, statements)], &[]);
    let aside: Vec<(&str, bool)> =
        findings.iter().map(|finding| (finding.version.as_str(), finding.suppressed.is_some())).collect();
    assert_eq!(aside, [("1.18.1", false), ("1.18.2", true)]);
}

/// What two statements on the finding in dpkg come to, and the warnings.
fn both(left: (VexStatus, &str), right: (VexStatus, &str)) -> (bool, Vec<String>) {
    let (mut findings, packages) = dpkg();
    let image = image("registry", "a");
    let subject = Subject { image: &image, index_digest: None, packages: &packages };
    let documents: Vec<VexDocument> = [("left.json", left), ("right.json", right)]
        .into_iter()
        .map(|(name, (status, at))| {
            let mut statement = statement("ghsa-DPKG", status, vec![product("pkg:deb/debian/dpkg", &[])]);
            statement.timestamp = (!at.is_empty()).then(|| time(at));
            document(name, VexReach::Everything, vec![statement])
        })
        .collect();
    let warnings = apply(&mut findings, &subject, &documents, &[]);
    (findings[0].suppressed.is_some(), warnings)
}

#[test]
fn the_later_statement_decides_and_without_one_the_more_open() {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    const OLD: &str = "2024-01-01T00:00:00Z";
    const NEW: &str = "2024-02-01T00:00:00Z";
    for (left, right, aside, contradict) in [
        ((Affected, OLD), (NotAffected, NEW), true, false),
        ((NotAffected, OLD), (Affected, NEW), false, false),
        ((NotAffected, OLD), (UnderInvestigation, NEW), false, false),
        ((NotAffected, NEW), (Affected, NEW), false, true),
        ((NotAffected, NEW), (Fixed, NEW), true, false),
        ((NotAffected, NEW), (Affected, ""), false, true),
        ((NotAffected, ""), (NotAffected, NEW), true, false),
    ] {
        for (left, right) in [(left, right), (right, left)] {
            let (is_aside, warnings) = both(left, right);
            assert_eq!((is_aside, !warnings.is_empty()), (aside, contradict), "{left:?} {right:?} {warnings:?}");
            assert!(warnings.iter().all(|text| text.contains("left.json") && text.contains("right.json")));
        }
    }
}

#[test]
fn a_vendors_feed_is_believed_about_its_images_alone() {
    let about = |id: &str| vec![statement("CVE-2022-1664", VexStatus::NotAffected, vec![product(id, &["pkg:deb/debian/dpkg"])])];
    let image = ImageInfo { names: vec!["vendor/claimed".into()], ..image("registry", "vendor/app:1") };
    for (id, aside) in [
        ("pkg:docker/vendor/app", true),
        ("pkg:oci/app?repository_url=docker.io/vendor/app", true),
        // Any image of any registry may be called so, and may call itself anything.
        ("pkg:oci/app", false),
        ("pkg:docker/vendor/claimed", false),
        ("pkg:deb/debian/dpkg", false),
    ] {
        let (mut findings, packages) = dpkg();
        let subject = Subject { image: &image, index_digest: None, packages: &packages };
        let feed = document("dhi-vex", VexReach::VendorImages, about(id));
        assert!(apply(&mut findings, &subject, &[], &[feed]).is_empty(), "feeds are full of other images");
        assert_eq!(findings[0].suppressed.is_some(), aside, "{id}");
    }
}

#[test]
fn hardened_images_are_known_by_the_name_in_their_vex() {
    let image = image("registry", "dhi.io/prometheus:3");
    assert!(sets_aside(&image, "pkg:docker/dhi/prometheus", &["pkg:deb/debian/dpkg@1.18.25"]));
    assert!(sets_aside(&image, "pkg:oci/dhi%2Fprometheus", &[]));
    assert!(!sets_aside(&image, "pkg:docker/dhi/grafana", &[]));
}

#[test]
fn a_named_document_goes_before_the_database() {
    let (mut findings, packages) = dpkg();
    let image = image("registry", "a");
    let subject = Subject { image: &image, index_digest: None, packages: &packages };
    let says = |status| vec![statement("CVE-2022-1664", status, vec![product("pkg:deb/debian/dpkg", &[])])];
    let named = document("ours.json", VexReach::Everything, says(VexStatus::Affected));
    let feed = document("vex", VexReach::Everything, says(VexStatus::NotAffected));
    apply(&mut findings, &subject, &[named], std::slice::from_ref(&feed));
    assert_eq!(findings[0].suppressed, None);
    apply(&mut findings, &subject, &[], &[feed]);
    assert!(findings[0].suppressed.is_some());
}

#[test]
fn statements_of_the_database_are_found_under_every_id() {
    let mut writer = advisory::database::Writer::new();
    let said = statement("GHSA-dpkg", VexStatus::NotAffected, vec![product("pkg:deb/debian/dpkg", &[])]);
    writer.add_vex("vex", &said);
    let (bytes, _) = writer.encode(Vec::new(), "full").unwrap();
    let database = advisory::database::Database::from_static(bytes.leak()).unwrap();
    let (findings, _) = dpkg();
    let documents = from_database(&findings, &database).unwrap();
    assert_eq!((documents.len(), documents[0].statements.len()), (1, 1));
    assert_eq!(documents[0].reach, VexReach::Everything);
}

#[test]
fn what_travels_with_the_image_is_a_claim() {
    let (mut findings, packages) = dpkg();
    let image = image("registry", "a");
    let subject = Subject { image: &image, index_digest: None, packages: &packages };
    let said = statement("CVE-2022-1664", VexStatus::NotAffected, vec![product("a", &[])]);
    claim(&mut findings, &subject, &[document("in the image", VexReach::Everything, vec![said])]);
    assert_eq!((findings[0].suppressed.is_some(), findings[0].claimed.as_ref().unwrap().len()), (false, 1));
}

/// Products by position, with the packages of [`several`] that each is about.
const PRODUCTS: [(&str, &[&str], &[&str]); 8] = [
    ("pkg:oci/a", &[], &["bash", "curl", "openssl"]),
    ("a:latest", &["pkg:deb/debian/curl"], &["curl"]),
    ("pkg:oci/other", &[], &[]),
    ("pkg:oci/a", &["not a purl"], &[]),
    ("pkg:deb/debian/bash@1-1", &[], &["bash"]),
    ("pkg:deb/debian/bash@2-1", &[], &[]),
    ("pkg:deb/debian/curl", &["pkg:deb/debian/bash"], &[]),
    ("", &[], &[]),
];

fn several() -> (Vec<Finding>, Vec<(String, Package)>) {
    let mut world = World::debian();
    for (number, name) in ["bash", "curl", "openssl"].into_iter().enumerate() {
        let id = format!("CVE-2024-000{number}");
        let mut package = deb(name, "1-1");
        package.locations[0].path = format!("/{name}");
        world = world.says("debian-dsa", advisory(&id, affected("debian:12", name, "9"))).has(package);
    }
    let packages = world.inventory.packages.iter();
    let packages = packages.map(|package| (model::purl::of(package, world.inventory.distro.as_ref()), package.clone())).collect();
    (world.matched().findings, packages)
}

proptest! {
    /// VEX never widens: no finding comes or goes, and none is set aside that no statement names.
    #[test]
    fn vex_never_widens(said in prop::collection::vec((0..4_usize, 0..PRODUCTS.len(), 0..4_usize, 0..3_u32), 0..12)) {
        let statuses = [VexStatus::NotAffected, VexStatus::Fixed, VexStatus::Affected, VexStatus::UnderInvestigation];
        let (before, packages) = several();
        let mut findings = before.clone();
        let statements: Vec<VexStatement> = said
            .iter()
            .map(|(id, about, status, day)| {
                let (product_id, inside, _) = PRODUCTS[*about];
                let mut one = statement(&format!("CVE-2024-000{id}"), statuses[*status], vec![product(product_id, inside)]);
                one.timestamp = (*day > 0).then(|| time(&format!("2024-01-0{day}T00:00:00Z")));
                one
            })
            .collect();
        let image = image("registry", "a");
        let subject = Subject { image: &image, index_digest: None, packages: &packages };
        apply(&mut findings, &subject, &[document("any.json", VexReach::Everything, statements)], &[]);
        for (finding, untouched) in findings.iter().zip(&before) {
            let mut bare = finding.clone();
            bare.suppressed = None;
            prop_assert_eq!(&bare, untouched);
            let naming = said.iter().filter(|(id, about, ..)| {
                finding.id == format!("CVE-2024-000{id}") && PRODUCTS[*about].2.contains(&finding.package.as_str())
            });
            let statuses: BTreeSet<usize> = naming.map(|(_, _, status, _)| *status).collect();
            prop_assert!(finding.suppressed.is_none() || statuses.iter().any(|status| *status < 2), "{:?}", finding.suppressed);
        }
        prop_assert_eq!(findings.len(), before.len());
    }
}
