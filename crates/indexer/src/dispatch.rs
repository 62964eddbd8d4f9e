//! Which extractors want a file. All claims are compiled into a few tables once, so that a file nobody wants costs a
//! handful of look-ups and no allocation.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::extractor::{Claim, Extractor, File, Target};
use crate::path_hash::{self, PathHash};

/// Every extractor of the program for one kind of target.
pub struct Extractors {
    all: Vec<Box<dyn Extractor>>,
    by_path: HashMap<u64, Vec<usize>, BuildHasherDefault<Passthrough>>,
    by_name: HashMap<u64, Vec<usize>, BuildHasherDefault<Passthrough>>,
    /// Keyed by what follows the last dot, lower case; the whole claimed suffix is checked then.
    by_extension: HashMap<u64, Vec<(&'static str, usize)>, BuildHasherDefault<Passthrough>>,
    below: Vec<(&'static str, usize)>,
    elf: Vec<usize>,
}

/// The keys are hashes already.
#[derive(Default)]
struct Passthrough(u64);

impl Hasher for Passthrough {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _bytes: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Extractors {
    /// The extractors that run on this kind of target.
    pub fn new(target: Target) -> Self {
        let all = [crate::os::all(), crate::language::all(), crate::binary::all(), crate::sbom::all()].into_iter().flatten();
        Self::from_list(all.filter(|extractor| extractor.targets().contains(&target)).collect())
    }

    /// The same, and the texts of licences; what is found so is another result, kept apart in the cache.
    pub fn with_licenses(target: Target) -> Self {
        let mut all = Self::new(target).all;
        let instead = crate::license::all();
        all.retain(|extractor| extractor.id() != <crate::language::Java as crate::extractor::Parser>::ID);
        all.extend(instead.into_iter().filter(|extractor| extractor.targets().contains(&target)));
        Self::from_list(all)
    }

    fn from_list(all: Vec<Box<dyn Extractor>>) -> Self {
        let mut extractors = Self {
            all: Vec::new(),
            by_path: HashMap::default(),
            by_name: HashMap::default(),
            by_extension: HashMap::default(),
            below: Vec::new(),
            elf: Vec::new(),
        };
        for (index, extractor) in all.iter().enumerate() {
            for claim in extractor.claims() {
                match *claim {
                    Claim::Path(path) => extractors.by_path.entry(path_hash::of(path.as_bytes())).or_default().push(index),
                    Claim::Name(name) => extractors.by_name.entry(path_hash::of(name.as_bytes())).or_default().push(index),
                    Claim::Extension(suffix) => {
                        let last = suffix.rsplit('.').next().unwrap_or(suffix).as_bytes();
                        extractors.by_extension.entry(path_hash::of_lower(last)).or_default().push((suffix, index));
                    }
                    Claim::Below(folder) => extractors.below.push((folder, index)),
                    Claim::Elf => extractors.elf.push(index),
                }
            }
        }
        extractors.all = all;
        extractors
    }

    /// Fills `wanted` with the extractors that claim this path and accept the file, ELF claims apart. `hash` is the
    /// path's, which the caller has anyway.
    pub fn claimed(&self, file: &File<'_>, hash: PathHash, wanted: &mut Vec<usize>) {
        wanted.clear();
        let name = file.name();
        if let Some(found) = self.by_path.get(&hash.0) {
            wanted.extend(found);
        }
        if let Some(found) = self.by_name.get(&path_hash::of(name)) {
            wanted.extend(found);
        }
        if let Some(dot) = memchr::memrchr(b'.', name)
            && let Some(found) = self.by_extension.get(&path_hash::of_lower(&name[dot + 1..]))
        {
            let ends_in = |suffix: &str| {
                name.len() >= suffix.len() && name[name.len() - suffix.len()..].eq_ignore_ascii_case(suffix.as_bytes())
            };
            wanted.extend(found.iter().filter(|(suffix, _)| ends_in(suffix)).map(|(_, index)| index));
        }
        for (folder, index) in &self.below {
            if file.path.starts_with(folder.as_bytes()) {
                wanted.push(*index);
            }
        }
        if !wanted.is_empty() {
            wanted.sort_unstable();
            wanted.dedup();
            wanted.retain(|&index| self.all[index].accepts(file));
        }
    }

    /// Whether a file may be an ELF program or library that somebody wants to see: by its mode or name, since looking
    /// into every file would cost more than the scan.
    pub fn may_be_elf(&self, file: &File<'_>) -> bool {
        const SHORTEST_ELF: u64 = 52;
        !self.elf.is_empty()
            && file.size >= SHORTEST_ELF
            && (file.mode & 0o111 != 0 || memchr::memmem::find(file.name(), b".so").is_some())
    }

    /// Adds the extractors that want ELF files and accept this one.
    pub fn claimed_elf(&self, file: &File<'_>, wanted: &mut Vec<usize>) {
        wanted.extend(self.elf.iter().filter(|&&index| self.all[index].accepts(file)));
        wanted.sort_unstable();
        wanted.dedup();
    }

    /// One extractor.
    pub fn get(&self, index: usize) -> &dyn Extractor {
        &*self.all[index]
    }

    /// Names every extractor with its version: what the cache key holds of the code.
    pub fn fingerprint(&self) -> String {
        let mut names: Vec<String> =
            self.all.iter().map(|extractor| format!("{}={}", extractor.id(), extractor.version())).collect();
        names.sort();
        names.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Found, Parser, Whole};

    struct Jar;
    impl Parser for Jar {
        const ID: &'static str = "test/jar";
        const VERSION: u32 = 1;
        const CLAIMS: &'static [Claim] =
            &[Claim::Extension(".jar"), Claim::Extension(".spdx.json"), Claim::Path("var/lib/x"), Claim::Below("opt/y/")];
        fn parse(_: &File<'_>, _: &[u8], _: &mut Found) {}
    }

    #[test]
    fn claims() {
        let extractors = Extractors::from_list(vec![Box::new(Whole::<Jar>::new())]);
        let wants = |path: &str| {
            let mut wanted = Vec::new();
            let file = File { path: path.as_bytes(), size: 1, mode: 0 };
            extractors.claimed(&file, PathHash::of(file.path), &mut wanted);
            !wanted.is_empty()
        };
        for (path, expected) in [
            ("a/b.jar", true),
            ("a/b.JAR", true),
            ("a/b.jar.txt", false),
            ("x.spdx.json", true),
            ("x.json", false),
            ("var/lib/x", true),
            ("var/lib/x/y", false),
            ("opt/y/z/a", true),
            ("jar", false),
        ] {
            assert_eq!(wants(path), expected, "{path}");
        }
    }
}
