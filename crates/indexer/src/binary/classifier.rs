//! Programs that nobody's package manager installed, known by the bytes that they print as their version.
//!
//! [`PROGRAMS`] is the table: file names, what the program is called, and the pattern that holds its version. A file is
//! read only if its name is in the table and it is an ELF file, and of it only constants and data, in windows that overlap.
//!
//! A program that the Bitnami feed knows bears its name there, so that it can be judged; the others are named in the
//! inventory and judged by nobody. Files that a distribution owns are found here as well; whose word counts for them is
//! decided where ownership is known.

use std::ops::Range;
use std::sync::OnceLock;

use image::More;
use model::package::{Package, PackageType};
use regex::bytes::Regex;

use super::elf::{Piece, Stream, wanted};
use crate::extractor::{Analysis, Claim, Extractor, File, Found, Reading};

const ID: &str = "binary/classifier";
/// How far a match may reach over the border of two pieces of content, to each side.
const OVERLAP: usize = 256;

/// One line of the table. Python wheels bring libraries of their own, under names with a part of their digest
/// (`libcrypto-2e26efdd.so.3`).
#[derive(Debug)]
struct Program {
    kind: PackageType,
    name: &'static str,
    /// File names, in which `*` stands for any text.
    files: &'static [&'static str],
    /// A pattern over bytes whose first group is the version.
    pattern: &'static str,
}

/// A program that the Bitnami feed judges, by its name there.
const fn judged(name: &'static str, files: &'static [&'static str], pattern: &'static str) -> Program {
    Program { kind: PackageType::Bitnami, name, files, pattern }
}

/// A program that no feed speaks of.
const fn known(name: &'static str, files: &'static [&'static str], pattern: &'static str) -> Program {
    Program { kind: PackageType::Generic, name, files, pattern }
}

#[rustfmt::skip]
const PROGRAMS: &[Program] = &[
    judged("apache", &["httpd", "apache2"], r"Apache/(\d+\.\d+\.\d+)"),
    judged("git", &["git"], r"git/(\d+\.\d+\.\d+)"),
    judged("haproxy", &["haproxy"], r"version (\d+\.\d+(?:\.\d+|-dev\d+))[^,\x00]*, released "),
    judged("libpython", &["libpython*.so*"], r"\x00([23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+?\x00"),
    judged("lua", &["lua*", "liblua*.so*"], r"Lua (5\.\d\.\d+)  Copyright"),
    judged("mariadb", &["mariadbd", "mysqld"], r"(\d+\.\d+\.\d+)-MariaDB"),
    judged("memcached", &["memcached"], r"memcached (\d+\.\d+\.\d+)"),
    judged("nginx", &["nginx"], r"nginx/(\d+\.\d+\.\d+)"),
    judged("node", &["node", "libnode.so*"], r"node\.js/v(\d+\.\d+\.\d+)"),
    judged("pgbouncer", &["pgbouncer"], r"PgBouncer (\d+\.\d+\.\d+)"),
    judged("php", &["php", "php?.*", "php-cgi*", "php-fpm*", "libphp*.so"], r"X-Powered-By: PHP/(\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)"),
    judged("postgresql", &["postgres"], r"PostgreSQL (\d+\.\d+(?:\.\d+)?) .{0,64}on "),
    judged("python", &["python?.*"], r"\x00([23]\.\d+\.\d+(?:(?:a|b|rc)\d+)?)\+?\x00"),
    judged("redis", &["redis-server", "redis-check-rdb"], r"(\d+\.\d+\.\d+?)(?:[A-Za-z][A-Za-z0-9.-]*-)?1\d{9}[01][0-9a-f]{8}\x00"),
    judged("ruby", &["ruby", "ruby?.*", "libruby*.so*"], r"ruby (\d+\.\d+\.\d+)(?:p\d+|(?:dev|preview|rc)\d*)? \("),
    judged("sqlite", &["sqlite3", "libsqlite3.so*", "libsqlite3-*.so*"], r"\x00(3\.\d+\.\d+(?:\.\d+)?)\x00"),
    judged("valkey", &["valkey-server", "valkey-check-rdb"], r"(\d+\.\d+\.\d+?)(?:[A-Za-z][A-Za-z0-9.-]*-)?1\d{9}[01][0-9a-f]{8}\x00"),
    judged("varnish", &["varnishd"], r"varnish-(\d+\.\d+\.\d+) revision"),
    known("bash", &["bash"], r"@\(#\)Bash version (\d+\.\d+\.\d+)"),
    known("busybox", &["busybox"], r"BusyBox v(\d+\.\d+\.\d+)"),
    known("curl", &["curl"], r"curl/(\d+\.\d+\.\d+)"),
    known("expat", &["libexpat.so*", "libexpat-*.so*"], r"expat_(\d+\.\d+\.\d+)"),
    known("libcurl", &["libcurl.so*", "libcurl-*.so*"], r"libcurl/(\d+\.\d+\.\d+)"),
    known("openssh", &["sshd", "ssh"], r"OpenSSH_(\d+\.\d+p\d+)"),
    known("openssl", &["openssl", "libcrypto.so*", "libcrypto-*.so*"], r"OpenSSL (\d+\.\d+\.\d+[a-z]{0,2}) +\d{1,2} [A-Z][a-z]{2} \d{4}"),
    known("perl", &["perl", "perl5.*", "libperl.so*"], r"/perl5?/(5\.\d+\.\d+)[\x00/]"),
    known("proftpd", &["proftpd"], r"ProFTPD (\d+\.\d+\.\d+[a-z]?) standalone"),
    known("rust", &["librustc_driver-*.so"], r"rustc version (\d+\.\d+\.\d+)"),
    known("squid", &["squid"], r"squid/(\d+\.\d+(?:\.\d+)?)"),
    known("zlib", &["libz.so*", "libz-*.so*"], r" deflate (\d+\.\d+(?:\.\d+)*) Copyright"),
];

/// The patterns of the table, each compiled when it is first needed.
static COMPILED: [OnceLock<Option<Regex>>; PROGRAMS.len()] = [const { OnceLock::new() }; PROGRAMS.len()];

impl Program {
    /// The version in these bytes. A match that the end of the bytes may have cut short counts only at `last`.
    fn version(&self, index: usize, bytes: &[u8], last: bool) -> Option<String> {
        let compile = || Regex::new(&format!("(?s-u){}", self.pattern)).ok();
        let captures = COMPILED.get(index)?.get_or_init(compile).as_ref()?.captures(bytes)?;
        if !last && captures.get(0)?.end() == bytes.len() {
            return None;
        }
        std::str::from_utf8(captures.get(1)?.as_bytes()).ok().map(str::to_owned)
    }
}

/// Whether a file name fits a pattern in which `*` stands for any text and `?` for any one byte.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|skip| fits(rest, &name[skip..])),
        ([b'?', pattern @ ..], [_, name @ ..]) => fits(pattern, name),
        ([first, pattern @ ..], [byte, name @ ..]) => first == byte && fits(pattern, name),
        _ => false,
    }
}

/// The lines of the table that a file name fits, each with its number.
fn candidates(name: &[u8]) -> Vec<(usize, &'static Program)> {
    // Every name in the table is shorter.
    if name.len() > 64 {
        return Vec::new();
    }
    PROGRAMS
        .iter()
        .enumerate()
        .filter(|(_, program)| program.files.iter().any(|pattern| fits(pattern.as_bytes(), name)))
        .collect()
}

/// The extractor.
#[derive(Debug)]
pub(super) struct Classifier;

impl Extractor for Classifier {
    fn id(&self) -> &'static str {
        ID
    }
    fn version(&self) -> u32 {
        1
    }
    fn claims(&self) -> &'static [Claim] {
        &[Claim::Elf]
    }
    fn accepts(&self, file: &File<'_>) -> bool {
        !candidates(file.name()).is_empty()
    }
    fn start(&self, file: &File<'_>) -> Reading {
        Reading::Pieces(Box::new(Search {
            size: file.size,
            stream: Stream::new(file.size),
            ranges: Vec::new(),
            tail: Vec::new(),
            next: 0,
            programs: candidates(file.name()).into_iter().map(|(index, program)| (index, program, None)).collect(),
        }))
    }
}

/// One file that is searched for versions as it streams by.
struct Search {
    size: u64,
    stream: Stream,
    ranges: Vec<Range<u64>>,
    /// The end of the content so far.
    tail: Vec<u8>,
    /// Offset of the byte after the tail.
    next: u64,
    programs: Vec<(usize, &'static Program, Option<String>)>,
}

impl Analysis for Search {
    fn feed(&mut self, piece: &[u8]) -> More {
        match self.stream.push(piece) {
            Piece::Wait => More::Yes,
            Piece::Foreign => More::No,
            Piece::Head(head, content) => {
                self.ranges = head.data_ranges(self.size);
                self.look(0, &content)
            }
            Piece::Body(position, piece) => self.look(position, piece),
        }
    }

    fn finish(mut self: Box<Self>, _complete: bool, found: &mut Found) {
        let tail = std::mem::take(&mut self.tail);
        self.search(&tail, true);
        for (_, program, version) in self.programs {
            if let Some(version) = version {
                found.packages.push(Package::new(program.kind, program.name, version, ID));
            }
        }
    }
}

impl Search {
    fn look(&mut self, position: u64, content: &[u8]) -> More {
        let ranges = std::mem::take(&mut self.ranges);
        for (offset, bytes) in wanted(&ranges, position, content) {
            let mut seam = std::mem::take(&mut self.tail);
            if offset == self.next {
                seam.extend_from_slice(&bytes[..bytes.len().min(OVERLAP)]);
                self.search(&seam, false);
            } else {
                self.search(&seam, true);
                seam.clear();
            }
            self.search(bytes, false);
            self.next = offset + bytes.len() as u64;
            let keep = if bytes.len() >= OVERLAP || seam.is_empty() { bytes } else { &seam };
            self.tail = keep[keep.len().saturating_sub(OVERLAP)..].to_vec();
        }
        let last = ranges.last().map_or(0, |range| range.end);
        self.ranges = ranges;
        let done = self.programs.iter().all(|(_, _, version)| version.is_some());
        if done || position + content.len() as u64 >= last { More::No } else { More::Yes }
    }

    fn search(&mut self, bytes: &[u8], last: bool) {
        for (index, program, version) in self.programs.iter_mut().filter(|(_, _, version)| version.is_none()) {
            *version = program.version(*index, bytes, last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::elf::tests::build as elf;
    use super::*;
    use crate::extractor::run;

    #[test]
    fn every_pattern_compiles_and_has_one_group() {
        for program in PROGRAMS {
            assert!(
                Regex::new(&format!("(?s-u){}", program.pattern)).is_ok_and(|regex| regex.captures_len() == 2),
                "{}",
                program.name
            );
        }
    }

    #[test]
    fn names() {
        let found = |name: &str| candidates(name.as_bytes()).iter().map(|(_, program)| program.name).collect::<Vec<_>>();
        assert_eq!(found("python3.11"), ["python"]);
        assert_eq!(found("libpython3.11.so.1.0"), ["libpython"]);
        assert_eq!(found("libnode.so.108"), ["node"]);
        assert!(found("pythonic").is_empty());
        assert!(fits(b"a*b*c", b"a--b--c") && !fits(b"a*b*c", b"a--c--b"));
    }

    #[test]
    fn borders_and_parts() {
        // The code holds a version that must not count, the constants one that borders of pieces may cut anywhere.
        let mut constants = vec![b'x'; 5000];
        constants.extend(b"nginx version: nginx/1.22.13\0");
        constants.resize(10_000, b'x');
        let file = elf(&[(0x1000, 5, b"nginx/9.9.9 "), (0x2000, 4, &constants)]);
        for size in [1, 3, 64, 4096, 5150, 20_000] {
            let Reading::Pieces(mut analysis) =
                Classifier.start(&File { path: b"usr/sbin/nginx", size: file.len() as u64, mode: 0 })
            else {
                panic!("it streams")
            };
            for piece in file.chunks(size) {
                if analysis.feed(piece) == More::No {
                    break;
                }
            }
            let mut found = Found::default();
            analysis.finish(true, &mut found);
            let listed: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
            assert_eq!(listed, [("nginx", "1.22.13")], "{size}");
        }
    }

    #[test]
    fn redis_writes_its_version_in_front_of_other_digits() {
        for (text, expected) in [
            ("A7.0.151790282056000000000\0", "7.0.15"),
            ("\x007.2.11790282056000000000\0", "7.2.1"),
            ("\x007.2.111790282056000000000\0", "7.2.11"),
            ("\x007.0.15buildkitsandbox-1704716870000000000\0", "7.0.15"),
        ] {
            let found = run(&Classifier, "redis-server", &elf(&[(0x1000, 4, text.as_bytes())]));
            assert_eq!(found.packages.first().map(|package| package.version.as_str()), Some(expected), "{text:?}");
        }
    }
}
