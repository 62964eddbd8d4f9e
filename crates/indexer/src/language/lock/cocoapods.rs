//! Objective-C and Swift: `Podfile.lock` (<https://guides.cocoapods.org/using/using-cocoapods.html>).

use std::collections::BTreeSet;

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::yaml;

/// Pods that CocoaPods locked; a pod's parts (`Firebase/Core`) are the pod.
#[derive(Debug)]
pub(super) struct CocoaPods;

impl Parser for CocoaPods {
    const ID: &'static str = "language/lock/cocoapods";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("Podfile.lock")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let (mut in_pods, mut pods) = (false, BTreeSet::new());
        for line in text.lines() {
            if !line.starts_with(' ') {
                in_pods = line.trim_end() == "PODS:";
                continue;
            }
            // Two spaces are a pod, four its dependencies.
            let Some(entry) = line.strip_prefix("  - ").filter(|_| in_pods) else { continue };
            let entry = yaml::unquote(entry.trim_end().trim_end_matches(':'));
            if let Some((name, version)) = entry.strip_suffix(')').and_then(|entry| entry.split_once(" (")) {
                pods.insert((name.split('/').next().unwrap_or(name), version));
            }
        }
        let mut list = Listing::new(found, PackageType::Swift, Self::ID);
        for (name, version) in pods {
            if let Some(package) = list.add(name, version) {
                package.unjudged = Some("no feed speaks of pods".to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn pods() {
        let text = b"PODS:\n  - Alamofire (5.6.4)\n  - Firebase/Core (10.1.0):\n    - Firebase/CoreOnly\n  - Firebase/CoreOnly (10.1.0)\n  - \"Plus+One (1.0)\"\n\nDEPENDENCIES:\n  - Alamofire (~> 5)\n\nCOCOAPODS: 1.11.3\n";
        let found = run(&Whole::<CocoaPods>::new(), "Podfile.lock", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(got, [("Alamofire", "5.6.4"), ("Firebase", "10.1.0"), ("Plus+One", "1.0")]);
    }
}
