//! .NET: `packages.lock.json` and `packages.config`
//! (<https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies>,
//! <https://learn.microsoft.com/nuget/reference/packages-config>).

use std::collections::BTreeSet;

use model::package::PackageType;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::{dotnet, json};

/// Packages that NuGet locked, for whichever framework.
#[derive(Debug)]
pub(super) struct NuGet;

impl Parser for NuGet {
    const ID: &'static str = "language/lock/nuget";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("packages.lock.json"), Claim::Name("packages.config")];

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut list = Listing::new(found, PackageType::Nuget, Self::ID);
        if file.name() == b"packages.config" { config(content, &mut list) } else { lock(content, &mut list) }
    }
}

fn lock(content: &[u8], list: &mut Listing<'_>) {
    let document = match json::document(content) {
        Ok(document) => document,
        Err(error) => return list.lost(json::problem(&error)),
    };
    // The same package is locked for each framework.
    let mut packages = BTreeSet::new();
    for (_, framework) in json::members(&document, "dependencies") {
        for (name, entry) in framework.as_object().into_iter().flatten() {
            if json::text(entry, "type") != "Project" {
                packages.insert((dotnet::normalize(name), json::text(entry, "resolved")));
            }
        }
    }
    for (name, version) in packages {
        list.add(name, version);
    }
}

fn config(content: &[u8], list: &mut Listing<'_>) {
    let text = String::from_utf8_lossy(content);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) if element.local_name().as_ref() == "package" => {
                let attribute = |name: &str| {
                    let found = element.attributes().flatten().find(|attribute| attribute.key.as_ref() == name);
                    found.map(|attribute| attribute.value.into_owned()).unwrap_or_default()
                };
                list.add(dotnet::normalize(&attribute("id")), attribute("version"));
            }
            Ok(Event::Eof) => return,
            Ok(_) => {}
            Err(error) => return list.lost(format!("is not valid XML: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(path: &str, text: &str) -> Vec<String> {
        let found = run(&Whole::<NuGet>::new(), path, text.as_bytes());
        found.packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect()
    }

    #[test]
    fn both_files() {
        let lock = r#"{"version": 1, "dependencies": {"net6.0": {"A.B": {"type": "Direct", "resolved": "1.0.0"}, "app": {"type": "Project"}},
            "net7.0": {"A.B": {"type": "Transitive", "resolved": "1.0.0"}}}}"#;
        assert_eq!(names("packages.lock.json", lock), ["a.b@1.0.0"]);
        let config = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<packages>\n<package id=\"jQuery\" version=\"1.10.2\" targetFramework=\"net472\" />\n</packages>";
        assert_eq!(names("packages.config", config), ["jquery@1.10.2"]);
    }
}
