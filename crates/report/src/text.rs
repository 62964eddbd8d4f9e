//! Text from outside, made fit for a terminal: escaped, measured and cut.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// The text with everything escaped that could drive a terminal or reorder what stands on it: control characters, line
/// and paragraph separators, and the bidirectional controls (<https://www.unicode.org/reports/tr9/>).
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_harmful(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A sentence on one line: white space, line breaks included, becomes one space, the rest is made [`harmless`].
pub(crate) fn one_line(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    harmless(&joined).into_owned()
}

/// Columns that the text takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(0)).sum()
}

/// The text cut to at most `columns`, ending in `…` where something is missing.
pub(crate) fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let mut taken = 0;
    let end = text.char_indices().find(|(_, character)| {
        taken += character.width().unwrap_or(0);
        taken > columns - 1
    });
    let kept = end.map_or(text, |(at, _)| &text[..at]);
    Cow::Owned(format!("{kept}…"))
}

/// The text cut to at most `columns` with `…` in the middle: of names and versions both ends tell.
pub(crate) fn fit_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns || columns < 4 {
        return fit(text, columns);
    }
    // The end of a name tells a little more than its beginning.
    let head = (columns - 1) * 2 / 5;
    let mut taken = 0;
    let start = text.char_indices().rev().find(|(_, character)| {
        taken += character.width().unwrap_or(0);
        taken > columns - 1 - head
    });
    let tail = start.map_or(text, |(at, character)| &text[at + character.len_utf8()..]);
    Cow::Owned(format!("{}{tail}", fit(text, head + 1)))
}

/// Breaks a line at spaces so that no part takes more than `columns`; parts after the first begin with `indent` spaces.
/// A word that is longer than a line stands on a line of its own, whole.
pub(crate) fn wrap(text: &str, columns: usize, indent: usize) -> String {
    let mut wrapped = String::with_capacity(text.len() + 16);
    let mut used = 0;
    for word in text.split(' ') {
        let length = width(word);
        if used > 0 && used + 1 + length > columns {
            wrapped.push('\n');
            wrapped.extend(std::iter::repeat_n(' ', indent));
            used = indent;
        } else if !wrapped.is_empty() {
            wrapped.push(' ');
            used += 1;
        }
        wrapped.push_str(word);
        used += length;
    }
    wrapped
}

/// `1 package`, `2 packages`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// The text as an address that may be linked to: `http` or `https`, and nothing in it that would need escaping.
pub(crate) fn web_address(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/?:@!$&'()*+,;=%".contains(&byte);
    let (before, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let valid = !before.is_empty() && before.bytes().chain(fragment.bytes()).all(plain) && !has_bad_escape(rest);
    valid.then_some(text)
}

/// A `%` that no two hexadecimal digits follow.
fn has_bad_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|rest| !rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

/// The text with every byte escaped that a path inside a URI may not hold (RFC 3986, section 3.3).
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for nibble in [byte >> 4, byte & 15] {
                encoded.extend(char::from_digit(u32::from(nibble), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(harmless("plain ünïcode 𝕏"), "plain ünïcode 𝕏");
        assert_eq!(harmless("a\u{1b}[31mb\r\u{9b}\u{202e}"), "a\\u{1b}[31mb\\u{d}\\u{9b}\\u{202e}");
        assert_eq!(one_line(" two\n  lines\there "), "two lines here");
    }

    #[test]
    fn cuts_by_columns() {
        assert_eq!(fit("openssl", 7), "openssl");
        assert_eq!(fit("openssl", 6), "opens…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("abc", 1), "…");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn cuts_in_the_middle() {
        assert_eq!(fit_middle("org.apache.logging.log4j:log4j-core", 18), "org.ap…:log4j-core");
        assert_eq!(fit_middle("日本語日本語", 9), "日…本語");
        assert_eq!(fit_middle("openssl", 7), "openssl");
        assert_eq!(fit_middle("openssl", 3), "op…");
    }

    #[test]
    fn wraps_with_a_hanging_indent() {
        assert_eq!(wrap("one two three four", 9, 2), "one two\n  three\n  four");
        assert_eq!(wrap("averylongword x", 5, 0), "averylongword\nx");
    }

    #[test]
    fn links_only_to_the_web() {
        assert!(web_address("https://example.org/a?b=%20#c").is_some());
        for bad in ["javascript:alert(1)", "https://", "https://a b", "https://a\"b", "https://a/%zz", "https://a#b#c", ""] {
            assert_eq!(web_address(bad), None, "{bad}");
        }
    }

    #[test]
    fn encodes_paths() {
        assert_eq!(percent_encode("usr/lib/a b+ü"), "usr/lib/a%20b%2B%C3%BC");
    }
}
