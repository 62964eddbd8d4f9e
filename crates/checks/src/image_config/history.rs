//! The steps of an image's history, as every builder writes them: `/bin/sh -c #(nop) CMD ["a"]` and `/bin/sh -c make` by the
//! classic one, `RUN /bin/sh -c make # buildkit` by BuildKit, with the arguments of the build before a command
//! (`|1 A=b /bin/sh -c make`).

use crate::dockerfile::{ShellCommand, shell};
use crate::secret;

/// Letters of a step that a finding shows.
const SHOWN: usize = 200;
/// Bytes of a step that are looked at; what is larger is no line that somebody wrote.
const MAX_STEP: usize = 64 << 10;

const KEYWORDS: [&str; 19] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
    "IMPORT",
];

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The instruction's keyword.
    pub keyword: &'a str,
    /// What follows it; of RUN the script that the shell is given.
    pub arguments: &'a str,
    /// Arguments of the build, `NAME=value`, as far as they can be told apart.
    pub build_arguments: &'a str,
    /// For RUN, its commands; none where they cannot be read.
    pub commands: Vec<ShellCommand>,
}

impl<'a> Step<'a> {
    /// Reads what a builder wrote.
    pub fn read(created_by: &'a str) -> Self {
        let text = created_by.trim();
        let text = text.strip_suffix("# buildkit").map_or(text, str::trim_end);
        if let Some((_, instruction)) = text.split_once("#(nop)")
            && let Some((keyword, arguments)) = instruction_of(instruction.trim_start())
        {
            return Self { keyword, arguments, build_arguments: "", commands: Vec::new() };
        }
        let text = match instruction_of(text) {
            Some(("RUN", arguments)) => arguments,
            Some((keyword, arguments)) => return Self { keyword, arguments, build_arguments: "", commands: Vec::new() },
            None => text,
        };
        let (build_arguments, arguments) = script_of(text);
        let read = if arguments.len() > MAX_STEP {
            None
        } else {
            shell::commands(arguments, shell::Place { line: 1, start: None }, '\\')
        };
        Self { keyword: "RUN", arguments, build_arguments, commands: read.unwrap_or_default() }
    }

    /// For people: on one line, short, and without what looks like a secret.
    pub fn shown(&self) -> String {
        let mut line = masked(self);
        if line.chars().count() > SHOWN {
            line = line.chars().take(SHOWN - 1).collect();
            line.push('…');
        }
        line
    }

    /// The words after the keyword.
    pub(super) fn words(&self) -> impl Iterator<Item = &'a str> {
        self.arguments.split_whitespace()
    }

    /// What it sets: the `NAME=value` of ENV, ARG and LABEL, and of a RUN the arguments of the build.
    pub(super) fn assignments(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let text = match self.keyword {
            "ENV" | "ARG" | "LABEL" => self.arguments,
            _ => self.build_arguments,
        };
        text.split_whitespace().filter_map(|word| word.split_once('='))
    }
}

fn instruction_of(text: &str) -> Option<(&str, &str)> {
    let keyword = text.split(char::is_whitespace).next()?;
    KEYWORDS.contains(&keyword).then(|| (keyword, text[keyword.len()..].trim()))
}

/// The arguments of the build and the script of `|1 A=b /bin/sh -c SCRIPT`; all of it where no shell is named.
fn script_of(text: &str) -> (&str, &str) {
    let after_bar = text.strip_prefix('|');
    let mut from = 0;
    let mut shell_at = None;
    for word in text.split_whitespace() {
        let at = from + text[from..].find(word).unwrap_or_default();
        from = at + word.len();
        let name = word.rsplit('/').next().unwrap_or(word);
        match shell_at {
            Some(begin) if word.starts_with('-') && word.ends_with('c') && !word.starts_with("--") => {
                return (
                    text[..begin].trim_start_matches(|one: char| one == '|' || one.is_ascii_digit()).trim(),
                    text[from..].trim(),
                );
            }
            // `-o pipefail` and the like.
            Some(_) if word.starts_with('-') || word == "pipefail" => {}
            _ if matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh") && word.len() > name.len() => shell_at = Some(at),
            _ if after_bar.is_none() => break,
            _ => shell_at = None,
        }
    }
    ("", text)
}

/// The instruction with blanks folded, and values that their names call secret left out.
fn masked(step: &Step<'_>) -> String {
    let mut out = step.keyword.to_owned();
    // ENV writes values with blanks without quotes: what follows up to the next name belongs to it.
    let is_list = matches!(step.keyword, "ENV" | "ARG" | "LABEL");
    let mut hiding = false;
    let mut quote = None;
    for word in step.words() {
        if let Some(sign) = quote {
            if word.ends_with(sign) {
                quote = None;
            }
            continue;
        }
        let assigned = word.split_once('=');
        if is_list && hiding && assigned.is_none() {
            continue;
        }
        hiding = false;
        out.push(' ');
        match assigned {
            Some((name, value)) if secret::is_name(name.trim_start_matches(['-', '"', '\''])) && !value.is_empty() => {
                out.push_str(name);
                out.push_str("=…");
                hiding = true;
                quote = value
                    .chars()
                    .next()
                    .filter(|sign| matches!(sign, '"' | '\'') && (value.len() == 1 || !value.ends_with(*sign)));
            }
            _ => push_without_user(&mut out, word),
        }
    }
    out
}

/// An address with a password in it (`https://me:word@host`) loses both.
fn push_without_user(out: &mut String, word: &str) {
    if let Some(begin) = word.find("://").map(|at| at + 3)
        && let Some(end) = word[begin..].find('@').map(|at| begin + at)
        && !word[begin..end].contains('/')
    {
        out.push_str(&word[..begin]);
        out.push('…');
        out.push_str(&word[end..]);
    } else {
        out.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builder_is_read() {
        for (written, keyword, arguments) in [
            ("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD", "[\"bash\"]"),
            ("/bin/sh -c #(nop) ADD file:00 in / ", "ADD", "file:00 in /"),
            ("/bin/sh -c apt-get update", "RUN", "apt-get update"),
            ("RUN /bin/sh -c apt-get update # buildkit", "RUN", "apt-get update"),
            ("RUN |2 A=b C=d e /bin/sh -c make # buildkit", "RUN", "make"),
            ("|1 A=b /bin/sh -c make", "RUN", "make"),
            ("RUN /bin/bash -o pipefail -c curl a | sh # buildkit", "RUN", "curl a | sh"),
            ("/bin/bash -euo pipefail -c make", "RUN", "make"),
            ("RUN apk add curl # buildkit", "RUN", "apk add curl"),
            ("COPY /a /b # buildkit", "COPY", "/a /b"),
            ("EXPOSE map[22/tcp:{}]", "EXPOSE", "map[22/tcp:{}]"),
            ("WORKDIR /etc", "WORKDIR", "/etc"),
            ("# debian.sh --arch 'amd64' out/", "RUN", "# debian.sh --arch 'amd64' out/"),
            ("cmd /S /C #(nop)  USER me", "USER", "me"),
            ("", "RUN", ""),
        ] {
            let step = Step::read(written);
            assert_eq!((step.keyword, step.arguments), (keyword, arguments), "{written}");
        }
        assert_eq!(Step::read("RUN |2 A=b C=d e /bin/sh -c make # buildkit").build_arguments, "A=b C=d e");
        let commands = Step::read("/bin/sh -c set -eux; \t\tapk add curl \t\t&& curl x | sh").commands;
        let programs: Vec<&str> = commands.iter().map(ShellCommand::program).collect();
        assert_eq!(programs, ["set", "apk", "curl", "sh"]);
        assert!(commands[2].piped);
    }

    #[test]
    fn no_secret_is_shown() {
        for (written, shown) in [
            ("ENV DB_PASSWORD=correct horse A=b", "ENV DB_PASSWORD=… A=b"),
            ("RUN |1 TOKEN=abc /bin/sh -c make   all # buildkit", "RUN make all"),
            ("RUN /bin/sh -c export API_TOKEN='a b c' && make --token=x", "RUN export API_TOKEN=… && make --token=…"),
            ("RUN /bin/sh -c git clone https://me:word@a.example.com/b", "RUN git clone https://…@a.example.com/b"),
            ("ARG MODE=fast", "ARG MODE=fast"),
        ] {
            assert_eq!(Step::read(written).shown(), shown, "{written}");
        }
        assert_eq!(Step::read(&format!("RUN {}", "é ".repeat(1000))).shown().chars().count(), SHOWN);
    }

    #[test]
    fn any_text_is_survived() {
        for written in [
            "|",
            "|1",
            "/bin/sh",
            "/bin/sh -c",
            "#(nop)",
            "RUN",
            "RUN |",
            "/bin/sh -c #(nop) é",
            "a://@",
            "\u{a0}=\"",
            "ENV TOKEN=\"",
        ] {
            let _ = Step::read(written).shown();
        }
        let _ = Step::read(&"|1 /bin/sh ".repeat(100_000)).shown();
    }
}
