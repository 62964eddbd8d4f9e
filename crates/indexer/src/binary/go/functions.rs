//! The names of the functions that the Go linker kept, from the run-time's own function table (`pclntab`), which is
//! there even in stripped programs: tracebacks need it.
//!
//! Since Go 1.16 all names, those of inlined functions too, stand together right behind the table's header
//! (<https://go.dev/src/debug/gosym/pclntab.go>, `cmd/link/internal/ld/pcln.go`), so that a forward stream can read them.
//! Before, they lay scattered and inlined ones could not be told: nothing is said of such programs.

use std::borrow::Cow;
use std::collections::HashMap;

use model::package::symbol_hash;

use super::super::elf::Layout;

/// More functions than the largest known programs have (some 400 000).
const MAX_FUNCTIONS: usize = 1 << 20;
/// Longer names than any compiler writes are left out, and the table with them.
const MAX_NAME: usize = 64 << 10;
/// Packages in one program.
const MAX_PACKAGES: usize = 1 << 16;

/// Reads the table as it streams by.
#[derive(Debug)]
pub(super) struct Functions {
    layout: Layout,
    /// Offset of the next byte that is wanted.
    next: u64,
    /// Where the table begins.
    start: u64,
    /// The header, until it is whole.
    header: Vec<u8>,
    /// Where the names begin and end, once the header said so.
    names: Option<(u64, u64)>,
    /// A name that a piece of content cut in two.
    partial: Vec<u8>,
    linked: Linked,
}

/// How far a table has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// More content is needed.
    Reading,
    /// All names have been read.
    Done,
    /// This is no function table, or not one that can be read.
    Broken,
}

/// The functions of a program, by package.
#[derive(Debug, Default)]
pub(super) struct Linked {
    packages: HashMap<String, u32>,
    /// Package and hash of the whole symbol.
    symbols: Vec<(u32, u64)>,
    /// The package of the last name, as the linker writes it, and its number.
    last: (String, u32),
    /// The last symbol as advisories write it, of which this many bytes are the package and the dot.
    text: String,
    prefix: usize,
}

impl Functions {
    /// Whether a table may begin with these bytes: the magic of Go 1.16, 1.18 or 1.20, two zeros, the instruction
    /// quantum and the address size.
    pub(super) fn begins(layout: Layout, bytes: &[u8; 16]) -> bool {
        let word =
            if layout.big_endian { [bytes[3], bytes[2], bytes[1], bytes[0]] } else { [bytes[0], bytes[1], bytes[2], bytes[3]] };
        matches!(word, [0xfa | 0xf0 | 0xf1, 0xff, 0xff, 0xff])
            && bytes[4..6] == [0, 0]
            && matches!(bytes[6], 1 | 2 | 4)
            && usize::from(bytes[7]) == layout.address_size()
    }

    /// A table that begins at this offset of the file.
    pub(super) fn new(layout: Layout, start: u64) -> Self {
        Self { layout, next: start, start, header: Vec::new(), names: None, partial: Vec::new(), linked: Linked::default() }
    }

    /// Takes content at an offset; what was seen already is passed over.
    pub(super) fn feed(&mut self, offset: u64, bytes: &[u8]) -> Progress {
        if offset > self.next {
            return Progress::Broken;
        }
        let Some(mut bytes) = bytes.get((self.next - offset) as usize..) else { return Progress::Reading };
        if self.names.is_none() {
            let size = 8 + self.layout.address_size() * 8;
            let (more, _) = bytes.split_at((size - self.header.len()).min(bytes.len()));
            self.header.extend_from_slice(more);
            if self.header.len() < size {
                self.next += bytes.len() as u64;
                return Progress::Reading;
            }
            let Some((from, to)) = self.read_header() else { return Progress::Broken };
            self.names = Some((from, to));
            // Before Go 1.18 the header is one field shorter, and the first names were held with it.
            let held = (from - self.start) as usize..((to - self.start) as usize).min(size);
            let first_names = self.header.get(held).unwrap_or_default().to_vec();
            bytes = &bytes[more.len()..];
            self.next = self.start + size as u64;
            if !self.take(&first_names) {
                return Progress::Broken;
            }
        }
        let Some((from, to)) = self.names else { return Progress::Broken };
        let begin = from.saturating_sub(self.next).min(bytes.len() as u64) as usize;
        let end = to.saturating_sub(self.next).min(bytes.len() as u64) as usize;
        let names = bytes.get(begin..end).unwrap_or_default();
        self.next += bytes.len() as u64;
        if !self.take(names) {
            return Progress::Broken;
        }
        if self.next >= to { Progress::Done } else { Progress::Reading }
    }

    /// Where the header says that the names begin and end; `None` where its numbers cannot be right.
    fn read_header(&self) -> Option<(u64, u64)> {
        let field = |index: usize| self.layout.address(&self.header, 8 + index * self.layout.address_size());
        let magic = self.layout.number(&self.header, 0, 4)?;
        // Since Go 1.18 the third field is the address of the code, and the offsets follow it.
        let (first, fields) = if magic == 0xffff_fffa { (2, 7) } else { (3, 8) };
        let (functions, files) = (field(0)?, field(1)?);
        let (names, units, paths, values) = (field(first)?, field(first + 1)?, field(first + 2)?, field(first + 3)?);
        let header = 8 + fields * self.layout.address_size() as u64;
        let sound = (1..=MAX_FUNCTIONS as u64).contains(&functions)
            && u32::try_from(files).is_ok()
            && (header..header + 64).contains(&names)
            && names < units
            && units <= paths
            && paths <= values
            && u32::try_from(values).is_ok();
        sound.then(|| (self.start + names, self.start + units))
    }

    /// Takes a part of the names, each of which ends in a zero byte. `false` where a bound is passed.
    fn take(&mut self, mut bytes: &[u8]) -> bool {
        while let Some(end) = memchr::memchr(0, bytes) {
            let (name, rest) = bytes.split_at(end);
            let sound = if self.partial.is_empty() {
                self.linked.add(name)
            } else {
                self.partial.extend_from_slice(name);
                let whole = std::mem::take(&mut self.partial);
                self.linked.add(&whole)
            };
            if !sound {
                return false;
            }
            bytes = &rest[1..];
        }
        self.partial.extend_from_slice(bytes);
        self.partial.len() <= MAX_NAME
    }

    /// The functions, in no order.
    pub(super) fn finish(self) -> Linked {
        self.linked
    }
}

impl Linked {
    /// Adds a function by its linker name. `false` where there are more than a program can have.
    fn add(&mut self, name: &[u8]) -> bool {
        let Ok(name) = std::str::from_utf8(name) else { return true };
        let Some((package, symbol)) = split(name) else { return true };
        // Names of one package mostly stand together.
        if self.last.0 != package {
            let path = unescape(package);
            let index = match self.packages.get(path.as_ref()) {
                Some(&index) => index,
                None => {
                    let index = self.packages.len() as u32;
                    // The package itself counts as linked with its first function.
                    self.symbols.push((index, symbol_hash(&path)));
                    self.packages.insert(path.clone().into_owned(), index);
                    index
                }
            };
            self.last = (package.to_owned(), index);
            self.text.clear();
            self.text.push_str(&path);
            self.text.push('.');
            self.prefix = self.text.len();
        }
        self.text.truncate(self.prefix);
        append(&mut self.text, symbol);
        self.symbols.push((self.last.1, symbol_hash(&self.text)));
        self.symbols.len() <= 2 * MAX_FUNCTIONS && self.packages.len() <= MAX_PACKAGES
    }

    /// Whether the table is that of a whole program: without its own start in it, nothing can be concluded from the
    /// absence of a name (shared libraries, plug-ins, obfuscated names).
    pub(super) fn is_whole(&self) -> bool {
        ["runtime.goexit", "runtime.main", "main.main"].iter().all(|name| {
            let hash = symbol_hash(name);
            self.symbols.iter().any(|(_, symbol)| *symbol == hash)
        })
    }

    /// The hashes of all symbols, divided by what `owner` answers for each package path.
    pub(super) fn divide(&self, owners: usize, owner: impl Fn(&str) -> Option<usize>) -> Vec<Vec<u64>> {
        let mut owner_of = vec![None; self.packages.len()];
        for (path, index) in &self.packages {
            if let Some(slot) = owner_of.get_mut(*index as usize) {
                *slot = owner(path);
            }
        }
        let mut divided = vec![Vec::new(); owners];
        for (package, hash) in &self.symbols {
            let owner = owner_of.get(*package as usize).copied().flatten();
            if let Some(hashes) = owner.and_then(|owner| divided.get_mut(owner)) {
                hashes.push(*hash);
            }
        }
        divided
    }
}

/// Package path and the rest of a linker name: `net/http.(*Server).Serve.func1` is `net/http` and
/// `(*Server).Serve.func1`. What the compiler made for itself (`type:.eq.…`, `go:…`) has neither.
fn split(name: &str) -> Option<(&str, &str)> {
    if ["type:", "type..", "go:"].iter().any(|prefix| name.starts_with(prefix)) {
        return None;
    }
    // Type parameters may hold slashes and dots of their own.
    let plain = name.split(['(', '[']).next().unwrap_or(name);
    let slash = plain.rfind('/').map_or(0, |slash| slash + 1);
    let dot = slash + name.get(slash..)?.find('.')?;
    Some((name.get(..dot)?, name.get(dot + 1..)?))
}

/// Appends a symbol as advisories write it: `(*Server).Serve.func1` is `Server.Serve`.
fn append(text: &mut String, symbol: &str) {
    let symbol = if symbol.contains('[') { Cow::Owned(without_parameters(symbol)) } else { Cow::Borrowed(symbol) };
    // A method value's wrapper is `Type.Method-fm`.
    let symbol = symbol.split('-').next().unwrap_or(&symbol);
    let mut parts = symbol.split('.').map(|part| part.trim_start_matches(['(', '*']).trim_end_matches(')'));
    text.push_str(parts.next().unwrap_or_default());
    // A type has at most one name behind it; closures are numbered below the function they stand in.
    if let Some(part) = parts.next().filter(|part| !is_closure(part)) {
        text.push('.');
        text.push_str(part);
    }
}

/// A symbol without what stands in brackets.
fn without_parameters(symbol: &str) -> String {
    let mut depth = 0_usize;
    let outside = |character: &char| {
        let was = depth;
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        was == 0 && depth == 0
    };
    symbol.chars().filter(outside).collect()
}

/// `func1`, `gowrap2`, `deferwrap1`, `1`, and the empty part of `glob..func1`.
fn is_closure(part: &str) -> bool {
    let number = part.trim_start_matches("func").trim_start_matches("gowrap").trim_start_matches("deferwrap");
    number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The linker writes dots of the last path element, and odd bytes, as `%2e` (`cmd/internal/objabi/path.go`).
fn unescape(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte =
            escaped.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(path), Cow::Owned)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A table of Go 1.20 with these names. For tests.
    pub(in super::super) fn build(names: &[&str]) -> Vec<u8> {
        let text: Vec<u8> = names.iter().flat_map(|name| name.bytes().chain([0])).collect();
        let mut table = vec![0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
        let end = 72 + text.len() as u64;
        for value in [names.len() as u64, 1, 0x40_1000, 72, end, end, end, end] {
            table.extend(value.to_le_bytes());
        }
        table.extend(text);
        table
    }

    #[test]
    fn names_become_what_advisories_write() {
        for (name, package, symbol) in [
            ("net/http.Get", "net/http", "Get"),
            ("net/http.(*Server).Serve", "net/http", "Server.Serve"),
            ("net/http.(*Server).Serve.func1.2", "net/http", "Server.Serve"),
            ("net/http.Header.Get", "net/http", "Header.Get"),
            ("net/http.Header.Get-fm", "net/http", "Header.Get"),
            ("net/http.(*conn).serve.gowrap1", "net/http", "conn.serve"),
            ("slices.SortFunc[...]", "slices", "SortFunc"),
            ("sync/atomic.(*Pointer[go.shape.struct { a/b.C }]).Load", "sync/atomic", "Pointer.Load"),
            ("gopkg.in/yaml%2ev3.(*parser).peek", "gopkg.in/yaml%2ev3", "parser.peek"),
            ("go.etcd.io/bbolt.(*DB).Begin", "go.etcd.io/bbolt", "DB.Begin"),
            ("main.main.func1", "main", "main"),
            ("main.init.0", "main", "init"),
            ("encoding/json.glob..func1", "encoding/json", "glob"),
        ] {
            let mut text = String::new();
            let split = split(name).map(|(package, symbol)| {
                append(&mut text, symbol);
                package
            });
            assert_eq!((split, text.as_str()), (Some(package), symbol), "{name}");
        }
        assert_eq!(split("type:.eq.net/http.cookie"), None);
        assert_eq!(unescape("gopkg.in/yaml%2ev3"), "gopkg.in/yaml.v3");
        assert_eq!(unescape("a%2"), "a%2");
    }

    #[test]
    fn reads_names_in_any_pieces() {
        let table = build(&["main.main", "runtime.main", "runtime.goexit", "a.b/c.(*T).M"]);
        let layout = Layout { wide: true, big_endian: false };
        for size in [1, 7, 71, 72, 73, 1000] {
            let mut functions = Functions::new(layout, 100);
            let mut progress = Progress::Reading;
            for (index, piece) in table.chunks(size).enumerate() {
                progress = functions.feed(100 + (index * size) as u64, piece);
            }
            assert_eq!(progress, Progress::Done, "{size}");
            let linked = functions.finish();
            assert!(linked.is_whole());
            let mut hashes = linked.divide(1, |path| (path == "a.b/c").then_some(0)).remove(0);
            hashes.sort_unstable();
            let mut expected = vec![symbol_hash("a.b/c.T.M"), symbol_hash("a.b/c")];
            expected.sort_unstable();
            assert_eq!(hashes, expected);
        }
    }

    #[test]
    fn refuses_numbers_that_cannot_be_right() {
        let mut table = build(&["main.main"]);
        table[8 + 24] = 0;
        assert_eq!(Functions::new(Layout { wide: true, big_endian: false }, 0).feed(0, &table), Progress::Broken);
    }
}
