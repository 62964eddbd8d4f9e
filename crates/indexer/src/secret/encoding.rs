//! Texts in UTF-16 and in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// How the bytes of a file are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// An archive, or a compressed text.
    Archive,
    /// ASCII or anything that holds it: UTF-8, Latin-1.
    Bytes,
    /// UTF-16, the less significant byte first.
    Utf16Little,
    /// UTF-16, the more significant byte first.
    Utf16Big,
    /// No text.
    Binary,
}

/// Bytes from which the encoding is told.
pub(super) const SNIFFED: usize = 1024;

/// Tells text by its first bytes: whatever holds a zero byte is none, but UTF-16.
pub(super) fn sniff(head: &[u8]) -> Encoding {
    let head = &head[..head.len().min(SNIFFED)];
    match head {
        [0xFF, 0xFE, ..] => return Encoding::Utf16Little,
        [0xFE, 0xFF, ..] => return Encoding::Utf16Big,
        _ => {}
    }
    if is_archive(head) {
        return Encoding::Archive;
    }
    if memchr::memchr(0, head).is_none() {
        let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)).count();
        return if controls * 10 > head.len() { Encoding::Binary } else { Encoding::Bytes };
    }
    // Without a mark: nearly every other byte is zero, and none of the rest.
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if half >= 8 && odd * 10 >= half * 9 => Encoding::Utf16Little,
        (even, 0) if half >= 8 && even * 10 >= half * 9 => Encoding::Utf16Big,
        _ => Encoding::Binary,
    }
}

/// Zip, gzip, xz, bzip2, zstd and tar by their first bytes.
fn is_archive(head: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"BZh", b"\x28\xb5\x2f\xfd"];
    BEGINNINGS.iter().any(|beginning| head.starts_with(beginning)) || head.get(257..262) == Some(b"ustar")
}

/// Appends UTF-16 as ASCII; what is none becomes `?`. A byte that is left over is given back.
pub(super) fn append_utf16(out: &mut Vec<u8>, left: Option<u8>, bytes: &[u8], little: bool) -> Option<u8> {
    let mut bytes = left.into_iter().chain(bytes.iter().copied());
    loop {
        let first = bytes.next()?;
        let Some(second) = bytes.next() else { return Some(first) };
        let (low, high) = if little { (first, second) } else { (second, first) };
        out.push(if high == 0 && low.is_ascii() { low } else { b'?' });
    }
}

/// How a word looks in base64 at each of the three places it may begin at: the letters that are its own alone, and at which
/// of a group of four they begin.
pub(super) fn aligned_base64(word: &[u8]) -> Vec<(Vec<u8>, usize)> {
    (0..3)
        .filter_map(|skipped: usize| {
            let bytes = [&vec![0; skipped], word].concat();
            let letters = STANDARD_NO_PAD.encode(&bytes).into_bytes();
            let from = (skipped * 8).div_ceil(6);
            let to = bytes.len() * 8 / 6;
            let own = letters.get(from..to)?;
            (own.len() >= 4).then(|| (own.to_vec(), from))
        })
        .collect()
}

/// Bytes of base64 that are decoded at most around one word.
const MAX_RUN: usize = 64 << 10;

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The base64 around a word that begins at `at`, as the `lead`th letter of its group, decoded; with the place it took. Lines
/// that an encoder broke are put together.
pub(super) fn decode_around(text: &[u8], at: usize, lead: usize) -> Option<(usize, usize, Vec<u8>)> {
    let text = &text[..text.len().min(at + MAX_RUN / 2)];
    let lowest = at.saturating_sub(MAX_RUN / 2);
    let mut lines = vec![run(text, at, lowest)];
    while let Some(line) =
        line_before(text, lines[0].0, lowest).filter(|line| is_whole(*line) && length(lines[0]) <= length(*line))
    {
        lines.insert(0, line);
    }
    while let Some(line) = lines
        .last()
        .copied()
        .filter(|last| is_whole(*last))
        .and_then(|last| line_after(text, last.1).filter(|line| length(*line) <= length(last)))
    {
        lines.push(line);
    }
    if let [only] = &mut lines[..] {
        // The word tells where groups begin: a `/` or `-` before the base64 is none of its letters.
        let group = (at + 4 - lead) % 4;
        only.0 += (group + 4 - only.0 % 4) % 4;
    }
    let mut letters: Vec<u8> = lines.iter().flat_map(|&(from, to)| text.get(from..to).unwrap_or_default()).copied().collect();
    // One letter alone is no byte.
    if letters.len() % 4 == 1 {
        letters.pop();
    }
    let decoded = super::check::base64(&letters)?;
    Some((lines.first()?.0, lines.last()?.1, decoded))
}

fn length((from, to): (usize, usize)) -> usize {
    to.saturating_sub(from)
}

/// Whether a line is as long as encoders make them (RFC 2045 section 6.8, RFC 7468 section 2).
fn is_whole(line: (usize, usize)) -> bool {
    matches!(length(line), 60 | 64 | 72 | 76)
}

/// The letters around a place.
fn run(text: &[u8], at: usize, lowest: usize) -> (usize, usize) {
    let from = text[lowest..at].iter().rposition(|&byte| !is_letter(byte)).map_or(lowest, |place| lowest + place + 1);
    let to = text[at..].iter().position(|&byte| !is_letter(byte)).map_or(text.len(), |place| at + place);
    (from, to)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The line of letters alone that ends before `at`.
fn line_before(text: &[u8], at: usize, lowest: usize) -> Option<(usize, usize)> {
    let end = lowest + text[lowest..at].iter().rposition(|&byte| !is_blank(byte))? + 1;
    let line = run(text, end, lowest);
    (text[end..at].contains(&b'\n') && line.1 == end && line.0 < end).then_some(line)
}

/// The line of letters alone that begins after `at`.
fn line_after(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = at + text[at..].iter().position(|&byte| !is_blank(byte))?;
    let line = run(text, start, start);
    (text[at..start].contains(&b'\n') && line.0 < line.1).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(sniff(b"plain text"), Encoding::Bytes);
        assert_eq!(sniff("caf\u{e9} na\u{ef}ve".as_bytes()), Encoding::Bytes);
        assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0\0\0\0"), Encoding::Binary);
        let wide: Vec<u8> = "TOKEN=abcdefgh".bytes().flat_map(|byte| [byte, 0]).collect();
        assert_eq!(sniff(&wide), Encoding::Utf16Little);
        let mut out = Vec::new();
        let left = append_utf16(&mut out, None, &wide[..5], true);
        assert_eq!(append_utf16(&mut out, left, &wide[5..], true), None);
        assert_eq!(out, b"TOKEN=abcdefgh");
    }

    #[test]
    fn base64_at_every_place() {
        for before in 0..7 {
            let text = format!("{}ghp_secret and more of it", "x".repeat(before));
            let encoded = STANDARD_NO_PAD.encode(&text);
            let found = aligned_base64(b"ghp_")
                .into_iter()
                .find_map(|(word, lead)| memchr::memmem::find(encoded.as_bytes(), &word).map(|at| (at, lead)));
            let (at, lead) = found.unwrap();
            let document = format!("data: {encoded}\n");
            let (_, _, decoded) = decode_around(document.as_bytes(), at + 6, lead).unwrap();
            assert_eq!(decoded, text.as_bytes());
        }
    }

    #[test]
    fn base64_over_lines() {
        let text: String = (0..40).map(|line| format!("line {line} of many\n")).collect();
        let text = format!("{text}ghp_secret\n{text}");
        let encoded = STANDARD_NO_PAD.encode(&text);
        let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let document = format!("data: |\n  {}\nend\n", lines.join("\n  "));
        let (at, lead) = aligned_base64(b"ghp_secret")
            .into_iter()
            .find_map(|(word, lead)| memchr::memmem::find(document.as_bytes(), &word).map(|at| (at, lead)))
            .unwrap_or((document.find("Z2hw").unwrap_or(200), 0));
        let (_, _, decoded) = decode_around(document.as_bytes(), at, lead).unwrap();
        assert!(String::from_utf8_lossy(&decoded).contains("ghp_secret"));
    }
}
