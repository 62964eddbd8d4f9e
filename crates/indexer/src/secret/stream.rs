//! A file as it streams by: what kind of text it is, and windows over it that overlap.

use image::More;
use memchr::memchr_iter;

use super::encoding::{Encoding, append_utf16, sniff};
use super::scan::{Candidate, scan, scan_file};
use super::{SecretMatch, SecretRules};

/// Bytes of one window of a file that does not come in one piece.
const WINDOW: usize = 512 << 10;
/// Bytes before a word that its surroundings may take.
const BEFORE: usize = 4 << 10;
/// Bytes after a word that its secret may take.
const AFTER: usize = 32 << 10;
/// Files shorter than this hold no secret.
const SHORTEST: u64 = 12;

/// Files longer than this are no secret as a whole.
const LONGEST_KEY_FILE: usize = 512;

/// Comments on a line that take its secrets out.
const IGNORES: &[&str] = &["plimsoll:ignore", "gitleaks:allow", "pragma: allowlist secret", "trivy:ignore:"];
/// The same for the line below.
const IGNORES_NEXT: &[&str] = &["plimsoll:ignore-next", "pragma: allowlist nextline secret"];

/// Archives longer than this are not opened: they are held whole.
const MAX_ARCHIVE: u64 = 64 << 20;
/// Archives inside archives that are opened.
const MAX_DEPTH: usize = 2;

/// Searches one file after the other, with one window for all of them.
pub struct SecretStream<'r> {
    rules: &'r SecretRules,
    path: Vec<u8>,
    size: u64,
    encoding: Encoding,
    /// Whether the encoding has been told.
    begun: bool,
    window: Vec<u8>,
    /// How much of the window belongs to what was searched already.
    searched: usize,
    /// Lines before the window.
    lines: u64,
    /// A byte of UTF-16 whose other half has not come yet.
    left: Option<u8>,
    found: Searched,
    /// How many archives are around the current file.
    depth: usize,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Searched {
    /// Secrets, by line.
    pub secrets: Vec<SecretMatch>,
    /// It is an archive that is too large to be opened.
    pub unopened: bool,
}

impl<'r> SecretStream<'r> {
    /// Nothing yet.
    pub fn new(rules: &'r SecretRules) -> Self {
        Self {
            rules,
            path: Vec::new(),
            size: 0,
            encoding: Encoding::Bytes,
            begun: false,
            window: Vec::new(),
            searched: 0,
            lines: 0,
            left: None,
            found: Searched::default(),
            depth: 0,
        }
    }

    /// For what lies inside an archive that this one reads.
    pub(super) fn inside(&self) -> Self {
        Self { depth: self.depth + 1, ..Self::new(self.rules) }
    }

    /// Starts on a file; whether its content is wanted.
    pub fn begin(&mut self, path: &[u8], size: u64) -> bool {
        self.path.clear();
        self.path.extend_from_slice(path);
        self.size = size;
        self.begun = false;
        self.window.clear();
        self.searched = 0;
        self.lines = 0;
        self.left = None;
        size >= SHORTEST
    }

    /// The next piece of its content.
    pub fn feed(&mut self, piece: &[u8]) -> More {
        if !self.begun {
            self.begun = true;
            self.encoding = sniff(piece);
            // All of it at once: nothing to put together.
            if self.encoding == Encoding::Bytes && piece.len() as u64 >= self.size {
                let mut candidates = scan(self.rules, &self.path, piece, 0..piece.len());
                if candidates.is_empty() && piece.len() <= LONGEST_KEY_FILE {
                    candidates = scan_file(self.rules, &self.path, piece);
                }
                self.report(piece, &candidates);
                return More::No;
            }
        }
        match self.encoding {
            Encoding::Binary => return More::No,
            Encoding::Archive => {
                self.found.unopened = self.size > MAX_ARCHIVE && self.size < u64::MAX && !is_document(&self.path);
                if self.depth >= MAX_DEPTH
                    || self.found.unopened
                    || self.window.len() + piece.len() > MAX_ARCHIVE as usize
                    || is_document(&self.path)
                {
                    self.window.clear();
                    self.encoding = Encoding::Binary;
                    return More::No;
                }
                self.window.extend_from_slice(piece);
                return More::Yes;
            }
            Encoding::Bytes => self.window.extend_from_slice(piece),
            Encoding::Utf16Little | Encoding::Utf16Big => {
                let little = self.encoding == Encoding::Utf16Little;
                self.left = append_utf16(&mut self.window, self.left, piece, little);
            }
        }
        if self.window.len() >= WINDOW + BEFORE + AFTER {
            self.search(false);
        }
        More::Yes
    }

    /// The file is over.
    pub fn finish(&mut self) -> Searched {
        if self.encoding == Encoding::Archive && self.begun {
            let content = std::mem::take(&mut self.window);
            self.found.secrets.extend(super::archive::search(self, &self.path, content));
        } else if !self.window.is_empty() {
            self.search(true);
        }
        self.window.clear();
        // A window that one large file needed is not kept for the small ones after it.
        self.window.shrink_to(WINDOW + BEFORE + AFTER);
        std::mem::take(&mut self.found)
    }

    fn search(&mut self, last: bool) {
        let window = std::mem::take(&mut self.window);
        // A word near the end waits for what follows it.
        let until = if last { window.len() } else { window.len() - AFTER };
        let candidates = scan(self.rules, &self.path, &window, self.searched..until);
        self.report(&window, &candidates);
        let keep = until.saturating_sub(BEFORE);
        self.lines += memchr_iter(b'\n', &window[..keep]).count() as u64;
        self.searched = until - keep;
        self.window = window;
        self.window.drain(..keep);
    }

    fn report(&mut self, text: &[u8], candidates: &[Candidate]) {
        let (mut at, mut line) = (0, self.lines + 1);
        for candidate in candidates {
            // By place of the secrets, which is nearly the order of what was matched.
            if candidate.at < at {
                (at, line) = (0, self.lines + 1);
            }
            line += memchr_iter(b'\n', &text[at..candidate.at]).count() as u64;
            at = candidate.at;
            let shown = &text[candidate.begin..candidate.begin + candidate.shown];
            self.found.secrets.push(SecretMatch {
                rule: self.rules.rules[candidate.rule].id.clone(),
                line,
                redacted: format!("{}**** ({} characters)", String::from_utf8_lossy(shown), candidate.length),
                identity: candidate.identity,
                inside: None,
                ignored: is_ignored(text, candidate.begin, candidate.end),
            });
        }
    }
}

/// Whether a file is a compressed document of a distribution: changes, manuals, and nothing that anybody configures.
fn is_document(path: &[u8]) -> bool {
    [&b"usr/share/doc/"[..], b"usr/share/man/", b"usr/share/info/", b"usr/share/locale/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}

/// Whether a comment on the line, or above it, says that this is meant to be there.
fn is_ignored(text: &[u8], begin: usize, end: usize) -> bool {
    let contains = |line: &[u8], words: &[&str]| words.iter().any(|word| memchr::memmem::find(line, word.as_bytes()).is_some());
    // No longer than a line that people write.
    let lowest = begin.saturating_sub(1024);
    let line = text[lowest..begin].iter().rposition(|&byte| byte == b'\n').map_or(lowest, |place| lowest + place + 1);
    let highest = text.len().min(end + 256);
    let stop = text[end..highest].iter().position(|&byte| byte == b'\n').map_or(highest, |place| end + place);
    let above = &text[line.saturating_sub(256)..line.saturating_sub(1).max(line.saturating_sub(256))];
    let above = above.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let own = &text[line..stop];
    (contains(own, IGNORES) && !contains(own, IGNORES_NEXT)) || contains(above, IGNORES_NEXT)
}
