use jiff::Timestamp;
use model::package::Package;
use model::report::Report;
use model::sbom::{INVENTORY, PACKAGE, SbomInventory};
use report::{Format, RenderOptions, ReportError, render};
use serde_json::Value;

use crate::sample;

fn text(format: &Format, report: &Report) -> String {
    String::from_utf8(render(format, std::slice::from_ref(report), &RenderOptions::default()).unwrap()).unwrap()
}

fn value(format: &Format, report: &Report) -> Value {
    serde_json::from_str(&text(format, report)).unwrap()
}

#[test]
fn snapshots() {
    for (name, format) in
        [("cyclonedx", Format::CycloneDx), ("spdx", Format::Spdx), ("sarif", Format::Sarif), ("purl", Format::Purl)]
    {
        insta::assert_snapshot!(format!("{name}_full"), text(&format, &sample::full()));
        insta::assert_snapshot!(format!("{name}_empty"), text(&format, &sample::empty()));
    }
    for (name, format) in
        [("markdown", Format::Markdown), ("github", Format::GitHub), ("gitlab", Format::GitLab), ("junit", Format::Junit)]
    {
        insta::assert_snapshot!(format!("{name}_full"), text(&format, &sample::full()));
        insta::assert_snapshot!(format!("{name}_hostile"), text(&format, &sample::hostile()));
    }
    insta::assert_snapshot!("json_full", text(&Format::Json, &sample::full()));
    insta::assert_snapshot!("sarif_undetermined", text(&Format::Sarif, &sample::undetermined()));
    insta::assert_snapshot!("purl_hostile", text(&Format::Purl, &sample::hostile()));
}

/// What our own documents carry beside the fields of their format.
fn carried(format: &Format, report: &Report) -> (Vec<Package>, SbomInventory) {
    let document = value(format, report);
    let (mut packages, mut inventory) = (Vec::new(), None);
    let mut take = |name: &str, json: &str| match name {
        PACKAGE => packages.push(serde_json::from_str(json).unwrap()),
        INVENTORY => inventory = Some(serde_json::from_str(json).unwrap()),
        _ => {}
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    match format {
        Format::CycloneDx => {
            let all = list(&document["components"]).into_iter().chain([document["metadata"].clone()]);
            for property in all.flat_map(|component| list(&component["properties"])) {
                take(property["name"].as_str().unwrap(), property["value"].as_str().unwrap());
            }
        }
        _ => {
            let all = list(&document["packages"]).into_iter().chain([document.clone()]);
            for annotation in all.flat_map(|package| list(&package["annotations"])) {
                let (name, json) = annotation["comment"].as_str().unwrap().split_once('=').unwrap();
                take(name, json);
            }
        }
    }
    (packages, inventory.unwrap())
}

#[test]
fn an_sbom_loses_nothing() {
    for report in [sample::full(), sample::hostile(), sample::undetermined()] {
        for format in [Format::CycloneDx, Format::Spdx] {
            let (packages, inventory) = carried(&format, &report);
            let expected: Vec<Package> = report.packages.iter().map(|(_, package)| package.clone()).collect();
            assert_eq!(packages, expected);
            assert_eq!(inventory.distro, report.distro);
            assert_eq!(inventory.image.as_ref(), Some(&report.image));
            assert_eq!(inventory.problems, report.warnings);
        }
    }
}

#[test]
fn the_time_is_all_that_differs() {
    let early = sample::full();
    let mut late = early.clone();
    late.created = Timestamp::from_second(1_800_000_000).unwrap();
    let formats = [Format::Table, Format::Json, Format::Sarif, Format::CycloneDx, Format::Spdx, Format::Html, Format::Purl];
    for format in formats {
        let mut replaced = text(&format, &late);
        assert_eq!(text(&format, &early), text(&format, &early));
        replaced = replaced.replace(&late.created.to_string(), &early.created.to_string());
        assert_eq!(text(&format, &early), replaced, "{format}");
    }
}

#[test]
fn the_identity_follows_the_content() {
    let mut other = sample::full();
    other.packages.pop();
    for (format, field) in [(Format::CycloneDx, "serialNumber"), (Format::Spdx, "documentNamespace")] {
        assert_ne!(value(&format, &sample::full())[field], value(&format, &other)[field]);
    }
}

#[test]
fn references_meet() {
    for report in [sample::full(), sample::hostile(), sample::undetermined()] {
        let bom = value(&Format::CycloneDx, &report);
        let mut known: Vec<&str> = bom["components"]
            .as_array()
            .unwrap()
            .iter()
            .chain([&bom["metadata"]["component"]])
            .map(|c| c["bom-ref"].as_str().unwrap())
            .collect();
        let number = known.len();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), number, "references differ");
        for affect in bom["vulnerabilities"].as_array().unwrap().iter().flat_map(|v| v["affects"].as_array().unwrap()) {
            assert!(known.contains(&affect["ref"].as_str().unwrap()));
        }
        for below in bom["dependencies"].as_array().unwrap().iter().flat_map(|d| d["dependsOn"].as_array().unwrap()) {
            assert!(known.contains(&below.as_str().unwrap()));
        }
    }
}

#[test]
fn sarif_results_name_their_rule_and_survive_a_rebuild() {
    let report = sample::full();
    let sarif = value(&Format::Sarif, &report);
    let run = &sarif["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let mut rebuilt = report.clone();
    for finding in rebuilt.findings.iter_mut().flatten() {
        finding.version.push_str("+b1");
        finding.evidence.iter_mut().for_each(|evidence| evidence.layer = None);
    }
    let fingerprints = |report: &Report| -> Vec<Value> {
        let sarif = value(&Format::Sarif, report);
        sarif["runs"][0]["results"].as_array().unwrap().iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    assert_eq!(fingerprints(&report), fingerprints(&rebuilt));
}

#[test]
fn several_reports() {
    let reports = [sample::full(), sample::undetermined()];
    let options = RenderOptions::default();
    let sarif: Value = serde_json::from_slice(&render(&Format::Sarif, &reports, &options).unwrap()).unwrap();
    assert_eq!(sarif["runs"].as_array().unwrap().len(), 2);
    for format in [Format::CycloneDx, Format::Spdx] {
        let error = render(&format, &reports, &options).unwrap_err();
        assert!(matches!(error, ReportError::OneImage { count: 2, .. }) && error.to_string().contains("--platform"), "{error}");
    }
    let purls = String::from_utf8(render(&Format::Purl, &reports, &options).unwrap()).unwrap();
    assert!(purls.lines().is_sorted() && purls.contains("bash") && purls.contains("log4j"));
}
