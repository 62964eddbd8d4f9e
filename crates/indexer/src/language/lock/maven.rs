//! Java: `pom.xml` (<https://maven.apache.org/pom.html>). It is no lock file, but all that a Maven project has.

use std::collections::BTreeMap;

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::pom::Pom;

/// Direct dependencies whose version the file itself says; what parents and transitive dependencies bring is not known
/// here.
#[derive(Debug)]
pub(super) struct Maven;

impl Parser for Maven {
    const ID: &'static str = "language/lock/maven";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("pom.xml"), Claim::Extension(".pom")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let (pom, problem) = Pom::parse(content);
        let mut list = Listing::new(found, PackageType::Maven, Self::ID);
        if let Some(problem) = problem {
            list.lost(problem);
        }
        let managed: BTreeMap<_, _> = pom
            .managed
            .iter()
            .map(|dependency| ((dependency.group.as_str(), dependency.artifact.as_str()), dependency.version.as_str()))
            .collect();
        let mut unsaid = 0;
        for dependency in pom.dependencies.iter().filter(|dependency| !matches!(dependency.scope.as_str(), "test" | "system")) {
            let key = (dependency.group.as_str(), dependency.artifact.as_str());
            let version =
                if dependency.version.is_empty() { managed.get(&key).copied().unwrap_or_default() } else { &dependency.version };
            let resolved = (pom.resolve(key.0), pom.resolve(key.1), pom.resolve(version));
            match resolved {
                // A range is a wish.
                (Some(group), Some(artifact), Some(version)) if !version.starts_with(['[', '(']) => {
                    list.add(format!("{group}:{artifact}"), version);
                }
                _ => unsaid += 1,
            }
        }
        if unsaid > 0 {
            list.lost(format!("{unsaid} dependencies have no version in this file and were left out"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn direct_dependencies() {
        let text = br"<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version><properties><v>2.0</v></properties>
          <dependencyManagement><dependencies><dependency><groupId>m</groupId><artifactId>m</artifactId><version>${v}</version></dependency></dependencies></dependencyManagement>
          <dependencies><dependency><groupId>m</groupId><artifactId>m</artifactId></dependency>
          <dependency><groupId>g</groupId><artifactId>b</artifactId><version>${project.version}</version></dependency>
          <dependency><groupId>t</groupId><artifactId>t</artifactId><version>1</version><scope>test</scope></dependency>
          <dependency><groupId>r</groupId><artifactId>r</artifactId><version>[1,2)</version></dependency>
          <dependency><groupId>u</groupId><artifactId>u</artifactId><version>${parent.says}</version></dependency></dependencies></project>";
        let found = run(&Whole::<Maven>::new(), "pom.xml", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(got, [("m:m", "2.0"), ("g:b", "1")]);
        assert_eq!(found.problems, ["2 dependencies have no version in this file and were left out"]);
    }
}
