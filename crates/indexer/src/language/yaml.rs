//! Lines of the block-style YAML that tools write into lock files: indentation, key, value. Not YAML at large, which no
//! lock file uses: their writers fix the style.

/// `key: value`, the value empty where a block follows. A list item has the key `-`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Spaces before the key.
    pub(super) indent: usize,
    pub(super) key: &'a str,
    /// Without its quotes; flow collections as written.
    pub(super) value: &'a str,
}

/// The lines that carry something, in their order.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines().filter_map(|line| {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let content = content.trim_end();
        if content.is_empty() || content.starts_with('#') {
            return None;
        }
        if let Some(item) = content.strip_prefix("- ") {
            return Some(Line { indent, key: "-", value: unquote(item) });
        }
        let (key, value) = match content.chars().next()? {
            quote @ ('"' | '\'') => {
                let (key, rest) = content.get(1..)?.split_once(quote)?;
                (key, rest.strip_prefix(':')?)
            }
            '?' => return None,
            _ => content.split_once(": ").or_else(|| content.strip_suffix(':').map(|key| (key, "")))?,
        };
        Some(Line { indent, key, value: unquote(value) })
    })
}

/// A scalar without the quotes around it or the comment after it.
pub(super) fn unquote(value: &str) -> &str {
    let value = value.trim();
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.get(1..).and_then(|rest| rest.split_once(quote)).map_or(value, |(inner, _)| inner),
        _ => value.split(" #").next().unwrap_or(value).trim_end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values() {
        let text = "# c\na: 1\n  '@s/b@1.0(x@2)':\n    resolution: {integrity: sha512-x}\n  /c@1.0:\n  \"d@npm:^1, d@npm:^2\":\n    version: \"2.0\" # x\n  - item\n\nbroken\n'open: 1\n";
        let got: Vec<_> = lines(text).map(|line| (line.indent, line.key, line.value)).collect();
        assert_eq!(
            got,
            [
                (0, "a", "1"),
                (2, "@s/b@1.0(x@2)", ""),
                (4, "resolution", "{integrity: sha512-x}"),
                (2, "/c@1.0", ""),
                (2, "d@npm:^1, d@npm:^2", ""),
                (4, "version", "2.0"),
                (2, "-", "item"),
            ]
        );
    }
}
