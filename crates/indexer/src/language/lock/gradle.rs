//! Java: Gradle's lock files (<https://docs.gradle.org/current/userguide/dependency_locking.html>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;

/// Modules of `gradle.lockfile` and `buildscript-gradle.lockfile`: `group:artifact:version=configurations`.
#[derive(Debug)]
pub(super) struct Gradle;

impl Parser for Gradle {
    const ID: &'static str = "language/lock/gradle";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".lockfile")];

    fn accepts(file: &File<'_>) -> bool {
        file.name().ends_with(b"gradle.lockfile")
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Maven, Self::ID);
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            let module = line.split('=').next().unwrap_or(line);
            // `empty=…` names configurations without modules.
            if let Some((name, version)) = module.rsplit_once(':').filter(|(name, _)| name.contains(':')) {
                list.add(name, version);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn modules() {
        let text =
            b"# This is a Gradle generated file.\norg.a:b:1.2=compileClasspath,runtimeClasspath\nempty=annotationProcessor\n";
        let found = run(&Whole::<Gradle>::new(), "buildscript-gradle.lockfile", text);
        assert_eq!(
            (found.packages[0].name.as_str(), found.packages[0].version.as_str(), found.packages.len()),
            ("org.a:b", "1.2", 1)
        );
    }
}
