//! Times the matching of an inventory: `match DATABASE LIST`, where each line of the list is `KIND NAME VERSION …` (for deb
//! with architecture, source and its version). Short lists are repeated up to 1,000 packages. Prints the median of 51 runs.
#![expect(clippy::print_stdout, reason = "what an example is for")]

use std::path::Path;
use std::str::FromStr;
use std::time::Instant;

use advisory::database::Database;
use matcher::MatchOptions;
use model::distro::Distro;
use model::inventory::Inventory;
use model::package::{Location, Package, PackageType, SourcePackage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, list, os_release @ ..] = arguments.as_slice() else {
        return Err("usage: match DATABASE LIST [ID=…]".into());
    };
    let database = Database::open(Path::new(database))?;
    let mut packages: Vec<Package> = std::fs::read_to_string(list)?.lines().filter_map(package).collect();
    if packages.is_empty() {
        return Err("no package in the list".into());
    }
    let real = packages.len();
    packages = packages.iter().cycle().take(real.max(1000)).cloned().collect();
    let os_release = if os_release.is_empty() { "ID=debian\nVERSION_ID=11".to_owned() } else { os_release.join("\n") };
    let inventory = Inventory { distro: Distro::from_os_release(&os_release), packages, ..Inventory::default() };
    let options = MatchOptions::new(jiff::Timestamp::now());

    let start = Instant::now();
    let matched = matcher::match_inventory(&inventory, &database, &options)?;
    let first = start.elapsed();
    let mut times = Vec::new();
    for _ in 0..51 {
        let start = Instant::now();
        matcher::match_inventory(&inventory, &database, &options)?;
        times.push(start.elapsed());
    }
    times.sort();
    println!(
        "{} packages ({real} of the list), {} findings: first {first:.2?}, median {:.2?}",
        inventory.packages.len(),
        matched.findings.len(),
        times.get(times.len() / 2).copied().unwrap_or_default()
    );
    for row in matched.coverage {
        println!("{row:?}");
    }
    Ok(())
}

fn package(line: &str) -> Option<Package> {
    let mut words = line.split_whitespace();
    let kind = PackageType::from_str(words.next()?).ok()?;
    let (name, version) = (words.next()?, words.next()?);
    let name = if kind == PackageType::Pypi { name.to_ascii_lowercase().replace('_', "-") } else { name.to_owned() };
    let mut package = Package::new(kind, name, version, "example");
    package.locations = vec![Location { path: "/example".to_owned(), layer: None }];
    if let (PackageType::Deb, [architecture, source, version]) = (kind, words.collect::<Vec<_>>().as_slice()) {
        package.architecture = Some((*architecture).to_owned());
        package.source = Some(SourcePackage { name: (*source).to_owned(), version: (*version).to_owned() });
    }
    Some(package)
}
