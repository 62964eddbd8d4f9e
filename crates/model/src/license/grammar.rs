//! Compounds: names joined by `and`, `or`, `with`, commas and brackets, in the looser ways that people write them.
//!
//! `and` binds tighter than `or`, and a comma before either ends what came before it, as Debian's format says.

use super::{Dialect, debian, gnu, identifier, is_expression, names, reference};

/// Words of a compound, which bounds the recursion.
const MAX_WORDS: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Or,
    And,
}

/// A declared licence that is no expression yet.
pub(super) fn read(text: &str, dialect: Dialect) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(id) = name(&text, dialect) {
        return Some(id);
    }
    // The file that R's templates refer to names the holder of the copyright, nothing else.
    let text = match text.split_once(" + file ") {
        Some((license @ ("MIT" | "BSD_2_clause" | "BSD_3_clause"), file)) if dialect == Dialect::R && !file.contains(' ') => {
            return name(&license.replace('_', "-"), dialect);
        }
        _ => text,
    };
    let spaced = spaced(&text, dialect);
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if words.len() > MAX_WORDS {
        return None;
    }
    let mut known = 0;
    let found = compound(&words, dialect, &mut known)?;
    // A compound of nothing but references says no more than its own words.
    (known > 0 && is_expression(&found)).then_some(found)
}

/// Brackets that group, and signs that join, as words of their own.
fn spaced(text: &str, dialect: Dialect) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            // `LGPL (>= 2)` and `license (v2)` are names.
            '(' if !text[at + 1..].trim_start().starts_with(['>', 'v', '=']) => {
                depth += 1;
                out.push_str(" ( ");
            }
            ')' if depth > 0 => {
                depth -= 1;
                out.push_str(" ) ");
            }
            '|' => out.push_str(" or "),
            '&' => out.push_str(" and "),
            ';' => out.push_str(" and "),
            '+' if dialect == Dialect::R && text[at + 1..].starts_with(" file ") => out.push_str(" and "),
            _ => out.push(character),
        }
    }
    out
}

fn joint(words: &[&str], at: usize) -> Option<Joint> {
    let next = words.get(at + 1).map(|word| word.to_ascii_lowercase());
    match words[at].to_ascii_lowercase().as_str() {
        // `GPL 2 or later` is a name.
        "or" if next.is_some_and(|next| {
            ["later", "newer", "greater", "any", "above", "higher", "at"].contains(&next.trim_end_matches(','))
        }) =>
        {
            None
        }
        "or" => Some(Joint::Or),
        "and" => Some(Joint::And),
        _ => None,
    }
}

fn compound(words: &[&str], dialect: Dialect, known: &mut usize) -> Option<String> {
    if words.is_empty() {
        return None;
    }
    let mut depth = 0_usize;
    let (mut last_comma, mut joints) = (None, Vec::new());
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ if depth > 0 => {}
            _ => {
                if let Some(joint) = joint(words, at) {
                    if at > 0 && words[at - 1].ends_with(',') {
                        last_comma = Some((at, joint));
                    }
                    joints.push((at, joint));
                }
            }
        }
    }
    if depth > 0 {
        return None;
    }
    // The last comma binds loosest of all, so what stands before it is a whole of its own.
    if let Some((at, joint)) = last_comma {
        let mut left = words[..at].to_vec();
        if let Some(last) = left.last_mut() {
            *last = last.trim_end_matches(',');
        }
        let left = compound(&left, dialect, known)?;
        let right = compound(&words[at + 1..], dialect, known)?;
        return Some(join(&[left, right], joint));
    }
    for kind in [Joint::Or, Joint::And] {
        let places: Vec<usize> = joints.iter().filter(|(_, joint)| *joint == kind).map(|(at, _)| *at).collect();
        if places.is_empty() {
            continue;
        }
        let mut parts = Vec::new();
        let mut from = 0;
        for to in places.into_iter().chain([words.len()]) {
            parts.push(compound(&words[from..to], dialect, known)?);
            from = to + 1;
        }
        return Some(join(&parts, kind));
    }
    if let ["(", inner @ .., ")"] = words {
        return compound(inner, dialect, known);
    }
    leaf(words, dialect, known)
}

/// One licence: by its name, else a reference, where its words are few enough to be a name.
fn leaf(words: &[&str], dialect: Dialect, known: &mut usize) -> Option<String> {
    let text = words.join(" ").replace("( ", "(").replace(" )", ")");
    if let Some(id) = name(&text, dialect) {
        *known += 1;
        return Some(id);
    }
    if let Some(choice) = slashed(&text, dialect) {
        *known += 1;
        return Some(choice);
    }
    let is_name = match words {
        [_] => true,
        [_, "with", .., last] => words.len() <= 6 && last.to_ascii_lowercase().starts_with("exception"),
        ["file", _] => dialect == Dialect::R,
        _ => false,
    };
    (is_name && text.chars().any(char::is_alphanumeric)).then(|| reference(&text))
}

/// `MIT/Apache-2.0`, as Cargo wrote a choice before it had expressions.
fn slashed(text: &str, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::Debian || !text.contains('/') || text.contains("://") {
        return None;
    }
    let sides: Option<Vec<String>> = text.split('/').map(|side| plain(side, dialect)).collect();
    // X11's licence is not the one that `MIT/X11` mostly means.
    sides.filter(|sides| !sides.iter().any(|side| side == "X11")).map(|sides| join(&sides, Joint::Or))
}

fn join(parts: &[String], joint: Joint) -> String {
    let mut all: Vec<String> = Vec::new();
    for part in parts {
        let wraps = match joint {
            Joint::Or => false,
            Joint::And => part.contains(" OR "),
        };
        let part = if wraps { format!("({part})") } else { part.clone() };
        if !all.contains(&part) {
            all.push(part);
        }
    }
    all.join(if joint == Joint::Or { " OR " } else { " AND " })
}

/// A licence by one of its names, an exception maybe with it.
fn name(text: &str, dialect: Dialect) -> Option<String> {
    if let Some(id) = plain(text, dialect) {
        return Some(id);
    }
    let lower = text.to_ascii_lowercase();
    let at = lower.find(" with ").or_else(|| lower.find(" w/ "))?;
    let license = plain(&text[..at], dialect)?;
    let rest = lower[at..].trim_start_matches(" with ").trim_start_matches(" w/ ");
    let exception = names::exception(rest.trim_start_matches("the "))?;
    let whole = format!("{license} WITH {exception}");
    is_expression(&whole).then_some(whole)
}

fn plain(text: &str, dialect: Dialect) -> Option<String> {
    let key = names::key(text);
    let own: &[(&str, Option<&str>)] = match dialect {
        Dialect::Fedora => &names::FEDORA,
        Dialect::Arch => &names::ARCH,
        _ => &[],
    };
    if let Ok(at) = own.binary_search_by(|(name, _)| (*name).cmp(key.as_str())) {
        return own[at].1.map(str::to_owned);
    }
    // A distribution names each version of its licences; the looser names below are for everybody else.
    if dialect == Dialect::Debian
        && let Ok(at) = debian::NAMES.binary_search_by(|(name, _)| (*name).cmp(key.as_str()))
    {
        return Some(debian::NAMES[at].1.to_owned());
    }
    identifier(text.trim()).or_else(|| gnu::identifier(text)).or_else(|| names::general(&key).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::super::expression;
    use super::*;

    fn all(dialect: Dialect, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let found = expression(text, dialect);
            assert_eq!(found.as_deref(), (!expected.is_empty()).then_some(*expected), "{text}");
            assert!(found.is_none_or(|found| is_expression(&found)));
        }
    }

    #[test]
    fn debian() {
        all(
            Dialect::Debian,
            &[
                ("Expat", "MIT"),
                ("gpl-2+", "GPL-2.0-or-later"),
                ("GPL-2+ or Expat and Zlib", "GPL-2.0-or-later OR MIT AND Zlib"),
                ("GPL-2+ or Expat, and BSD-3-clause", "(GPL-2.0-or-later OR MIT) AND BSD-3-Clause"),
                ("GPL-2+ with  OpenSSL exception", ""),
                ("GPL-2 with Classpath exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
                ("GPL-2 with Linux-syscall-note exception", "GPL-2.0-only WITH Linux-syscall-note"),
                ("CDDL-1.1 or GPL-2 with classpath exception", "CDDL-1.1 OR GPL-2.0-only WITH Classpath-exception-2.0"),
                (
                    "GPL-2+ with OpenSSL exception, and curl and ISC",
                    "LicenseRef-GPL-2-or-later-with-OpenSSL-exception AND curl AND ISC",
                ),
                ("GPL-1+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl"),
                ("REGCOMP, and GPL-1+ or Artistic", "LicenseRef-REGCOMP AND (GPL-1.0-or-later OR Artistic-1.0-Perl)"),
                ("public-domain", "LicenseRef-public-domain"),
                ("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later"),
                ("BSD", ""),
                ("BSD and/or GPL-3+", ""),
                ("Expat or", ""),
                (", and", ""),
                ("Permission to use, copy, modify, and distribute this software and its", ""),
            ],
        );
        assert_eq!(expression(&"a, and ".repeat(200), Dialect::Debian), None);
    }

    #[test]
    fn fedora() {
        all(
            Dialect::Fedora,
            &[
                ("GPLv2+", "GPL-2.0-or-later"),
                ("ASL 2.0", "Apache-2.0"),
                ("LGPLv2", ""),
                ("LGPLv2+ and BSD", "LGPL-2.0-or-later AND LicenseRef-BSD"),
                ("(GPLv2+ or LGPLv3+) and MIT", "(GPL-2.0-or-later OR LGPL-3.0-or-later) AND MIT"),
                ("GPL+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl"),
                ("Public Domain", "LicenseRef-Fedora-Public-Domain"),
                ("LGPL-2.1-or-later AND MIT", "LGPL-2.1-or-later AND MIT"),
                ("GPLv2+ with exceptions", ""),
            ],
        );
    }

    #[test]
    fn arch() {
        all(
            Dialect::Arch,
            &[
                ("GPL", "GPL-2.0-or-later"),
                ("GPL2", "GPL-2.0-only"),
                ("GPL3", "GPL-3.0-or-later"),
                ("LGPL", "LGPL-2.0-or-later"),
                ("Apache", "Apache-2.0"),
                ("custom:ISC", ""),
                ("custom", ""),
            ],
        );
    }

    #[test]
    fn registries() {
        all(
            Dialect::General,
            &[
                ("MIT", "MIT"),
                ("(MIT OR Apache-2.0)", "MIT OR Apache-2.0"),
                ("(MIT) AND (Zlib)", "(MIT) AND (Zlib)"),
                ("mit", "MIT"),
                ("The MIT License (MIT)", "MIT"),
                ("MIT License", "MIT"),
                ("Apache 2", "Apache-2.0"),
                ("The Apache Software License, Version 2.0", "Apache-2.0"),
                ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
                ("Apache License, Version 2.0", "Apache-2.0"),
                ("BSD License", ""),
                ("BSD or Apache License, Version 2.0", "LicenseRef-BSD OR Apache-2.0"),
                ("GPL-2.0", "GPL-2.0-only"),
                ("GNU Lesser General Public License v2 or later (LGPLv2+)", "LGPL-2.0-or-later"),
                ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
                ("Python Software Foundation License", "PSF-2.0"),
                ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
                ("MIT/X11", ""),
                ("BSD 3-clause License w/nuclear disclaimer", ""),
                ("SEE LICENSE IN LICENSE.md", ""),
                ("UNLICENSED", ""),
                ("Historical Permission Notice and Disclaimer (HPND)", "HPND"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn r() {
        all(
            Dialect::R,
            &[
                ("GPL (>= 2)", "GPL-2.0-or-later"),
                ("GPL-2 | GPL-3", "GPL-2.0-only OR GPL-3.0-only"),
                ("MIT + file LICENSE", "MIT"),
                ("GPL (>= 2) | file LICENSE", "GPL-2.0-or-later OR LicenseRef-file-LICENSE"),
                ("Part of R 4.2.2", ""),
            ],
        );
    }
}
