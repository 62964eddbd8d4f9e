//! The GNU licences, whose names come in a hundred spellings that all say a family, a version, and whether later ones may be
//! chosen.

/// Words that say nothing.
const FILLERS: [&str; 14] = [
    "gnu", "the", "license", "licence", "licenses", "public", "general", "version", "v", "v.", "ver", "ver.", "free", "software",
];
/// Words that say that later versions may be chosen.
const LATER: [&str; 8] = ["or", "later", "any", "newer", "greater", "above", "higher", "at"];

/// `GPL v2 or later`, `GNU Lesser General Public License 2.1`, `LGPLv3+`, … as an SPDX identifier; `None` where a word says
/// something else, or the version is missing.
pub(super) fn identifier(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    // What stands in brackets repeats the name: `GNU General Public License v2 or later (GPLv2+)`.
    let name = match name.split_once('(') {
        Some((before, inside)) if inside.contains("gpl") || inside.contains("fdl") => before.to_owned(),
        Some((before, inside)) if inside.trim_start().starts_with(">=") => {
            format!("{before} {} or later", inside.trim_start_matches([' ', '>', '=']).trim_end_matches([')', ' ']))
        }
        _ => name,
    };
    let (mut family, mut version, mut later, mut only) = (None, None, false, false);
    let words = name.split([' ', ',', ';', '-', '_', '/', '(', ')', '\t']).filter(|word| !word.is_empty());
    for word in words {
        let (bare, plus) = match word.strip_suffix('+') {
            Some(bare) => (bare, true),
            None => (word, false),
        };
        later |= plus;
        let (stem, number) = split(bare);
        if let Some(number) = number
            && version.replace(number).is_some_and(|earlier| earlier != number)
        {
            return None;
        }
        match stem {
            "" | "v" | "v." | "version" => {}
            "gpl" | "lgpl" | "agpl" | "gfdl" | "fdl" => {
                let named = if stem == "fdl" { "gfdl" } else { stem };
                if family.is_some_and(|family| family != named) {
                    return None;
                }
                family = Some(named);
            }
            "lesser" | "library" => family = Some("lgpl"),
            "affero" => family = Some("agpl"),
            "documentation" => family = Some("gfdl"),
            "general" if family.is_none() => family = Some("gpl"),
            "only" => only = true,
            word if LATER.contains(&word) => later |= matches!(word, "later" | "newer" | "greater" | "above" | "higher"),
            word if FILLERS.contains(&word) => {}
            _ => return None,
        }
    }
    if later && only {
        return None;
    }
    let (family, version) = (family?, version?);
    let version = if version.contains('.') { version.to_owned() } else { format!("{version}.0") };
    let id = format!("{}-{version}-{}", family.to_ascii_uppercase(), if later { "or-later" } else { "only" });
    spdx::license_id(&id).map(|id| id.name.to_owned())
}

/// A word and the version number at its end: `gplv2` is `gpl` and `2`.
fn split(word: &str) -> (&str, Option<&str>) {
    let start = word.find(|character: char| character.is_ascii_digit()).unwrap_or(word.len());
    let (stem, number) = word.split_at(start);
    let number = number.trim_end_matches('.');
    let is_number = matches!(number, "1" | "2" | "3" | "1.0" | "1.1" | "1.2" | "1.3" | "2.0" | "2.1" | "3.0");
    match stem {
        "" | "v" | "gpl" | "lgpl" | "agpl" | "gfdl" | "fdl" if is_number => (stem, Some(number)),
        "gplv" | "lgplv" | "agplv" if is_number => (&stem[..stem.len() - 1], Some(number)),
        _ => (word, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (name, expected) in [
            ("GPL-2", "GPL-2.0-only"),
            ("GPL-2+", "GPL-2.0-or-later"),
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("GPLv3+", "GPL-3.0-or-later"),
            ("GPL3", "GPL-3.0-only"),
            ("GPL v2 or later", "GPL-2.0-or-later"),
            ("GNU GPL v3", "GPL-3.0-only"),
            ("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
            ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"),
            ("GNU Lesser General Public License, Version 2.1", "LGPL-2.1-only"),
            ("GNU Library General Public License v2", "LGPL-2.0-only"),
            ("LGPL (>= 2.1)", "LGPL-2.1-or-later"),
            ("GNU Affero General Public License v3.0 or any later version", "AGPL-3.0-or-later"),
            ("GFDL-1.3+", "GFDL-1.3-or-later"),
            ("AGPL 3.0 only", "AGPL-3.0-only"),
            ("LGPL-3.0+", "LGPL-3.0-or-later"),
        ] {
            assert_eq!(identifier(name).as_deref(), Some(expected), "{name}");
        }
        for name in [
            "GPL",
            "LGPL",
            "GNU",
            "2",
            "GPL-2 with exceptions",
            "GPL 2 or 3",
            "GPL-9",
            "MIT",
            "GPL2 and LGPL2",
            "GPL-2+ only",
            "",
        ] {
            assert_eq!(identifier(name), None, "{name}");
        }
    }
}
