//! VEX documents that are named for one scan: what each format says in the one form that matching knows.

use std::path::Path;

use advisory::vex::{parse, read};
use model::vex::{VexDocument, VexProduct, VexStatus};
use serde_json::{Value, json};
use testing::mutate;

fn read_value(value: &Value) -> VexDocument {
    parse(Path::new("a.json"), value.to_string().as_bytes()).unwrap()
}

/// Statements as vulnerability, status, justification, words, and products with their components.
type Said = (String, VexStatus, String, String, Vec<VexProduct>);

fn said(document: VexDocument) -> Vec<Said> {
    document
        .statements
        .into_iter()
        .map(|one| (one.vulnerability, one.status, one.justification, one.statement, one.products))
        .collect()
}

fn product(id: &str, subcomponents: &[&str]) -> VexProduct {
    VexProduct { id: id.into(), subcomponents: subcomponents.iter().map(|text| (*text).to_owned()).collect() }
}

fn csaf() -> Value {
    let named = |id: &str, purl: &str| json!({"name": id, "product_id": id, "product_identification_helper": {"purl": purl}});
    json!({"document": {"title": "t", "csaf_version": "2.0", "category": "csaf_vex", "publisher": {"name": "A team"},
        "tracking": {"id": "VEX-1", "status": "final", "current_release_date": "2024-05-01T00:00:00Z"}},
    "product_tree": {
        "branches": [{"branches": [{"product": named("IMAGE", "pkg:oci/app?repository_url=ghcr.io/a/app")}]}],
        "full_product_names": [named("LIB", "pkg:npm/a@1.0.0"), named("TOOL", "pkg:npm/b@2.0.0"), {"name": "x", "product_id": "BARE"}],
        "product_groups": [{"group_id": "G", "product_ids": ["LIB", "IMAGE:LIB"]}],
        "relationships": [
            {"product_reference": "LIB", "relates_to_product_reference": "TOOL", "category": "default_component_of",
                "full_product_name": {"name": "x", "product_id": "TOOL:LIB"}},
            {"product_reference": "TOOL:LIB", "relates_to_product_reference": "IMAGE", "category": "default_component_of",
                "full_product_name": {"name": "x", "product_id": "IMAGE:TOOL:LIB"}},
            {"product_reference": "LIB", "relates_to_product_reference": "IMAGE", "category": "default_component_of",
                "full_product_name": {"name": "x", "product_id": "IMAGE:LIB"}}]},
    "vulnerabilities": [{"cve": "CVE-2024-1",
        "product_status": {"known_not_affected": ["IMAGE:LIB", "IMAGE:TOOL:LIB", "BARE"], "fixed": ["LIB"], "recommended": ["TOOL"],
            "under_investigation": ["TOOL"]},
        "flags": [{"label": "vulnerable_code_not_present", "group_ids": ["G"]}],
        "threats": [{"category": "impact", "details": "Never  called"}],
        "remediations": [{"category": "vendor_fix", "details": "Update", "product_ids": ["LIB"]}]}]})
}

#[test]
fn csaf_with_components_of_components_and_groups() {
    let image = "pkg:oci/app?repository_url=ghcr.io/a/app";
    let not = |justification: &str, products: Vec<VexProduct>| {
        ("CVE-2024-1".to_owned(), VexStatus::NotAffected, justification.to_owned(), "Never called".to_owned(), products)
    };
    let document = read_value(&csaf());
    assert_eq!(document.statements[0].author, "A team");
    assert_eq!(document.statements[0].id, "VEX-1");
    assert_eq!(document.statements[0].timestamp.unwrap().to_string(), "2024-05-01T00:00:00Z");
    assert_eq!(
        said(document),
        [
            // Without a purl a product is nothing that could be found.
            not("", vec![product(image, &["pkg:npm/a@1.0.0"]), product("csaf:BARE", &[])]),
            not("vulnerable_code_not_present", vec![product(image, &["pkg:npm/a@1.0.0"])]),
            (
                "CVE-2024-1".to_owned(),
                VexStatus::Fixed,
                String::new(),
                "Update".to_owned(),
                vec![product("pkg:npm/a@1.0.0", &[])]
            ),
            (
                "CVE-2024-1".to_owned(),
                VexStatus::UnderInvestigation,
                String::new(),
                "Never called".to_owned(),
                vec![product("pkg:npm/b@2.0.0", &[])]
            ),
        ]
    );
}

#[test]
fn csaf_whose_relationships_run_in_a_circle() {
    let mut document = csaf();
    document["product_tree"]["relationships"][0]["relates_to_product_reference"] = json!("IMAGE:TOOL:LIB");
    document["product_tree"]["relationships"][1]["relates_to_product_reference"] = json!("TOOL:LIB");
    assert_eq!(read_value(&document).statements.len(), 4);
}

fn cyclonedx(metadata: &Value, affects: &Value) -> Value {
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1", "metadata": metadata,
        "components": [{"bom-ref": "a", "name": "a", "purl": "pkg:npm/a@1.0.0", "components": [{"bom-ref": "b", "name": "b", "purl": "pkg:npm/b"}]}],
        "vulnerabilities": [{"id": "CVE-2024-1", "references": [{"id": "GHSA-1"}], "affects": affects,
            "analysis": {"state": "not_affected", "justification": "code_not_reachable", "lastUpdated": "2024-05-01T00:00:00Z"}},
            {"id": "CVE-2024-2", "affects": affects}]})
}

#[test]
fn cyclonedx_by_reference_link_and_version() {
    for (metadata, affects, products) in [
        (json!({}), json!([{"ref": "a"}]), vec![product("pkg:npm/a@1.0.0", &[])]),
        (json!({}), json!([{"ref": "urn:cdx:1/1#pkg:npm/c@3"}]), vec![product("pkg:npm/c@3", &[])]),
        (json!({}), json!([{"ref": "urn:cdx:1/1#pkg%3Anpm%2Fc%403"}]), vec![product("pkg:npm/c@3", &[])]),
        (json!({}), json!([{"ref": "unknown"}]), vec![product("unknown", &[])]),
        // Exact versions narrow what has none; a range narrows it to nothing.
        (
            json!({}),
            json!([{"ref": "b", "versions": [{"version": "1"}, {"version": "2"}, {"range": "vers:npm/<3"}]}]),
            vec![product("pkg:npm/b@1", &[]), product("pkg:npm/b@2", &[])],
        ),
        // Within the subject alone.
        (
            json!({"component": {"bom-ref": "s", "type": "container", "name": "ghcr.io/x/y", "version": "1.2"}}),
            json!([{"ref": "a"}, {"ref": "s"}]),
            vec![product("ghcr.io/x/y:1.2", &["pkg:npm/a@1.0.0"]), product("ghcr.io/x/y:1.2", &[])],
        ),
    ] {
        let document = read_value(&cyclonedx(&metadata, &affects));
        assert_eq!(document.statements[0].aliases, ["GHSA-1"]);
        let statements = said(document);
        assert_eq!(statements.len(), 1, "without an analysis nothing is said");
        let (_, status, justification, _, read) = &statements[0];
        assert_eq!((*status, justification.as_str()), (VexStatus::NotAffected, "vulnerable_code_not_in_execute_path"));
        assert_eq!(*read, products, "{affects}");
    }
}

#[test]
fn real_documents_keep_the_rules() {
    let Some(feeds) = testing::real_data("feeds") else { return };
    let folder = tempfile::tempdir().unwrap();
    let archive = std::fs::File::open(feeds.join("vex/docker-hardened-images-vex.tar.zst")).unwrap();
    tar::Archive::new(zstd::Decoder::new(archive).unwrap()).unpack(folder.path()).unwrap();
    let documents = read(&[folder.path().to_owned()]).unwrap();
    assert_eq!(documents.len(), 107);
    assert!(documents.iter().all(|document| !document.expected && !document.statements.is_empty()));
}

#[test]
fn damaged_documents() {
    let openvex = json!({"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2024-01-01T00:00:00Z", "statements": [
        {"vulnerability": {"name": "CVE-2024-1"}, "products": [{"@id": "pkg:oci/a", "subcomponents": [{"@id": "pkg:npm/a"}]}],
            "status": "fixed"}]});
    let cyclonedx =
        cyclonedx(&json!({"component": {"bom-ref": "s", "name": "y"}}), &json!([{"ref": "b", "versions": [{"version": "1"}]}]));
    let seeds: Vec<Vec<u8>> = [openvex, csaf(), cyclonedx].iter().map(|seed| seed.to_string().into_bytes()).collect();
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    mutate::each(&seeds, 2000, |bytes| {
        let _ = parse(Path::new("damaged.json"), bytes);
    });
}
