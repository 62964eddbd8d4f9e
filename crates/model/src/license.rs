//! Licences as SPDX expressions: what package managers and people write, put into the identifiers of
//! <https://spdx.org/licenses/>. A name is mapped where it means exactly one licence; what cannot be mapped stays as it is
//! written, and counts as unknown.

mod debian;
mod gnu;
mod grammar;
mod names;
mod terms;
mod text;

pub use terms::{LicenseVerdict, Terms, TermsError, Verdict};
pub use text::{MAX_TEXT, copyrights, of_text};

/// Whose names are read. The same word means different licences to different distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SPDX, and what the registries of programming languages are full of.
    General,
    /// Short names of machine-readable copyright files
    /// (<https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-specification>).
    Debian,
    /// The names that Fedora used before SPDX's (<https://fedoraproject.org/wiki/Licensing:Main>, "Short License Identifiers").
    Fedora,
    /// The names that Arch Linux used before SPDX's (<https://wiki.archlinux.org/title/PKGBUILD#license>, until 2023).
    Arch,
    /// R's notation, `GPL (>= 2) | file LICENSE`
    /// (<https://cran.r-project.org/doc/manuals/r-release/R-exts.html#Licensing>).
    R,
}

/// What stands for the licence of a package that declares none, as in SPDX documents.
pub const NOT_SAID: &str = "NOASSERTION";
/// Bytes of a declared licence that is looked at; no honest one is longer, and reading a compound is as deep as it is nested.
const MAX_LENGTH: usize = 2048;
/// Bytes of all that a package declares as one expression; the parser of expressions keeps a stack of its own.
const MAX_EXPRESSION: usize = 64 << 10;

/// A declared licence as an SPDX expression; names in a compound that nobody else knows become `LicenseRef-…`. `None` where
/// nothing of it can be mapped.
pub fn expression(text: &str, dialect: Dialect) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_LENGTH {
        return None;
    }
    if is_expression(text) {
        return Some(unwrapped(text).to_owned());
    }
    grammar::read(text, dialect)
}

/// An expression without brackets around the whole, as npm writes it.
fn unwrapped(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).map(str::trim);
    // `(MIT) AND (Zlib)` begins and ends with brackets, too.
    inner.filter(|inner| is_expression(inner)).unwrap_or(text)
}

/// The same; what cannot be mapped stays as it is written.
pub fn expression_or_text(text: &str, dialect: Dialect) -> String {
    expression(text, dialect).unwrap_or_else(|| text.trim().to_owned())
}

/// Several licences of which the user may choose one, where the format says that this is what a list of them means.
pub fn any_of<'a>(texts: impl IntoIterator<Item = &'a str>, dialect: Dialect) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
        let one = expression_or_text(text, dialect);
        if !all.contains(&one) {
            all.push(one);
        }
    }
    // A choice with a side that is no expression cannot be written as one; the sides are then all there is.
    if all.len() < 2 || !all.iter().all(|one| is_expression(one)) {
        return all;
    }
    let sides: Vec<String> = all.iter().map(|one| if one.contains(' ') { format!("({one})") } else { one.clone() }).collect();
    vec![sides.join(" OR ")]
}

/// Whether a text is an SPDX expression over identifiers of the list and references.
pub fn is_expression(text: &str) -> bool {
    parse(text).is_some()
}

/// Whether an expression speaks of the list's licences alone, without references to texts that only its author has.
pub fn is_listed(expression: &str) -> bool {
    parse(expression).is_some_and(|parsed| parsed.requirements().all(|one| one.req.license.id().is_some()))
}

fn parse(text: &str) -> Option<spdx::Expression> {
    if text.len() > MAX_EXPRESSION {
        return None;
    }
    spdx::Expression::parse_mode(text, spdx::ParseMode::STRICT).ok()
}

/// The references (`LicenseRef-…`) in an expression, in its order.
pub fn references(expression: &str) -> Vec<String> {
    let Some(parsed) = parse(expression) else { return Vec::new() };
    let all = parsed.requirements().filter(|one| one.req.license.id().is_none());
    all.map(|one| one.req.license.to_string()).collect()
}

/// `LicenseRef-` and the words of a name that is on no list.
pub fn reference(name: &str) -> String {
    let name = name.strip_prefix("LicenseRef-").unwrap_or(name);
    let mut id = String::from("LicenseRef-");
    let name = name.replace('+', "-or-later");
    for word in
        name.split(|character: char| !character.is_ascii_alphanumeric() && character != '.').filter(|word| !word.is_empty())
    {
        if !id.ends_with('-') {
            id.push('-');
        }
        id.push_str(word);
        if id.len() > 100 {
            break;
        }
    }
    if id.len() == "LicenseRef-".len() {
        id.push_str("unnamed");
    }
    id
}

/// All that a package declares as one expression: every one of its licences holds. What is no expression becomes a
/// reference to its own words; a package that declares nothing says [`NOT_SAID`].
pub fn combined(declared: &[String]) -> String {
    let mut all: Vec<String> = Vec::new();
    for text in declared.iter().map(|text| text.trim()).filter(|text| !matches!(*text, "" | "NONE" | NOT_SAID)) {
        // What an SBOM or another scanner says was not read by an extractor of ours.
        let one = expression(text, Dialect::General).unwrap_or_else(|| reference(text));
        // What is joined by `AND` need not be said twice.
        for side in sides(&one).into_iter().map(unwrapped) {
            if !all.iter().any(|known| known == side) {
                all.push(side.to_owned());
            }
        }
    }
    match all.as_slice() {
        [] => NOT_SAID.to_owned(),
        [one] => one.clone(),
        _ => {
            let wrapped = all.iter().map(|one| if one.contains(" OR ") { format!("({one})") } else { one.clone() });
            wrapped.collect::<Vec<_>>().join(" AND ")
        }
    }
}

/// What an expression joins by `AND`, outermost; the expression itself where it joins by `OR`, or nothing.
fn sides(expression: &str) -> Vec<&str> {
    let (mut depth, mut from, mut sides) = (0_usize, 0, Vec::new());
    for (at, byte) in expression.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && expression[at..].starts_with(" OR ") => return vec![expression],
            b' ' if depth == 0 && expression[at..].starts_with(" AND ") => {
                sides.push(&expression[from..at]);
                from = at + " AND ".len();
            }
            _ => {}
        }
    }
    sides.push(&expression[from..]);
    sides
}

/// An identifier of the list in its own spelling, deprecated ones as what took their place.
fn identifier(name: &str) -> Option<String> {
    let found = spdx::license_id(name).or_else(|| {
        spdx::identifiers::LICENSES
            .iter()
            .find(|license| license.name.eq_ignore_ascii_case(name))
            .and_then(|license| spdx::license_id(license.name))
    })?;
    if !found.is_deprecated() {
        return Some(found.name.to_owned());
    }
    match found.name {
        "StandardML-NJ" => Some("SMLNJ".to_owned()),
        "BSD-2-Clause-NetBSD" => Some("BSD-2-Clause".to_owned()),
        "bzip2-1.0.5" => Some("bzip2-1.0.6".to_owned()),
        "GPL-2.0-with-classpath-exception" => Some("GPL-2.0-only WITH Classpath-exception-2.0".to_owned()),
        "GPL-2.0-with-font-exception" => Some("GPL-2.0-only WITH Font-exception-2.0".to_owned()),
        "GPL-2.0-with-bison-exception" => Some("GPL-2.0-or-later WITH Bison-exception-2.2".to_owned()),
        "GPL-3.0-with-GCC-exception" => Some("GPL-3.0-only WITH GCC-exception-3.1".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combined_says_what_is_known() {
        let of = |texts: &[&str]| combined(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&[]), "NOASSERTION");
        assert_eq!(of(&["NOASSERTION", ""]), "NOASSERTION");
        assert_eq!(of(&["MIT"]), "MIT");
        assert_eq!(of(&["MIT OR Apache-2.0", "Zlib", "MIT OR Apache-2.0"]), "(MIT OR Apache-2.0) AND Zlib");
        assert_eq!(of(&["MIT", "MIT AND Zlib"]), "MIT AND Zlib");
        assert_eq!(of(&["(MIT OR ISC) AND Zlib", "MIT OR ISC", "(Zlib)"]), "(MIT OR ISC) AND Zlib");
        assert_eq!(of(&["MIT AND ISC OR Zlib", "ISC"]), "(MIT AND ISC OR Zlib) AND ISC");
        assert_eq!(of(&["BSD", "My <own> text"]), "LicenseRef-BSD AND LicenseRef-My-own-text");
    }

    #[test]
    fn references_are_valid() {
        for text in ["", "日本", "GPL-3+ with odd exception", "LicenseRef-x", &"word ".repeat(300)] {
            let reference = reference(text);
            assert!(is_expression(&reference) && !is_listed(&reference), "{reference}");
        }
        assert_eq!(reference("GPL-3+ with odd exception"), "LicenseRef-GPL-3-or-later-with-odd-exception");
        assert_eq!(references("MIT OR LicenseRef-a"), ["LicenseRef-a"]);
    }

    #[test]
    fn a_choice() {
        assert_eq!(any_of(["MIT", "Apache-2.0"], Dialect::General), ["MIT OR Apache-2.0"]);
        assert_eq!(any_of(["MIT AND Zlib", "GPLv2+"], Dialect::General), ["(MIT AND Zlib) OR GPL-2.0-or-later"]);
        assert_eq!(any_of(["MIT", "mit"], Dialect::General), ["MIT"]);
        assert_eq!(any_of(["MIT", "My own words"], Dialect::General), ["MIT", "My own words"]);
    }
}
