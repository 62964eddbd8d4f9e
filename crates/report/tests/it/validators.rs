//! The validators of the formats' own communities, where `PLIMSOLL_VALIDATORS` names a folder that holds them: a Python
//! virtual environment with `cyclonedx-python-lib[json-validation]`, `spdx-tools` and `xmlschema`, and beside its `bin` the
//! files `sarif-schema-2.1.0.json` and `junit-10.xsd`.

use std::path::PathBuf;
use std::process::Command;

use model::package::PackageType;
use model::report::Report;
use report::{Format, RenderOptions, render};

use crate::sample;

/// The folder, if the Python module is in it.
fn validators(module: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("PLIMSOLL_VALIDATORS").map(PathBuf::from) else {
        return testing::skip(&format!("PLIMSOLL_VALIDATORS, for {module}"));
    };
    let there = Command::new(folder.join("bin/python3")).args(["-c", &format!("import {module}")]).status();
    if there.is_ok_and(|status| status.success()) { Some(folder) } else { testing::skip(&format!("Python module {module}")) }
}

/// Runs a script over the document of each report; it prints nothing where the document is valid.
fn check(folder: &PathBuf, format: &Format, script: &str) {
    let mut licences = sample::inventory();
    let texts = [
        "GPL-2.0",
        "GPL-2.0+",
        "GPL-2.0-or-later",
        "BSD-3-Clause AND (MIT OR GPL-3.0-only)",
        "public domain",
        "LicenseRef-own",
        "MIT AND LicenseRef-other",
        "MIT",
    ];
    let packages = (0..texts.len()).map(|number| {
        let mut package = sample::package(PackageType::Deb, &format!("p{number}"), "1", "/var/lib/dpkg/status");
        package.licenses = texts[number..].iter().map(|&text| text.to_owned()).collect();
        package
    });
    licences.packages = sample::listed(packages.collect(), licences.distro.as_ref());
    let reports: [(&str, Report); 8] = [
        ("full", sample::full()),
        ("inventory", sample::inventory()),
        ("empty", sample::empty()),
        ("undetermined", sample::undetermined()),
        ("hostile", sample::hostile()),
        ("licences", licences),
        ("files", sample::files()),
        ("both", sample::both()),
    ];
    let place = tempfile::tempdir().unwrap();
    for (name, report) in reports {
        let file = place.path().join(format!("{name}.json"));
        std::fs::write(&file, render(format, &[report], &RenderOptions::default()).unwrap()).unwrap();
        let output = Command::new(folder.join("bin/python3")).args(["-c", script]).arg(&file).arg(folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.trim().is_empty(), "{name}: {said}");
    }
}

#[test]
fn cyclonedx_is_valid() {
    let Some(folder) = validators("cyclonedx.validation.json") else { return };
    check(
        &folder,
        &Format::CycloneDx,
        "import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
if error: print(str(error)[:2000])",
    );
}

#[test]
fn spdx_is_valid() {
    let Some(folder) = validators("spdx_tools.spdx.parser.parse_anything") else { return };
    check(
        &folder,
        &Format::Spdx,
        "import sys
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
for problem in validate_full_spdx_document(parse_file(sys.argv[1])): print(problem.validation_message)",
    );
}

#[test]
fn sarif_is_valid() {
    let Some(folder) = validators("jsonschema") else { return };
    if !folder.join("sarif-schema-2.1.0.json").exists() {
        return testing::skip::<()>("sarif-schema-2.1.0.json").unwrap_or_default();
    }
    check(
        &folder,
        &Format::Sarif,
        "import json, sys, jsonschema
schema = json.load(open(sys.argv[2] + '/sarif-schema-2.1.0.json'))
kind = jsonschema.validators.validator_for(schema)
for error in kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(json.load(open(sys.argv[1]))): print(error.message[:500], list(error.path))",
    );
}

#[test]
fn junit_is_valid() {
    let Some(folder) = validators("xmlschema") else { return };
    check(
        &folder,
        &Format::Junit,
        "import sys, xmlschema
for error in list(xmlschema.XMLSchema(sys.argv[2] + '/junit-10.xsd').iter_errors(sys.argv[1]))[:3]: print(str(error)[:1000])",
    );
}
