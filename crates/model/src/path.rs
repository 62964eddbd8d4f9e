//! Paths inside images. They are bytes: tar carries any byte but NUL, and real images hold names that are no UTF-8.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Brings a tar member name to the one form used throughout: relative, no leading `./` or `/`, no empty, `.` or trailing
/// components. `..` is resolved without leaving the root, as a container run-time does, so `../../etc/passwd` is `etc/passwd`.
///
/// Borrowed when the name is already in that form, which is the usual case.
pub fn normalize(name: &[u8]) -> Cow<'_, [u8]> {
    let name = trim(name);
    let clean = !name.split(|&byte| byte == b'/').any(|part| matches!(part, b"" | b"." | b"..")) || name.is_empty();
    if clean {
        return Cow::Borrowed(name);
    }
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in name.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Cow::Owned(parts.join(&b'/'))
}

fn trim(mut name: &[u8]) -> &[u8] {
    loop {
        name = match name {
            [b'.', b'/', rest @ ..] | [b'/', rest @ ..] | [rest @ .., b'/'] => rest,
            b"." => b"",
            _ => return name,
        };
    }
}

/// A path for people and for reports: absolute, and every byte that is not part of valid UTF-8, and every control
/// character, written as `\xNN`, so that two different paths never print alike and none can drive a terminal.
pub fn display(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len() + 1);
    text.push('/');
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() || character == '\\' {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(text, "\\x{byte:02x}");
                }
            } else {
                text.push(character);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// The last component.
pub fn file_name(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or(path)
}

/// Everything before the last component, without the slash; empty at the root.
pub fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&byte| byte == b'/').map_or(b"", |slash| &path[..slash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_leave_the_root() {
        for (given, expected) in [
            ("./etc/passwd", "etc/passwd"),
            ("/etc//passwd", "etc/passwd"),
            ("../../etc/passwd", "etc/passwd"),
            ("a/../../b/./c/", "b/c"),
            ("./", ""),
            (".", ""),
            ("a/..", ""),
            (".hidden/x", ".hidden/x"),
        ] {
            assert_eq!(normalize(given.as_bytes()).as_ref(), expected.as_bytes(), "{given}");
        }
    }

    #[test]
    fn display_is_injective_and_harmless() {
        assert_eq!(display(b"a/\xff\x1b[31m"), "/a/\\xff\\x1b[31m");
        assert_ne!(display(b"\\xff"), display(b"\xff"));
        assert_eq!(display("é中".as_bytes()), "/é中");
    }
}
