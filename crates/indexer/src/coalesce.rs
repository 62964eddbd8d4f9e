//! The fold over an image's layers: what is still there when all of them lie on top of each other.
//!
//! A file found in a layer stands unless a layer above replaces it, deletes it or a folder above it (whiteout), hides what
//! a folder held (opaque), or puts something that is no folder in the place of one of its folders.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::digest::Digest;
use model::distro::Distro;
use model::image::BaseImage;
use model::inventory::{Inventory, Notice};
use model::package::{Origin, Package, PackageType};

use crate::extractor::LicenseText;
use crate::layer::{FileInventory, LayerInventory};
use crate::path_hash::PathHash;
use crate::{license, notable};

/// One layer of the fold.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    /// Diff id; `None` for a live root.
    pub diff_id: Option<Digest>,
    /// What is in it.
    pub inventory: &'a LayerInventory,
}

/// Folds layers, lowest first, into one inventory. `base` says how many of the lowest belong to the base image, where
/// that is known; of the files `owners_of` the inventory says which package owns them.
pub fn coalesce(layers: &[Layer<'_>], base: Option<&BaseImage>, owners_of: &[String]) -> Inventory {
    let visible = visible_files(layers);
    let distro = choose_distro(&visible);
    let asked: Vec<(&String, u64)> = owners_of.iter().map(|path| (path, merged_hash(path))).collect();
    let owners = Owners::new(&visible, asked.iter().map(|(_, hash)| *hash).chain(notable::asked(layers)));
    let licenses = Licenses::new(&visible);
    let texts = Texts::new(&visible);
    let mut notices: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let base_layers = base.and_then(|base| base.layers);
    let earlier = EarlierVersions::new(layers, &visible);

    let mut merged: BTreeMap<(PackageType, String, String, String), Package> = BTreeMap::new();
    for &Visible { layer, file } in &visible {
        let owner = owners.of(file.merged);
        for package in &file.packages {
            let mut package = package.clone();
            let first = earlier.first_layer_with(&package, file, layer);
            for location in &mut package.locations {
                location.layer = layers[first].diff_id;
            }
            if !package.kind.is_os() {
                package.owned_by = owner.map(str::to_owned);
                // The package database speaks for the programs it owns; a guess from their bytes would only repeat it.
                if package.owned_by.is_some() && matches!(package.kind, PackageType::Bitnami | PackageType::Generic) {
                    continue;
                }
            } else if package.licenses.is_empty() {
                package.licenses = licenses.of(&package);
            }
            let beside = texts.beside(&package);
            // A text says more than a name that could mean several (`BSD`).
            if !package.licenses.iter().any(|declared| model::license::is_expression(declared)) {
                let found: BTreeSet<&String> = beside.iter().filter_map(|(_, text)| text.expression.as_ref()).collect();
                if !found.is_empty() {
                    package.licenses = found.into_iter().cloned().collect();
                }
            }
            package.origin = match base_layers {
                Some(count) if first < count => Origin::Base,
                Some(_) => Origin::App,
                None => Origin::Unknown,
            };
            let purl = model::purl::of(&package, distro.as_ref());
            for (path, _) in beside {
                notices.entry(path).or_default().insert(purl.clone());
            }
            let key = (package.kind, package.name.clone(), package.version.clone(), purl);
            match merged.entry(key) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(package);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => merge(place.get_mut(), package),
            }
        }
    }
    let mut packages: Vec<Package> = merged.into_values().collect();
    for package in &mut packages {
        package.locations.sort();
        package.locations.dedup();
    }
    let (problems, mut unread) = problems(layers);
    let lost = visible.iter().filter(|visible| visible.file.unread);
    unread.extend(lost.map(|visible| format!("{} could not be read, so packages may be missing", visible.file.path)));
    let notable = notable::fold(layers, |hash| owners.of(hash));
    let notable_left_out = layers.iter().map(|layer| layer.inventory.notable_left_out).sum();
    let owned = asked
        .into_iter() // dpkg names packages of several architectures `name:arch`.
        .filter_map(|(path, hash)| Some((path.clone(), owners.of(hash)?.split(':').next()?.to_owned())))
        .collect();
    let notices = texts.notices(notices);
    Inventory { distro, packages, owners: owned, notices, secrets: None, notable, notable_left_out, problems, unread }
}

/// The same package seen in one more place.
fn merge(into: &mut Package, other: Package) {
    into.locations.extend(other.locations);
    // One place that the distribution does not own is enough for the ecosystem's advisories to hold.
    if other.owned_by.is_none() {
        into.owned_by = None;
    }
    if other.origin != into.origin {
        into.origin = Origin::App;
    }
    if other.unjudged.is_none() {
        into.unjudged = None;
    }
    let all: BTreeSet<String> = into.licenses.drain(..).chain(other.licenses).collect();
    into.licenses = all.into_iter().collect();
    // With several builds of one module, a symbol counts as linked when one of them links it, and nothing is known when
    // one of them does not tell.
    into.linked_symbols = match (into.linked_symbols.take(), other.linked_symbols) {
        (Some(mut left), Some(right)) => {
            left.extend(&right);
            Some(left)
        }
        _ => None,
    };
}

/// A file that no layer above hides.
#[derive(Clone, Copy)]
struct Visible<'a> {
    layer: usize,
    file: &'a FileInventory,
}

fn visible_files<'a>(layers: &[Layer<'a>]) -> Vec<Visible<'a>> {
    let mut visible = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let above = &layers[index + 1..];
        visible.extend(
            layer
                .inventory
                .files
                .iter()
                .filter(|file| !above.iter().any(|upper| hides(upper.inventory, &file.hashes)))
                .map(|file| Visible { layer: index, file }),
        );
    }
    visible
}

/// Whether a layer hides a file of a layer below it, of which these are the hashes of the name and of the folders above it.
pub(crate) fn hides(upper: &LayerInventory, hashes: &[u64]) -> bool {
    let contains = |hashes: &[u64], hash: u64| hashes.binary_search(&hash).is_ok();
    let folders = hashes.get(1..).unwrap_or_default();
    hashes.iter().any(|&hash| contains(&upper.names, hash) || contains(&upper.whiteouts, hash))
        || (!upper.opaque.is_empty() && folders.iter().any(|&hash| contains(&upper.opaque, hash)))
}

/// `os-release` speaks before anything else; where only older files are, the one that ranks first among them.
fn choose_distro(visible: &[Visible<'_>]) -> Option<Distro> {
    let rank = |path: &str| crate::os::os_release::rank(path.trim_start_matches('/').as_bytes()).unwrap_or(usize::MAX);
    visible
        .iter()
        .filter_map(|visible| visible.file.distro.as_ref().map(|distro| (rank(&visible.file.path), &visible.file.path, distro)))
        .min_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)))
        .map(|(_, _, distro)| distro.clone())
}

/// The hash that packages' lists of files have for a path as reports write it.
fn merged_hash(path: &str) -> u64 {
    PathHash::of_merged(&model::path::normalize(path.as_bytes())).0
}

/// Which OS package owns a file.
struct Owners<'a>(HashMap<u64, &'a str>);

impl<'a> Owners<'a> {
    /// Only files in which something was found need an owner, so only those are kept. Who comes first owns a file.
    fn new(visible: &[Visible<'a>], asked: impl Iterator<Item = u64>) -> Self {
        let has_language = |file: &&FileInventory| file.packages.iter().any(|package| !package.kind.is_os());
        let mut wanted: Vec<u64> =
            visible.iter().map(|visible| visible.file).filter(has_language).map(|file| file.merged).chain(asked).collect();
        wanted.sort_unstable();
        let mut owners: HashMap<u64, &'a str> = HashMap::new();
        for owned in visible.iter().flat_map(|visible| &visible.file.owned) {
            // Both are sorted; the shorter one is looked up in the other.
            let (few, many) = if owned.files.len() < wanted.len() { (&owned.files, &wanted) } else { (&wanted, &owned.files) };
            for file in few.iter().filter(|file| many.binary_search(file).is_ok()) {
                owners.entry(*file).or_insert(&owned.package);
            }
        }
        Self(owners)
    }

    fn of(&self, merged: u64) -> Option<&'a str> {
        self.0.get(&merged).copied()
    }
}

/// What copyright files say of OS packages.
struct Licenses<'a> {
    by_package: HashMap<&'a str, BTreeSet<&'a str>>,
    /// Packages with a copyright file by the source they were built from.
    by_source: HashMap<(&'a str, &'a str), BTreeSet<&'a str>>,
}

impl<'a> Licenses<'a> {
    fn new(visible: &[Visible<'a>]) -> Self {
        let mut by_package: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for (package, declared) in visible.iter().flat_map(|visible| &visible.file.licenses) {
            by_package.entry(package).or_default().extend(declared.iter().map(String::as_str));
        }
        let mut by_source: HashMap<(&str, &str), BTreeSet<&str>> = HashMap::new();
        for package in
            visible.iter().flat_map(|visible| &visible.file.packages).filter(|package| package.kind == PackageType::Deb)
        {
            if by_package.contains_key(package.name.as_str()) {
                by_source.entry(package.source_or_self()).or_default().insert(&package.name);
            }
        }
        Self { by_package, by_source }
    }

    fn of(&self, package: &Package) -> Vec<String> {
        let declared = self.by_package.get(package.name.as_str()).or_else(|| {
            // A package without a file of its own shares that of another from the same source, by a link in place of the
            // folder (<https://www.debian.org/doc/debian-policy/ch-docs.html#copyright-information>). Where several could
            // be meant, they must say the same.
            let mut siblings = self.by_source.get(&package.source_or_self())?.iter().filter_map(|name| self.by_package.get(name));
            let first = siblings.next()?;
            siblings.all(|other| other == first).then_some(first)
        });
        declared.into_iter().flatten().map(|&license| license.to_owned()).collect()
    }
}

/// The texts of licences by the folder that they are about.
struct Texts<'a>(BTreeMap<&'a str, Vec<(&'a str, &'a LicenseText)>>);

impl<'a> Texts<'a> {
    fn new(visible: &[Visible<'a>]) -> Self {
        let mut texts: BTreeMap<&str, Vec<(&str, &LicenseText)>> = BTreeMap::new();
        for file in visible.iter().map(|visible| visible.file) {
            if let Some(text) = &file.license_text {
                texts.entry(license::folder_of_text(&file.path)).or_default().push((&file.path, text));
            }
        }
        Self(texts)
    }

    fn beside(&self, package: &Package) -> Vec<(&'a str, &'a LicenseText)> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let folders = license::folders_of_package(package);
        folders.iter().filter_map(|folder| self.0.get(folder.as_str())).flatten().copied().collect()
    }

    /// Those that lie beside a package.
    fn notices(self, mut packages: BTreeMap<&str, BTreeSet<String>>) -> Vec<Notice> {
        let all: BTreeMap<&str, &LicenseText> = self.0.into_values().flatten().collect();
        all.into_iter()
            .filter_map(|(path, text)| {
                let packages = packages.remove(path)?.into_iter().collect();
                Some(Notice { path: path.to_owned(), packages, copyrights: text.copyrights.clone(), text: text.text.clone() })
            })
            .collect()
    }
}

/// Package databases are one file that every layer writes anew. A package belongs to the layer that first brought it,
/// not to the last that copied the file.
struct EarlierVersions<'a> {
    /// Path hash → layers that hold a version of the file, lowest first, for files in more than one layer.
    versions: HashMap<u64, Vec<(usize, &'a FileInventory)>>,
}

impl<'a> EarlierVersions<'a> {
    fn new(layers: &[Layer<'a>], visible: &[Visible<'a>]) -> Self {
        let wanted: BTreeSet<u64> = visible
            .iter()
            .filter(|visible| visible.file.packages.len() > 1)
            .filter_map(|visible| visible.file.hashes.first().copied())
            .collect();
        let mut versions: HashMap<u64, Vec<(usize, &'a FileInventory)>> = HashMap::new();
        for (index, layer) in layers.iter().enumerate() {
            for file in &layer.inventory.files {
                if let Some(hash) = file.hashes.first().filter(|hash| wanted.contains(hash)) {
                    versions.entry(*hash).or_default().push((index, file));
                }
            }
        }
        versions.retain(|_, layers| layers.len() > 1);
        Self { versions }
    }

    fn first_layer_with(&self, package: &Package, file: &FileInventory, layer: usize) -> usize {
        let Some(versions) = file.hashes.first().and_then(|hash| self.versions.get(hash)) else { return layer };
        let same = |other: &Package| {
            (other.kind, &other.name, &other.version, &other.architecture)
                == (package.kind, &package.name, &package.version, &package.architecture)
        };
        versions
            .iter()
            .rev()
            .skip_while(|(index, _)| *index > layer)
            .take_while(|(_, version)| version.packages.iter().any(same))
            .last()
            .map_or(layer, |(index, _)| *index)
    }
}

fn problems(layers: &[Layer<'_>]) -> (Vec<String>, Vec<String>) {
    let mut problems = Vec::new();
    let mut unread = Vec::new();
    for layer in layers {
        let name = layer.diff_id.map_or_else(|| "root file system".to_owned(), |diff_id| format!("layer {diff_id}"));
        problems.extend(layer.inventory.problems.iter().map(|problem| format!("{name}: {problem}")));
        if let Some(reason) = &layer.inventory.cut_short {
            unread.push(format!("{name}: {reason}"));
        }
    }
    problems.extend(unread.iter().cloned());
    for list in [&mut problems, &mut unread] {
        list.sort();
        list.dedup();
    }
    (problems, unread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::package::Location;

    fn file(path: &str, packages: &[(&str, &str)]) -> FileInventory {
        FileInventory {
            path: format!("/{path}"),
            hashes: PathHash::with_ancestors(path.as_bytes()),
            merged: PathHash::of_merged(path.as_bytes()).0,
            packages: packages
                .iter()
                .map(|(name, version)| {
                    let mut package = Package::new(PackageType::Npm, *name, *version, "test");
                    package.locations.push(Location { path: format!("/{path}"), layer: None });
                    package
                })
                .collect(),
            ..FileInventory::default()
        }
    }

    fn hashes(paths: &[&str]) -> Vec<u64> {
        let mut hashes: Vec<u64> = paths.iter().map(|path| PathHash::of(path.as_bytes()).0).collect();
        hashes.sort_unstable();
        hashes
    }

    fn layer(files: Vec<FileInventory>, names: &[&str], whiteouts: &[&str], opaque: &[&str]) -> LayerInventory {
        LayerInventory {
            files,
            names: hashes(names),
            whiteouts: hashes(whiteouts),
            opaque: hashes(opaque),
            ..LayerInventory::default()
        }
    }

    fn fold(layers: &[LayerInventory]) -> Vec<String> {
        let layers: Vec<Layer<'_>> = layers.iter().map(|inventory| Layer { diff_id: None, inventory }).collect();
        coalesce(&layers, None, &[]).packages.into_iter().map(|package| format!("{}@{}", package.name, package.version)).collect()
    }

    #[test]
    fn what_upper_layers_hide() {
        let lower =
            || layer(vec![file("app/a/package.json", &[("a", "1")]), file("app/b/package.json", &[("b", "1")])], &[], &[], &[]);
        assert_eq!(fold(&[lower()]), ["a@1", "b@1"]);
        assert_eq!(fold(&[lower(), layer(vec![], &[], &["app/a"], &[])]), ["b@1"]);
        assert_eq!(fold(&[lower(), layer(vec![], &[], &["app/a/package.json"], &[])]), ["b@1"]);
        assert_eq!(fold(&[lower(), layer(vec![], &[], &[], &["app"])]), Vec::<String>::new());
        assert_eq!(fold(&[lower(), layer(vec![], &[], &[], &["app/a/package.json"])]), ["a@1", "b@1"]);
        assert_eq!(fold(&[lower(), layer(vec![], &["app"], &[], &[])]), Vec::<String>::new());
        // Replaced by a newer one, and by something that is no package.
        assert_eq!(
            fold(&[lower(), layer(vec![file("app/a/package.json", &[("a", "2")])], &["app/a/package.json"], &[], &[])]),
            ["a@2", "b@1"]
        );
        assert_eq!(fold(&[lower(), layer(vec![], &["app/a/package.json"], &[], &[])]), ["b@1"]);
        // A whiteout hides what lies below it, not what its own layer brings.
        assert_eq!(
            fold(&[lower(), layer(vec![file("app/a/package.json", &[("a", "3")])], &["app/a/package.json"], &["app/a"], &[])]),
            ["a@3", "b@1"]
        );
    }

    #[test]
    fn a_package_belongs_to_the_layer_that_first_brought_it() {
        let diff_id = |byte: u8| Some(Digest::Sha256([byte; 32]));
        let database = |packages: &[(&str, &str)]| layer(vec![file("db", packages)], &["db"], &[], &[]);
        let layers = [
            database(&[("a", "1"), ("b", "1")]),
            database(&[("a", "1"), ("b", "2")]),
            database(&[("a", "1"), ("b", "2"), ("c", "1")]),
        ];
        let layers: Vec<Layer<'_>> =
            layers.iter().zip(1..).map(|(inventory, byte)| Layer { diff_id: diff_id(byte), inventory }).collect();
        let base = BaseImage { name: None, digest: None, how: model::image::BaseEvidence::Flag, layers: Some(2) };
        let inventory = coalesce(&layers, Some(&base), &[]);
        let got: Vec<_> = inventory
            .packages
            .iter()
            .map(|package| (package.name.as_str(), package.locations[0].layer, package.origin))
            .collect();
        assert_eq!(got, [("a", diff_id(1), Origin::Base), ("b", diff_id(2), Origin::Base), ("c", diff_id(3), Origin::App)]);
    }
}
