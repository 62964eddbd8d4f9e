//! Licences told by their text: each by a sentence that only it has, compared word by word, so that what is found is certain.
//!
//! Whole texts are not compared by likeness: licences made from one another (Pixar's from Apache's) are so like that a text
//! with its appendix left out comes closer to the wrong one.

use std::collections::BTreeMap;

/// Bytes of a text that is looked at.
pub const MAX_TEXT: usize = 256 << 10;
/// Copyright lines that are kept of one file.
const MAX_COPYRIGHTS: usize = 50;
/// Bytes of one copyright line.
const MAX_LINE: usize = 200;

/// What stands for the rest of a text in which a licence was found, where so much is left that it may be another.
const REST: &str = "LicenseRef-further-terms";
/// Words that go with licences and are none: titles, addresses, how to reach the authors.
const SPARE: usize = 150;
/// A notice that puts a program under a GNU licence, with what it says of warranty and where to find the text.
const NOTICE: usize = 170;

/// All licences whose text, or whose notice that refers to it, stands in a text; an SPDX expression in which all hold, and
/// with them `LicenseRef-further-terms` where the text has much more to say. `None` where none is known.
pub fn of_text(text: &str) -> Option<String> {
    let words = words(text);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for phrase in PHRASES {
        if phrase.all.iter().all(|part| contains(&words, part)) && !phrase.none.iter().any(|part| contains(&words, part)) {
            // A licence may stand there once for each of its holders.
            let times = phrase.all.first().map_or(1, |part| words.matches(part).count());
            *found.entry(phrase.id.to_owned()).or_default() += phrase.words * times;
        }
    }
    for (id, length) in gnu(&words) {
        *found.entry(id).or_default() += length;
    }
    let known: usize = found.values().sum();
    let all = words.split(' ').count() + if text.len() > MAX_TEXT { SPARE + known } else { 0 };
    let mut ids: Vec<&str> = found.keys().map(String::as_str).collect();
    if !ids.is_empty() && all > known + SPARE {
        ids.push(REST);
    }
    (!ids.is_empty()).then(|| ids.join(" AND "))
}

/// The lines that say whose the copyright is, each once, in their order.
pub fn copyrights(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in head(text).lines().filter_map(copyright) {
        let is_template = line.contains(['[', '<', '{']) && !line.contains('@');
        if !is_template && line.len() <= MAX_LINE && !found.iter().any(|known| known == line) {
            found.push(line.to_owned());
            if found.len() == MAX_COPYRIGHTS {
                break;
            }
        }
    }
    found
}

/// A line without its frame, where it says whose the copyright is: it names a year or bears the sign, which sentences about
/// copyright do not.
fn copyright(line: &str) -> Option<&str> {
    let line = line.trim_matches(|character: char| character.is_whitespace() || "*#/-;%\"".contains(character));
    let word = line.get(..9).filter(|word| word.eq_ignore_ascii_case("copyright"));
    let rest = match word {
        Some(_) => &line[9..],
        None => line.strip_prefix("(c) ").or_else(|| line.strip_prefix("(C) ")).or_else(|| line.strip_prefix('©'))?,
    };
    let rest = rest.trim_start_matches([':', ' ', '\t']);
    let sign = rest.starts_with("(c)") || rest.starts_with("(C)") || rest.starts_with('©');
    (sign || rest.starts_with(|character: char| character.is_ascii_digit())).then_some(line)
}

/// As much as is looked at.
fn head(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Words in lower case between single blanks, with one at either end; without the lines that say whose the copyright is.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len().min(MAX_TEXT) + 2);
    words.push(' ');
    for line in head(text).lines().filter(|line| copyright(line).is_none()) {
        for word in line.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words.extend(word.chars().map(|character| character.to_ascii_lowercase()));
            words.push(' ');
        }
    }
    words
}

fn contains(words: &str, phrase: &str) -> bool {
    words.match_indices(phrase).any(|(at, _)| words[..at].ends_with(' ') && words[at + phrase.len()..].starts_with(' '))
}

/// What tells one licence.
struct Phrase {
    id: &'static str,
    /// How long the text is, about.
    words: usize,
    all: &'static [&'static str],
    none: &'static [&'static str],
}

const MIT_GRANT: &str = "permission is hereby granted free of charge to any person obtaining a copy of this software and associated documentation files the software to deal in the software without restriction including without limitation the rights to use copy modify merge publish distribute sublicense and or sell copies of the software";
const BSD_BINARY: &str = "redistributions in binary form must reproduce the above copyright notice this list of conditions and the following disclaimer in the documentation and or other materials provided with the distribution";
const BSD_ADVERTISING: &str = "all advertising materials mentioning features or use of this software must display the following";
const BSD_NAMES: &str =
    "may be used to endorse or promote products derived from this software without specific prior written permission";

const PSF: &str = "this license agreement is between the python software foundation psf and the individual or organization licensee accessing and otherwise using";

const PHRASES: [Phrase; 23] = [
    Phrase { id: "PSF-2.0", words: 450, all: &[PSF], none: &["beopen python open source license agreement version 1"] },
    Phrase { id: "Python-2.0", words: 1700, all: &[PSF, "beopen python open source license agreement version 1"], none: &[] },
    Phrase {
        id: "0BSD",
        words: 120,
        all: &[
            "permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted the software is provided as is",
        ],
        none: &[],
    },
    Phrase {
        id: "Apache-2.0",
        words: 1750,
        all: &[
            "apache license version 2 0 january 2004",
            "subject to the terms and conditions of this license each contributor hereby grants to you a perpetual worldwide non exclusive no charge royalty free irrevocable copyright license",
        ],
        none: &[
            "except that this license does not grant permission to use the trade names",
            "tomorrow open source technology license",
            "pixar",
        ],
    },
    Phrase {
        id: "Apache-2.0",
        words: 100,
        all: &[
            "licensed under the apache license version 2 0 the license you may not use this file except in compliance with the license",
        ],
        none: &["tomorrow open source technology license"],
    },
    Phrase {
        id: "Artistic-2.0",
        words: 1480,
        all: &[
            "the artistic license 2 0",
            "everyone is permitted to copy and distribute verbatim copies of this license document but changing it is not allowed",
        ],
        none: &[],
    },
    Phrase {
        id: "BSD-2-Clause",
        words: 200,
        all: &[BSD_BINARY],
        none: &[BSD_ADVERTISING, BSD_NAMES, "neither the name", "nor the name", "the name of", "endorse or promote"],
    },
    Phrase {
        id: "BSD-3-Clause",
        words: 240,
        all: &[BSD_BINARY, BSD_NAMES],
        none: &[
            BSD_ADVERTISING,
            "nuclear facility",
            "may not be used in military",
            "no express or implied licenses to any party s patent rights",
        ],
    },
    Phrase {
        id: "BSL-1.0",
        words: 220,
        all: &[
            "boost software license version 1 0",
            "permission is hereby granted free of charge to any person or organization obtaining a copy of the software",
        ],
        none: &[],
    },
    Phrase {
        id: "CC0-1.0",
        words: 1080,
        all: &["affirmer hereby overtly fully permanently irrevocably and unconditionally waives abandons and surrenders"],
        none: &[],
    },
    Phrase {
        id: "EPL-1.0",
        words: 1740,
        all: &[
            "eclipse public license v 1 0",
            "any use reproduction or distribution of the program constitutes recipient s acceptance of this agreement",
        ],
        none: &[],
    },
    Phrase {
        id: "EPL-2.0",
        words: 2200,
        all: &[
            "eclipse public license v 2 0",
            "any use reproduction or distribution of the program constitutes recipient s acceptance of this agreement",
        ],
        none: &[],
    },
    Phrase {
        id: "ISC",
        words: 130,
        all: &[
            "permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted provided that the above copyright notice and this permission notice appear in all copies",
        ],
        none: &["internet software consortium disclaims all warranties"],
    },
    Phrase {
        id: "ISC",
        words: 130,
        all: &[
            "permission to use copy modify and distribute this software for any purpose with or without fee is hereby granted provided that the above copyright notice and this permission notice appear in all copies",
        ],
        none: &["permission to use copy modify and or distribute"],
    },
    Phrase {
        id: "MIT",
        words: 180,
        all: &[
            MIT_GRANT,
            "the above copyright notice and this permission notice shall be included in all copies or substantial portions of the software",
        ],
        none: &[
            "except as contained in this notice the name",
            "the software shall be used for good not evil",
            "the software is provided to you by",
            "commons clause",
        ],
    },
    Phrase {
        id: "MIT-0",
        words: 130,
        all: &[MIT_GRANT, "and to permit persons to whom the software is furnished to do so the software is provided as is"],
        none: &["the above copyright notice and this permission notice"],
    },
    Phrase {
        id: "X11",
        words: 230,
        all: &[MIT_GRANT, "except as contained in this notice the name of the x consortium shall not be used in advertising"],
        none: &[],
    },
    Phrase {
        id: "MPL-1.1",
        words: 3700,
        all: &[
            "mozilla public license version 1 1",
            "initial developer grant the initial developer hereby grants you a world wide royalty free non exclusive license",
        ],
        none: &[],
    },
    Phrase { id: "MPL-2.0", words: 2650, all: &["mozilla public license version 2 0 1 definitions"], none: &[] },
    Phrase {
        id: "MPL-2.0",
        words: 60,
        all: &[
            "this source code form is subject to the terms of the mozilla public license v 2 0 if a copy of the mpl was not distributed with this file",
        ],
        none: &["mozilla public license version 2 0 1 definitions"],
    },
    Phrase {
        id: "Unlicense",
        words: 230,
        all: &[
            "this is free and unencumbered software released into the public domain anyone is free to copy modify publish use compile sell or distribute this software",
        ],
        none: &[],
    },
    Phrase {
        id: "WTFPL",
        words: 100,
        all: &[
            "do what the fuck you want to public license terms and conditions for copying distribution and modification 0 you just do what the fuck you want to",
        ],
        none: &[],
    },
    Phrase {
        id: "Zlib",
        words: 160,
        all: &[
            "permission is granted to anyone to use this software for any purpose including commercial applications and to alter it and redistribute it freely subject to the following restrictions",
            "altered source versions must be plainly marked as such",
        ],
        none: &[
            "if you use this software in a product an acknowledgment see the following in the product documentation is required",
        ],
    },
];

/// GNU licences: by the notices that put a program under them; where there is only the text, it is certain that its own
/// version may be chosen, and nothing is said of later ones.
fn gnu(words: &str) -> Vec<(String, usize)> {
    const TEXTS: [(&str, &str, usize, &str); 6] = [
        ("AGPL", "AGPL-3.0-only", 5750, "this license refers to version 3 of the gnu affero general public license"),
        ("GPL", "GPL-2.0-only", 3000, "gnu general public license version 2 june 1991"),
        ("GPL", "GPL-3.0-only", 5700, "this license refers to version 3 of the gnu general public license"),
        ("LGPL", "LGPL-2.0-only", 4250, "gnu library general public license version 2 june 1991"),
        ("LGPL", "LGPL-2.1-only", 4450, "gnu lesser general public license version 2 1 february 1999"),
        ("LGPL", "LGPL-3.0-only", 1280, "this license refers to version 3 of the gnu lesser general public license"),
    ];
    // The texts end in a notice to copy, which puts nothing under them.
    let said = words.find("how to apply these terms to your new").map_or(words, |at| &words[..at]);
    let mut found: Vec<(String, usize)> = Vec::new();
    for id in gnu_notices(said) {
        match found.iter_mut().find(|(known, _)| *known == id) {
            Some((_, length)) => *length += NOTICE,
            None => found.push((id, NOTICE)),
        }
    }
    for (family, id, length, text) in TEXTS {
        if !contains(words, text) {
            continue;
        }
        match found.iter_mut().find(|(id, _)| id.split('-').next() == Some(family)) {
            Some((_, words)) => *words += length,
            None => found.push((id.to_owned(), length)),
        }
    }
    found
}

/// Notices that put a program under a GNU licence: `… under the terms of the GNU General Public License as published by the
/// Free Software Foundation; either version 2 of the License, or (at your option) any later version`.
fn gnu_notices(words: &str) -> Vec<String> {
    const KINDS: [(&str, &str); 4] = [
        ("gnu affero general public license", "AGPL"),
        ("gnu lesser general public license", "LGPL"),
        ("gnu library general public license", "LGPL"),
        ("gnu general public license", "GPL"),
    ];
    const PUBLISHED: [&str; 3] =
        ["as published by the free software foundation ", "published by the free software foundation ", ""];
    let mut found = Vec::new();
    for (name, family) in KINDS {
        for (at, _) in words.match_indices(name) {
            let before = &words[..at];
            if !(before.ends_with("under the terms of the ") || before.ends_with("under the terms of version 2 of the ")) {
                continue;
            }
            let rest = words[at + name.len()..].trim_start();
            // Whatever order the three parts stand in: publisher, version, later ones.
            let (mut rest, mut version) = (rest, None);
            if let Some((number, after)) = numbered(rest) {
                (rest, version) = (after, Some(number));
            }
            let rest = PUBLISHED.iter().find_map(|words| rest.strip_prefix(words)).unwrap_or(rest);
            let rest = rest.strip_prefix("either ").unwrap_or(rest);
            let (rest, number) = match numbered(rest) {
                Some((number, after)) if version.is_none() => (after, number),
                _ => match version {
                    Some(number) => (rest, number),
                    None => continue,
                },
            };
            let rest = rest.strip_prefix("of the license ").unwrap_or(rest);
            let later = rest.starts_with("or at your option any later version")
                || rest.starts_with("or any later version")
                || rest.starts_with("or later")
                || rest.starts_with("or at your option any later");
            let id = format!("{family}-{number}-{}", if later { "or-later" } else { "only" });
            if spdx::license_id(&id).is_some() {
                found.push(id);
            }
        }
    }
    found
}

/// `version 2 1 …`.
fn numbered(words: &str) -> Option<(String, &str)> {
    let rest =
        words.strip_prefix("version ").or_else(|| words.strip_prefix('v').filter(|rest| rest.starts_with(['1', '2', '3'])))?;
    let (major, rest) = rest.split_once(' ')?;
    if !matches!(major, "1" | "2" | "3") {
        return None;
    }
    match rest.split_once(' ') {
        Some((minor @ ("0" | "1"), after)) => Some((format!("{major}.{minor}"), after)),
        _ => Some((format!("{major}.0"), rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIT: &str = "The MIT License\n\nCopyright (c) 2014 A. Person <a@example.org>\n\nPermission is hereby granted, free of charge, to any \
        person obtaining a copy\nof this software and associated documentation files (the \"Software\"), to deal\nin the Software without \
        restriction, including without limitation the rights\nto use, copy, modify, merge, publish, distribute, sublicense, and/or \
        sell\ncopies of the Software, and to permit persons to whom the Software is furnished to do so\n\nThe above copyright \
        notice and this permission notice shall be included in all\ncopies or substantial portions of the Software.\n";

    #[test]
    fn texts() {
        assert_eq!(of_text(MIT).as_deref(), Some("MIT"));
        // One sentence more, and it is another licence.
        assert_eq!(of_text(&format!("{MIT}The Software shall be used for Good, not Evil.")), None);
        assert_eq!(of_text(&MIT.replace("merge, ", "")), None);
        assert_eq!(of_text("all rights reserved"), None);
        let more = format!("{MIT}{}", "You must also dance on Sundays. ".repeat(60));
        assert_eq!(of_text(&more).as_deref(), Some("MIT AND LicenseRef-further-terms"));
        assert_eq!(of_text(&MIT.repeat(5)).as_deref(), Some("MIT"));
        let many = (1000..3000).map(|year| format!("Copyright (c) {year} somebody with a long name\n")).collect::<String>();
        assert_eq!(of_text(&format!("{many}{MIT}")).as_deref(), Some("MIT"));
        assert_eq!(of_text(""), None);
    }

    #[test]
    fn notices_of_gnu_licences() {
        let notice = |version: &str| {
            format!(
                "This is free software; you can redistribute it and/or modify\nit under the terms of the {version}\n GNU. Blah"
            )
        };
        for (text, expected) in [
            (
                "GNU General Public License as published by\n the Free Software Foundation; either version 2 of the License, or\n (at your option) any later version.",
                "GPL-2.0-or-later",
            ),
            ("GNU General Public License, version 2, as published by the Free Software Foundation.", "GPL-2.0-only"),
            (
                "GNU Lesser General Public License as published by the Free Software Foundation; either version 2.1 of the License, or (at your option) any later version",
                "LGPL-2.1-or-later",
            ),
            ("GNU Library General Public License as published by the Free Software Foundation; version 2.", "LGPL-2.0-only"),
        ] {
            assert_eq!(of_text(&notice(text)).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(of_text(&notice("GNU General Public License.")), None);
        let text = format!(
            "GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991\n…\nHow to Apply These Terms to Your New Programs\n{}",
            notice(
                "GNU General Public License as published by the Free Software Foundation; either version 2 of the License, or any later version"
            )
        );
        assert_eq!(of_text(&text).as_deref(), Some("GPL-2.0-only"));
    }

    #[test]
    fn lines_of_copyright() {
        let text = "Copyright (c) 2014 A <a@b.c>\n * Copyright 2015, B\n(c) 2016 C\ncopyright notice and this\nCopyright [yyyy] [name]\n\
            Copyright (c) <year> <owner>\n© 2017 D\nCopyright (c) 2014 A <a@b.c>\n";
        assert_eq!(copyrights(text), ["Copyright (c) 2014 A <a@b.c>", "Copyright 2015, B", "(c) 2016 C", "© 2017 D"]);
    }

    #[test]
    fn any_text() {
        for text in
            ["\u{0130}\u{fffd}", &"ä".repeat(MAX_TEXT), &"under the terms of the gnu general public license ".repeat(9000)]
        {
            let _ = (of_text(text), copyrights(text));
        }
    }
}
