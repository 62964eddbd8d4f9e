//! Rust programs built with `cargo auditable`: the section `.dep-v0` lists the crates, as JSON in a zlib stream
//! (<https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md>).
//!
//! The section is not loaded, so it lies behind everything that is, among symbols and debugging information; the section
//! headers that name it come last. The end of the file is held, as far as it is not loaded, within a bound.

use std::io::Read as _;
use std::ops::Range;

use flate2::read::ZlibDecoder;
use image::More;
use model::package::{Package, PackageType};
use serde::Deserialize;

use super::elf::{Head, Piece, Stream, wanted};
use crate::extractor::{Analysis, Claim, Extractor, File, Found, Reading};

const ID: &str = "binary/rust";
/// How much of the end of a file is held at most.
const MAX_TAIL: u64 = 8 << 20;
/// How long the list may be, inflated.
const MAX_LIST: u64 = 8 << 20;

/// The extractor.
#[derive(Debug)]
pub(super) struct Rust;

impl Extractor for Rust {
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
            window: 0..0,
            tail: Vec::new(),
        }))
    }
}

/// One program as it streams by.
struct Program {
    size: u64,
    stream: Stream,
    head: Head,
    /// The part of the file that is held.
    window: Range<u64>,
    tail: Vec<u8>,
}

impl Analysis for Program {
    fn feed(&mut self, piece: &[u8]) -> More {
        match self.stream.push(piece) {
            Piece::Wait => More::Yes,
            Piece::Foreign => More::No,
            Piece::Head(head, content) => {
                let sections_end = head
                    .section_headers
                    .saturating_add(u64::from(head.section_header_size) * u64::from(head.section_count))
                    .min(self.size);
                let start = head.loaded_end().max(sections_end.saturating_sub(MAX_TAIL));
                // Without section headers behind the loaded part nothing there has a name.
                if head.section_headers < start || sections_end <= start {
                    return More::No;
                }
                self.window = start..sections_end;
                self.head = head;
                self.hold(0, &content)
            }
            Piece::Body(position, piece) => self.hold(position, piece),
        }
    }

    fn finish(self: Box<Self>, _complete: bool, found: &mut Found) {
        let Some(section) = self.section() else { return };
        let list = section.start.checked_sub(self.window.start).zip(section.end.checked_sub(self.window.start));
        match list.and_then(|(from, to)| self.tail.get(from as usize..to as usize)) {
            Some(list) => read(list, found),
            None => {
                found.lost("the list of crates (section .dep-v0) lies out of reach, in front of more than 8 MiB of symbols");
            }
        }
    }
}

impl Program {
    fn hold(&mut self, position: u64, content: &[u8]) -> More {
        if self.tail.is_empty() && position + content.len() as u64 > self.window.start {
            self.tail.reserve_exact((self.window.end - self.window.start).min(MAX_TAIL) as usize);
        }
        for (_, bytes) in wanted(std::slice::from_ref(&self.window), position, content) {
            self.tail.extend_from_slice(bytes);
        }
        if position + content.len() as u64 >= self.window.end { More::No } else { More::Yes }
    }

    /// Where the section headers say that the list lies in the file.
    fn section(&self) -> Option<Range<u64>> {
        let table = self.tail.get(self.head.section_headers.checked_sub(self.window.start)? as usize..)?;
        let size = usize::from(self.head.section_header_size);
        // Offsets of sh_offset and sh_size; sh_name is first in both widths.
        let (offset, length) = if self.head.layout.wide { (24, 32) } else { (16, 20) };
        let range = |header: &[u8]| {
            let start = self.head.layout.address(header, offset)?;
            Some(start..start.checked_add(self.head.layout.address(header, length)?)?)
        };
        let header = |index: u16| table.get(usize::from(index) * size..)?.get(..size);
        let names = range(header(self.head.section_names)?)?;
        let names = self.tail.get(names.start.checked_sub(self.window.start)? as usize..)?;
        (0..self.head.section_count).find_map(|index| {
            let header = header(index)?;
            let name = names.get(self.head.layout.number(header, 0, 4)? as usize..)?;
            if name.starts_with(b".dep-v0\0") { range(header) } else { None }
        })
    }
}

/// The list, as far as it is of interest here.
#[derive(Deserialize)]
struct List {
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    version: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    root: bool,
}

fn read(compressed: &[u8], found: &mut Found) {
    let mut json = Vec::new();
    if let Err(error) = ZlibDecoder::new(compressed).take(MAX_LIST + 1).read_to_end(&mut json) {
        found.lost(format!("the list of crates (section .dep-v0) cannot be inflated: {error}"));
        return;
    }
    if json.len() as u64 > MAX_LIST {
        found.lost("the list of crates (section .dep-v0) is longer than 8 MiB");
        return;
    }
    let list: List = match serde_json::from_slice(&json) {
        Ok(list) => list,
        Err(error) => {
            found.lost(format!("the list of crates (section .dep-v0) cannot be read: {error}"));
            return;
        }
    };
    // What only took part in the build is not in the program.
    for entry in list.packages.into_iter().filter(|entry| entry.kind != "build") {
        let mut package = Package::new(PackageType::Cargo, entry.name, entry.version, ID);
        if entry.source != "crates.io" && !entry.root {
            // A crate of the same name from elsewhere is another crate.
            package.unjudged = Some(match entry.source.as_str() {
                "local" => "a Rust crate from the program's own sources".to_owned(),
                "git" => "a Rust crate from a git repository, not from crates.io".to_owned(),
                _ => "a Rust crate from another registry than crates.io".to_owned(),
            });
        }
        found.packages.push(package);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::elf::tests::build as elf;
    use super::*;
    use crate::extractor::run;

    const LIST: &str = r#"{"packages":[
        {"name":"app","version":"0.1.0","source":"local","root":true,"dependencies":[1]},
        {"name":"memchr","version":"2.5.0","source":"crates.io"},
        {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
        {"name":"fork","version":"1.0.0","source":"git"}]}"#;

    /// A program with the list behind its loaded part and `between` bytes between the list and the section headers.
    fn sample(list: &[u8], between: usize) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(list).unwrap();
        let list = encoder.finish().unwrap();
        let mut file = elf(&[(0x1000, 5, &[0x90; 6000])]);
        let list_at = file.len() as u64;
        file.extend(&list);
        file.resize(file.len() + between, b'd');
        let names_at = file.len() as u64;
        file.extend(b"\0.shstrtab\0.dep-v0\0");
        let table_at = file.len() as u64;
        for (name, offset, size) in [(0_u32, 0, 0), (1, names_at, 19), (11, list_at, list.len() as u64)] {
            let mut header = [0; 64];
            header[..4].copy_from_slice(&name.to_le_bytes());
            header[24..32].copy_from_slice(&u64::to_le_bytes(offset));
            header[32..40].copy_from_slice(&size.to_le_bytes());
            file.extend(header);
        }
        file[40..48].copy_from_slice(&table_at.to_le_bytes());
        file[58] = 64;
        file[60] = 3;
        file[62] = 1;
        file
    }

    #[test]
    fn crates_of_the_program() {
        let found = run(&Rust, "app", &sample(LIST.as_bytes(), 100));
        let listed: Vec<_> = found
            .packages
            .iter()
            .map(|package| (package.name.as_str(), package.version.as_str(), package.unjudged.is_some()))
            .collect();
        assert_eq!(listed, [("app", "0.1.0", false), ("memchr", "2.5.0", false), ("fork", "1.0.0", true)]);
        assert_eq!(found.problems, Vec::<String>::new());
    }

    #[test]
    fn out_of_reach_is_said() {
        let found = run(&Rust, "app", &sample(LIST.as_bytes(), MAX_TAIL as usize));
        assert!(found.packages.is_empty());
        assert_eq!(found.problems.len(), 1);
    }

    #[test]
    fn a_list_that_inflates_without_end_is_refused() {
        let found = run(&Rust, "app", &sample(&vec![b' '; 9 << 20], 0));
        assert!(found.packages.is_empty());
        assert_eq!(found.problems.len(), 1);
    }
}
