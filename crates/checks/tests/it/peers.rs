//! hadolint and Trivy over a folder of Dockerfiles.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// What one program says of each file: its rules, or nothing where it could not read the file.
pub(crate) type Said = Vec<Option<BTreeSet<String>>>;

/// Writes each text as a file of its own.
pub(crate) fn write(folder: &Path, texts: &[String]) -> Vec<PathBuf> {
    let named = texts.iter().enumerate().map(|(number, text)| {
        let file = folder.join(format!("Dockerfile.{number:04}"));
        std::fs::write(&file, text).unwrap();
        file
    });
    named.collect()
}

/// hadolint, with the labels of the image specification as its schema and the rule that it leaves out by itself.
pub(crate) fn hadolint(files: &[PathBuf]) -> Option<Said> {
    let mut command = testing::peer("hadolint")?;
    let labels = ["url:url", "source:url", "documentation:url", "created:rfc3339", "licenses:spdx", "revision:hash"];
    for label in labels.iter().chain(&["version:semver", "title:text", "vendor:text"]) {
        command.arg("--require-label").arg(format!("org.opencontainers.image.{label}"));
    }
    command.args(["--no-fail", "--format", "json", "--info", "DL3057"]).args(files);
    let rows: Vec<Value> = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let of = |file: &PathBuf| {
        let name = file.display().to_string();
        let codes = rows.iter().filter(|row| row["file"] == name.as_str()).map(|row| row["code"].as_str().unwrap().to_owned());
        let codes: BTreeSet<String> = codes.collect();
        // Its code for what it cannot parse.
        (!codes.contains("DL1000")).then_some(codes)
    };
    Some(files.iter().map(of).collect())
}

/// Trivy, once over the whole folder.
pub(crate) fn trivy(folder: &Path, files: &[PathBuf]) -> Option<Said> {
    let mut command = testing::peer("trivy")?;
    command.args([
        "config",
        "--skip-check-update",
        "--skip-version-check",
        "--disable-telemetry",
        "--cache-backend",
        "memory",
        "-q",
    ]);
    let output = command.args(["--format", "json"]).arg(folder).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = report["Results"].as_array().cloned().unwrap_or_default();
    let of = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        // It names no file in which it found nothing and passed nothing.
        let result = results.iter().find(|result| result["Target"] == name.as_str())?;
        let rows = result["Misconfigurations"].as_array().into_iter().flatten();
        Some(rows.map(|row| row["ID"].as_str().unwrap().to_owned()).collect())
    };
    Some(files.iter().map(of).collect())
}
