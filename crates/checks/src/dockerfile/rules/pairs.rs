//! The keys and values of ENV, LABEL and ARG.

/// One key with its value.
pub(in crate::dockerfile) struct Pair<'a> {
    /// Without quotes.
    pub key: String,
    /// Without quotes; variables stay as they are written.
    pub value: String,
    /// The value as it is written.
    pub raw: &'a str,
}

/// What ENV or LABEL sets: `a=b "c d"='e f'`, or the old form `key value` with one key.
pub(in crate::dockerfile) fn pairs(text: &str) -> Vec<Pair<'_>> {
    let words = words(text);
    match words.first() {
        Some(first) if !first.contains('=') => {
            let value = text.trim_start().strip_prefix(first).unwrap_or_default().trim();
            vec![Pair { key: unquote(first), value: unquote(value), raw: value }]
        }
        _ => words.into_iter().map(pair).collect(),
    }
}

/// The arguments that ARG declares, with what they hold by default.
pub(in crate::dockerfile) fn arguments(text: &str) -> Vec<Pair<'_>> {
    words(text).into_iter().map(pair).collect()
}

fn pair(word: &str) -> Pair<'_> {
    let (key, raw) = word.split_once('=').unwrap_or((word, ""));
    Pair { key: unquote(key), value: unquote(raw), raw }
}

/// The variables that a value is made of.
pub(in crate::dockerfile) fn variables(raw: &str) -> impl Iterator<Item = &str> {
    let mut single = false;
    let mut double = false;
    let mut escaped = false;
    raw.char_indices().filter_map(move |(at, one)| {
        let was_escaped = std::mem::take(&mut escaped);
        match one {
            _ if was_escaped => {}
            '\\' if !single => escaped = true,
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            '$' if !single => {
                let rest = raw[at + 1..].trim_start_matches('{');
                let end = rest.find(|one: char| !one.is_ascii_alphanumeric() && one != '_').unwrap_or(rest.len());
                return (end > 0).then(|| &rest[..end]);
            }
            _ => {}
        }
        None
    })
}

/// Words between blanks that no quotes hold together.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut single, mut double, mut escaped) = (false, false, false);
    let mut start = None;
    for (at, one) in text.char_indices() {
        let blank = one.is_whitespace() && !single && !double && !escaped;
        match (blank, start) {
            (true, Some(begun)) => {
                words.push(&text[begun..at]);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
        let was_escaped = std::mem::take(&mut escaped);
        match one {
            _ if was_escaped => {}
            '\\' if !single => escaped = true,
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            _ => {}
        }
    }
    words.extend(start.map(|begun| &text[begun..]));
    words
}

fn unquote(text: &str) -> String {
    text.chars().filter(|one| !matches!(one, '"' | '\'')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        pairs(text).into_iter().map(|pair| (pair.key, pair.value)).collect()
    }

    #[test]
    fn both_forms_are_read() {
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read(r#"a=b "c d"='e f' g=h\ i"#), [pair("a", "b"), pair("c d", "e f"), pair("g", "h\\ i")]);
        assert_eq!(read("a b c"), [pair("a", "b c")]);
        assert_eq!(read("a b=c"), [pair("a", "b=c")]);
        assert_eq!(arguments("a b=c").into_iter().map(|pair| pair.key).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(read("a"), [pair("a", "")]);
        assert_eq!(read(""), []);
        assert_eq!(variables(r#"$A-${B:-x}"$C"'$D'\$E $"#).collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
