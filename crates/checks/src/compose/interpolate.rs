//! Variables in values (<https://docs.docker.com/reference/compose-file/interpolation/>): a default that the file gives is
//! taken, as it holds where nobody says otherwise; anything else is unknown.

use crate::yaml::{Node, Value};

/// Stands for what is not known. No YAML may hold it as it is.
pub(super) const UNKNOWN: char = '\0';

/// Variables within defaults of variables.
const MAX_DEPTH: usize = 8;

/// Puts defaults into every text below a node.
pub(super) fn interpolate(node: &mut Node) {
    match &mut node.value {
        Value::Null => {}
        Value::Scalar(text) => {
            if text.contains('$') {
                *text = replaced(text, 0);
            }
        }
        Value::Sequence(items) => items.iter_mut().for_each(interpolate),
        Value::Mapping(entries) => entries.iter_mut().for_each(|entry| interpolate(&mut entry.value)),
    }
}

fn replaced(text: &str, depth: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('{') {
            let end = closing(inside);
            out.push_str(&default(&inside[..end], depth));
            rest = inside.get(end + 1..).unwrap_or_default();
        } else {
            let end = rest.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
            out.push(if end == 0 { '$' } else { UNKNOWN });
            rest = &rest[end..];
        }
    }
    out + rest
}

/// Where the brace closes, those of variables inside passed over.
fn closing(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' if open == 0 => return at,
            '}' => open -= 1,
            _ => {}
        }
    }
    text.len()
}

/// What stands for `NAME:-default`.
fn default(variable: &str, depth: usize) -> String {
    let end = variable.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric()).unwrap_or(variable.len());
    let given = variable[end..].strip_prefix(":-").or_else(|| variable[end..].strip_prefix('-'));
    match given {
        Some(given) if depth < MAX_DEPTH => replaced(given, depth + 1),
        _ => UNKNOWN.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn defaults_are_taken_and_the_rest_is_unknown() {
        for (text, expected) in [
            ("a", "a"),
            ("$A", "\0"),
            ("${A}", "\0"),
            ("${A:-b}c", "bc"),
            ("${A-b}", "b"),
            ("${A:-}", ""),
            ("${A:?no}", "\0"),
            ("${A:+b}", "\0"),
            ("${A:-${B:-c}}", "c"),
            ("${A:-${B}}d", "\0d"),
            ("$$A", "$A"),
            ("a$", "a$"),
            ("$ 5", "$ 5"),
            ("${A", "\0"),
        ] {
            assert_eq!(replaced(text, 0), expected, "{text}");
        }
        drop(replaced(&"${A:-".repeat(10_000), 0));
    }
}
