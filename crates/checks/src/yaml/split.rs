//! Where the documents of a stream begin. A line that begins with `---` begins one whatever stands around it
//! (<https://yaml.org/spec/1.2.2/#912-document-markers>), so that it can be told without reading the documents.

/// The parts of a stream, each with its first line.
pub(crate) fn split(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (mut from, mut line) = (0, 1);
    std::iter::from_fn(move || {
        let begin = (from, line);
        let mut holds_something = false;
        while from < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at + 1);
            let current = bytes[from..end].trim_ascii_end();
            if is_marker(current) && holds_something {
                break;
            }
            // Comments and directives belong to the document below them.
            holds_something |=
                !current.is_empty() && !current.starts_with(b"#") && !current.starts_with(b"%") && !is_bare(current);
            (from, line) = (end, line + 1);
        }
        holds_something.then(|| (begin.1, &bytes[begin.0..from]))
    })
}

fn is_marker(line: &[u8]) -> bool {
    line.strip_prefix(b"---").is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace))
}

/// A marker with nothing but a comment behind it.
fn is_bare(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b"---").or_else(|| line.strip_prefix(b"..."));
    rest.is_some_and(|rest| rest.trim_ascii_start().first().is_none_or(|first| *first == b'#'))
}
