//! Deployed .NET applications: the dependency manifest beside each
//! (<https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md>).

use model::package::PackageType;
use serde_json::Value;

use super::json;
use super::listing::Listing;
use crate::extractor::{Claim, File, Found, Parser};

/// NuGet packages that a deployed application or shared framework brings.
#[derive(Debug)]
pub struct DotNet;

impl Parser for DotNet {
    const ID: &'static str = "language/dotnet";
    const VERSION: u32 = 2;
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".deps.json")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => {
                found.lost(json::problem(&error));
                return;
            }
        };
        let target = document.get("runtimeTarget").map(|target| json::text(target, "name")).unwrap_or_default();
        let target = document.get("targets").and_then(|targets| targets.get(target));
        let mut list = Listing::new(found, PackageType::Nuget, Self::ID);
        for (key, library) in json::members(&document, "libraries") {
            let name = match json::text(library, "type") {
                "package" => key.as_str(),
                // Named after what it was restored from, which is what advisories speak of.
                "runtimepack" => key.strip_prefix("runtimepack.").unwrap_or(key),
                // `project` is the application itself, `reference` a bare file.
                _ => continue,
            };
            // A package that brought no file is not here: it only pulled in others, or was needed to compile.
            if target.and_then(|target| target.get(key)).is_some_and(|assets| !brings_files(assets)) {
                continue;
            }
            if let Some((name, version)) = name.split_once('/') {
                list.add(normalize(name), version);
            }
        }
    }
}

/// NuGet compares names without case.
pub(super) fn normalize(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn brings_files(assets: &Value) -> bool {
    ["runtime", "runtimeTargets", "native", "resources"]
        .iter()
        .any(|kind| assets.get(kind).and_then(Value::as_object).is_some_and(|files| !files.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn lists_what_brought_files() {
        let text = r#"{"runtimeTarget": {"name": ".NETCoreApp,Version=v6.0/linux-x64"},
          "targets": {".NETCoreApp,Version=v6.0/linux-x64": {
            "app/1.0.0": {"runtime": {"app.dll": {}}},
            "Newtonsoft.Json/12.0.3": {"runtime": {"lib/netstandard2.0/Newtonsoft.Json.dll": {}}},
            "NETStandard.Library/2.0.3": {"dependencies": {"Microsoft.NETCore.Platforms": "1.1.0"}},
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.1": {"runtime": {"System.dll": {}}}}},
          "libraries": {"app/1.0.0": {"type": "project"}, "Newtonsoft.Json/12.0.3": {"type": "package"},
            "NETStandard.Library/2.0.3": {"type": "package"}, "Local/1.0": {"type": "reference"},
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.1": {"type": "runtimepack"}}}"#;
        let found = run(&Whole::<DotNet>::new(), "app/app.deps.json", text.as_bytes());
        let got: Vec<_> = found.packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect();
        assert_eq!(got, ["newtonsoft.json@12.0.3", "microsoft.netcore.app.runtime.linux-x64@6.0.1"]);
        // Without targets nothing says what brought files.
        let bare = r#"{"libraries": {"A/1": {"type": "package"}}}"#;
        assert_eq!(run(&Whole::<DotNet>::new(), "app.deps.json", bare.as_bytes()).packages.len(), 1);
    }
}
