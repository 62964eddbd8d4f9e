//! What must hold for any inventory and any database.

use model::coverage::Level;
use model::finding::Finding;
use model::package::PackageType;
use proptest::prelude::*;

use crate::world::*;

const NAMES: [&str; 4] = ["curl", "bash", "openssl", "zlib"];

fn version(number: u8) -> String {
    format!("{}.{}-1", number / 4, number % 4)
}

/// Names by position, installed versions, and what advisories say: which name, fixed in which version.
fn world(packages: &[(usize, u8)], fixes: &[(usize, u8)], backwards: bool) -> World {
    let mut world = World::debian().feed("other", "2024-06-01", &[("debian:12", Level::Full)]).patient();
    let mut fixes: Vec<(usize, &(usize, u8))> = fixes.iter().enumerate().collect();
    let mut packages = packages.to_vec();
    if backwards {
        fixes.reverse();
        packages.reverse();
    }
    for (number, (name, fixed)) in fixes {
        // Every third one speaks of the vulnerability before it under another name.
        let id = format!("CVE-2024-{:04}", number - usize::from(number % 3 == 2));
        let entry = affected("debian:12", NAMES[*name], &version(*fixed));
        world = match number % 3 {
            2 => world.says("other", alias(advisory(&format!("X-{number}"), entry), &[&id])),
            _ => world.says("debian-dsa", advisory(&id, entry)),
        };
    }
    for (name, installed) in packages {
        world = world.has(deb(NAMES[name], &version(installed)));
    }
    world
}

/// Positions of names, each with a version.
type Named = Vec<(usize, u8)>;

fn inputs() -> impl Strategy<Value = (Named, Named)> {
    let packages = prop::collection::btree_map(0..NAMES.len(), 0..12_u8, 1..NAMES.len());
    let packages = packages.prop_map(|packages| packages.into_iter().collect::<Vec<_>>());
    (packages, prop::collection::vec((0..NAMES.len(), 0..12_u8), 0..9))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn order_does_not_show((packages, fixes) in inputs()) {
        prop_assert_eq!(world(&packages, &fixes, false).matched(), world(&packages, &fixes, true).matched());
    }

    #[test]
    fn findings_are_what_the_fixes_say((packages, fixes) in inputs()) {
        let expected = packages
            .iter()
            .flat_map(|(name, installed)| {
                let hit = fixes.iter().enumerate().filter(move |(_, (fixed_name, fixed))| fixed_name == name && installed < fixed);
                let ids: std::collections::BTreeSet<usize> = hit.map(|(number, _)| number - usize::from(number % 3 == 2)).collect();
                ids.into_iter().map(move |id| (format!("CVE-2024-{id:04}"), NAMES[*name].to_owned()))
            })
            .collect::<std::collections::BTreeSet<_>>();
        let findings = world(&packages, &fixes, false).matched().findings;
        let found = findings.iter().map(|finding| (finding.id.clone(), finding.package.clone())).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(found.len(), findings.len());
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn an_unrelated_package_changes_nothing((packages, fixes) in inputs(), number in 0..12_u8) {
        let before = world(&packages, &fixes, false).matched();
        let after = world(&packages, &fixes, false)
            .has(deb("unrelated", &version(number)))
            .has(package(PackageType::Npm, "curl", "0.0.1"))
            .matched();
        prop_assert_eq!(before.findings, after.findings);
    }

    /// Upgrading to the last version that a finding names removes it, and it stays gone.
    #[test]
    fn the_fixed_version_fixes((packages, fixes) in inputs(), more in 0..3_u8) {
        let findings: Vec<Finding> = world(&packages, &fixes, false).matched().findings;
        for finding in findings {
            let Some(last) = finding.fixed_in.last() else { continue };
            let number = (0..12_u8).find(|number| version(*number) == *last).unwrap().saturating_add(more);
            let upgraded: Vec<(usize, u8)> = packages
                .iter()
                .map(|(name, installed)| if NAMES[*name] == finding.package { (*name, number) } else { (*name, *installed) })
                .collect();
            let left = world(&upgraded, &fixes, false).matched().findings;
            prop_assert!(!left.iter().any(|other| other.id == finding.id && other.package == finding.package), "{:?}", left);
        }
    }

    /// Every package is counted once, whatever becomes of it.
    #[test]
    fn every_package_is_counted((packages, fixes) in inputs()) {
        let world = world(&packages, &fixes, false).has(rpm("x", "1-1")).has(package(PackageType::Npm, "x", "1.0.0"));
        let counted: usize = world.matched().coverage.iter().map(|row| row.judged + row.unjudged + row.undetermined).sum();
        prop_assert_eq!(counted, world.inventory.packages.len());
    }
}
