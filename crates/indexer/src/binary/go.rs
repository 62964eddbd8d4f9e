//! Go programs: the modules that were linked, the version of Go, and which functions the linker kept.
//!
//! Three things are looked for in the constants and data of a file, code is never looked at: the build information
//! ([`build_info`]), the function table ([`functions`]), and for programs of Go before 1.18 the texts that the build
//! information only points to ([`legacy`]). The first two begin at offsets that 16 divides, so that a file which is no
//! Go program costs one comparison for every 16 bytes of its data.

mod build_info;
mod functions;
mod legacy;

use std::ops::Range;

use image::More;
use model::package::{Package, PackageType, SymbolSet};

use self::build_info::{BuildInfo, MAGIC, Modules, Parsed};
use self::functions::{Functions, Linked, Progress};
use self::legacy::Legacy;
use super::elf::{Head, Piece, Stream, wanted};
use crate::extractor::{Analysis, Claim, Extractor, File, Found, Reading};

const ID: &str = "binary/go";

/// The extractor.
#[derive(Debug)]
pub(super) struct Go;

impl Extractor for Go {
    fn id(&self) -> &'static str {
        ID
    }
    fn version(&self) -> u32 {
        2
    }
    fn claims(&self) -> &'static [Claim] {
        &[Claim::Elf]
    }
    fn start(&self, file: &File<'_>) -> Reading {
        Reading::Pieces(Box::new(Program {
            size: file.size,
            stream: Stream::new(file.size),
            head: Head::default(),
            ranges: Vec::new(),
            line: Vec::new(),
            next: 0,
            block: None,
            info: None,
            functions: None,
            legacy: None,
            header: None,
        }))
    }
}

/// One program as it streams by.
struct Program {
    size: u64,
    stream: Stream,
    head: Head,
    /// Where constants and data lie.
    ranges: Vec<Range<u64>>,
    /// The beginning of 16 bytes that two pieces share.
    line: Vec<u8>,
    /// Offset of the byte after the last one looked at.
    next: u64,
    /// The block of build information: where it begins, and its bytes.
    block: Option<(u64, Vec<u8>)>,
    info: Option<BuildInfo>,
    functions: Option<(Functions, Progress)>,
    legacy: Option<Legacy>,
    /// Where the string header of an old program's version lies in the file, and its bytes.
    header: Option<(u64, Vec<u8>)>,
}

impl Analysis for Program {
    fn feed(&mut self, piece: &[u8]) -> More {
        match self.stream.push(piece) {
            Piece::Wait => More::Yes,
            Piece::Foreign => More::No,
            Piece::Head(head, content) => {
                self.ranges = head.data_ranges(self.size);
                self.legacy = head.go_linker.then(Legacy::new);
                self.head = head;
                self.look(0, &content)
            }
            Piece::Body(position, piece) => self.look(position, piece),
        }
    }

    fn finish(mut self: Box<Self>, complete: bool, found: &mut Found) {
        let Some(info) = self.info.take() else {
            if self.block.is_some() && !complete {
                found.lost("the content ends inside the Go build information; its modules are not known");
            }
            return;
        };
        let linked = match self.functions.take() {
            Some((functions, Progress::Done)) => Some(functions.finish()).filter(Linked::is_whole),
            _ => None,
        };
        packages(&info, linked.as_ref(), found);
    }
}

impl Program {
    /// Looks at content at this offset, as far as it is constants or data.
    fn look(&mut self, position: u64, content: &[u8]) -> More {
        let ranges = std::mem::take(&mut self.ranges);
        for (offset, bytes) in wanted(&ranges, position, content) {
            self.scan(offset, bytes);
        }
        let last = ranges.last().map_or(0, |range| range.end);
        self.ranges = ranges;
        let done = self.info.is_some() && self.header.is_none() && matches!(self.functions, Some((_, Progress::Done)));
        if done || position + content.len() as u64 >= last { More::No } else { More::Yes }
    }

    fn scan(&mut self, offset: u64, bytes: &[u8]) {
        if let Some(legacy) = &mut self.legacy {
            legacy.feed(offset, bytes);
        }
        self.advance(offset, bytes);
        if self.next != offset {
            self.line.clear();
        }
        self.next = offset + bytes.len() as u64;
        // Up to the next offset that 16 divides, the bytes belong to a line that the last piece began, or to none.
        let before = (offset.next_multiple_of(16) - offset).min(bytes.len() as u64) as usize;
        let (first, aligned) = bytes.split_at(before);
        if !self.line.is_empty() {
            self.line.extend_from_slice(first);
            if let Ok(line) = <[u8; 16]>::try_from(self.line.as_slice()) {
                self.line.clear();
                self.begin(offset + before as u64 - 16, &line, aligned);
            }
        }
        let lines = aligned.chunks_exact(16);
        if !lines.remainder().is_empty() {
            self.line = lines.remainder().to_vec();
        }
        for (index, line) in lines.enumerate() {
            if let Ok(line) = <&[u8; 16]>::try_from(line)
                && (line.starts_with(MAGIC) || Functions::begins(self.head.layout, line))
            {
                let rest = aligned.get(index * 16 + 16..).unwrap_or_default();
                self.begin(offset + (before + index * 16) as u64, line, rest);
            }
        }
    }

    /// Something may begin at this offset with this line; `rest` follows it.
    fn begin(&mut self, offset: u64, line: &[u8; 16], rest: &[u8]) {
        if line.starts_with(MAGIC) {
            if self.block.is_none() && self.info.is_none() {
                self.block = Some((offset, Vec::new()));
                self.read_block(offset, line);
                self.read_block(offset + 16, rest);
                if let Some((next, _)) = &self.header {
                    let next = *next;
                    self.read_header(offset + 16, rest, next);
                }
            }
        } else if Functions::begins(self.head.layout, line)
            && !matches!(self.functions, Some((_, Progress::Reading | Progress::Done)))
        {
            let mut functions = Functions::new(self.head.layout, offset);
            functions.feed(offset, line);
            let progress = functions.feed(offset + 16, rest);
            self.functions = Some((functions, progress));
        }
    }

    /// Goes on with whatever has begun.
    fn advance(&mut self, offset: u64, bytes: &[u8]) {
        if self.block.is_some() {
            self.read_block(offset, bytes);
        }
        if let Some((functions, progress @ Progress::Reading)) = &mut self.functions {
            *progress = functions.feed(offset, bytes);
        }
        if let Some((start, _)) = self.header {
            self.read_header(offset, bytes, start);
        }
    }

    /// Takes content into the block of build information and reads it once it is whole.
    fn read_block(&mut self, offset: u64, bytes: &[u8]) {
        let Some((start, block)) = &mut self.block else { return };
        if offset != *start + block.len() as u64 {
            // A gap: the block ran over the end of its segment.
            self.block = None;
            return;
        }
        block.extend_from_slice(bytes.get(..bytes.len().min(build_info::MAX_TEXT * 3 - block.len())).unwrap_or_default());
        match build_info::parse(block) {
            Parsed::More => {}
            Parsed::Broken => self.block = None,
            Parsed::Inline(info) => {
                self.block = None;
                self.info = Some(info);
            }
            Parsed::Pointers { version } => {
                self.block = None;
                let Some(legacy) = &self.legacy else { return };
                self.info =
                    Some(BuildInfo { go_version: String::new(), modules: legacy.modules().unwrap_or_default().to_owned() });
                self.header = self.head.file_offset(version).map(|offset| (offset, Vec::new()));
            }
        }
    }

    /// Takes the string header of an old program's version: address and length.
    fn read_header(&mut self, offset: u64, bytes: &[u8], start: u64) {
        let layout = self.head.layout;
        let Some((_, header)) = &mut self.header else { return };
        let want = start + header.len() as u64;
        let Some(bytes) = want.checked_sub(offset).and_then(|skip| bytes.get(skip as usize..)) else { return };
        let missing = layout.address_size() * 2 - header.len();
        header.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        let (Some(address), Some(length)) = (layout.address(header, 0), layout.address(header, layout.address_size())) else {
            return;
        };
        self.header = None;
        let place = self.head.file_offset(address);
        if let (Some(legacy), Some(place), Some(info)) = (&self.legacy, place, &mut self.info) {
            legacy.version(place, length).unwrap_or_default().clone_into(&mut info.go_version);
        }
    }
}

/// What the build information amounts to.
fn packages(info: &BuildInfo, linked: Option<&Linked>, found: &mut Found) {
    let modules = Modules::read(&info.modules);
    let mut packages = vec![standard_library(&info.go_version)];
    // The path that imports a package's symbols name; `None` where the code came from somewhere else than its path says.
    let mut paths = vec![None];
    if let Some(main) = &modules.main {
        let version = match &modules.stamped {
            Some(stamped) if main.version == "(devel)" || main.version.is_empty() => stamped,
            _ => &main.version,
        };
        let mut package = Package::new(PackageType::Golang, &main.path, version, ID);
        if matches!(version.as_str(), "(devel)" | "") {
            package.unjudged = Some("a Go main module whose build does not tell its version".to_owned());
        }
        packages.push(package);
        paths.push(Some(main.path.as_str()));
    }
    for module in &modules.dependencies {
        let (path, version) = match &module.replaced_by {
            // A folder beside the sources: the module is still itself, but which version nobody knows.
            Some((path, _)) if path.starts_with(['.', '/']) => (&module.path, "(devel)"),
            Some((path, version)) => (path, version.as_str()),
            None => (&module.path, module.version.as_str()),
        };
        let mut package = Package::new(PackageType::Golang, path, version, ID);
        if matches!(version, "(devel)" | "") {
            package.unjudged = Some("a Go module that was built from a local folder".to_owned());
        }
        packages.push(package);
        paths.push((path == &module.path).then_some(path.as_str()));
    }
    if let Some(linked) = linked {
        let divided = divide(linked, &modules, &paths);
        for ((package, path), hashes) in packages.iter_mut().zip(&paths).skip(1).zip(divided.iter().skip(1)) {
            package.linked_symbols = path.map(|_| SymbolSet::from_hashes(hashes.clone()));
        }
        if let (Some(library), Some(hashes)) = (packages.first_mut(), divided.into_iter().next()) {
            library.linked_symbols = Some(SymbolSet::from_hashes(hashes));
        }
    }
    found.packages.extend(packages);
}

/// Linked symbols by package: the standard library is first, then each path in its order.
fn divide(linked: &Linked, modules: &Modules, paths: &[Option<&str>]) -> Vec<Vec<u64>> {
    let known: std::collections::HashMap<&str, usize> =
        paths.iter().enumerate().filter_map(|(index, path)| path.map(|path| (path, index))).collect();
    let replaced: Vec<&str> =
        modules.dependencies.iter().filter(|module| module.replaced_by.is_some()).map(|module| module.path.as_str()).collect();
    linked.divide(paths.len(), |package| {
        // The linker calls the program's own package `main`, whatever its import path.
        let package = if package == "main" { modules.main_package.as_str() } else { package };
        let mut prefix = package;
        loop {
            if let Some(index) = known.get(prefix) {
                return Some(*index);
            }
            if replaced.contains(&prefix) {
                return None;
            }
            match prefix.rsplit_once('/') {
                Some((parent, _)) => prefix = parent,
                // Import paths of the standard library have no dot in their first element.
                None => return (!prefix.contains('.')).then_some(0),
            }
        }
    })
}

/// The standard library, named as the Go vulnerability database does.
fn standard_library(go_version: &str) -> Package {
    // `go1.20.4 X:boringcrypto`, `devel go1.21-f90b4cd655 …`.
    let release = go_version.split(' ').next().and_then(|word| word.strip_prefix("go"));
    let mut package = Package::new(PackageType::Golang, "stdlib", release.unwrap_or_default(), ID);
    if release.is_none() {
        package.unjudged = Some(if go_version.is_empty() {
            "a Go program that does not tell its Go version".to_owned()
        } else {
            format!("built with an unreleased Go ({go_version})")
        });
    }
    package
}

#[cfg(test)]
mod tests {
    use super::super::elf::tests::build as elf;
    use super::*;
    use crate::extractor::run;

    const MODULES: &str = "path\tx.org/a/cmd\nmod\tx.org/a\t(devel)\t\ndep\tb.org/b\tv1.0.0\th1:x\ndep\tc.org/c\tv2.0.0+incompatible\t\n=>\td.org/fork\tv2.1.0\t\n";

    fn sample() -> Vec<u8> {
        let names = ["runtime.main", "runtime.goexit", "main.main", "net/http.(*Server).Serve", "b.org/b/sub.Parse", "c.org/c.F"];
        let mut constants = vec![b'.'; 4096 + 32];
        constants.extend(functions::tests::build(&names));
        constants.resize(constants.len().next_multiple_of(64), 0);
        let mut data = vec![0; 64];
        data.extend(build_info::tests::build("go1.20.4", MODULES));
        elf(&[(0x1000, 5, &[0x90; 5000]), (0x10000, 4, &constants), (0x80000, 6, &data)])
    }

    #[test]
    fn modules_library_and_symbols() {
        let found = run(&Go, "bin/a", &sample());
        assert_eq!(found.problems, Vec::<String>::new());
        let listed: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(listed, [("stdlib", "1.20.4"), ("x.org/a", "(devel)"), ("b.org/b", "v1.0.0"), ("d.org/fork", "v2.1.0")]);
        assert!(found.packages[1].unjudged.is_some());
        let symbols = |index: usize| found.packages[index].linked_symbols.as_ref();
        assert!(symbols(0).is_some_and(|set| set.contains("net/http.Server.Serve") && !set.contains("net/http.Get")));
        assert!(symbols(2).is_some_and(|set| set.contains("b.org/b/sub.Parse") && set.contains("b.org/b/sub") && set.len() == 2));
        assert!(symbols(3).is_none(), "a fork's symbols bear another module's path");
    }

    #[test]
    fn any_pieces_give_the_same() {
        let file = sample();
        let expected = run(&Go, "bin/a", &file).packages;
        for size in [1, 15, 17, 100, 4097, file.len()] {
            let Reading::Pieces(mut analysis) = Go.start(&File { path: b"bin/a", size: file.len() as u64, mode: 0 }) else {
                panic!("it streams")
            };
            for piece in file.chunks(size) {
                if analysis.feed(piece) == More::No {
                    break;
                }
            }
            let mut found = Found::default();
            analysis.finish(true, &mut found);
            for package in &mut found.packages {
                package.locations.clone_from(&expected[0].locations);
            }
            assert_eq!(found.packages, expected, "{size}");
        }
    }
}
