//! Where secrets of one line are left behind.
mod code;
mod config;
mod operations;

use super::CorpusFile;
use super::draft::Draft;
use super::encode::{base64, utf16, wrapped};
use super::template::{Secret, Template, json_filler, prose, script_filler};
use crate::mutate::Random;

/// A way from a secret to a file.
pub(super) enum Context {
    Template(&'static Template),
    Made(&'static str, fn(Secret, &mut Random) -> CorpusFile),
}

impl Context {
    /// The file that leaves the secret behind.
    pub(super) fn file(&self, secret: Secret, random: &mut Random) -> CorpusFile {
        match self {
            Self::Template(template) => template.fill(secret, random).finish(),
            Self::Made(about, make) => {
                let mut file = make(secret, random);
                file.about = about;
                file
            }
        }
    }

    /// Whether an address or a connection string would stand there.
    pub(super) fn takes_addresses(&self) -> bool {
        match self {
            Self::Template(template) => !["http-request", "curl-header", "url-query", "nginx-header"].contains(&template.about),
            Self::Made(..) => true,
        }
    }
}

/// All contexts, in an order in which neighbours differ.
pub(super) fn all() -> Vec<Context> {
    let tables = [config::TEMPLATES, code::TEMPLATES, operations::TEMPLATES];
    let longest = tables.iter().map(|table| table.len()).max().unwrap_or(0);
    let mut contexts: Vec<Context> = Vec::new();
    let mut made = MADE.iter();
    for place in 0..longest {
        contexts.extend(tables.iter().filter_map(|table| table.get(place)).map(Context::Template));
        contexts.extend(made.next().map(|(about, make)| Context::Made(about, *make)));
    }
    contexts.extend(made.map(|(about, make)| Context::Made(about, *make)));
    contexts
}

type Make = fn(Secret, &mut Random) -> CorpusFile;

const MADE: &[(&str, Make)] = &[
    ("json-one-line", |secret, random| one_line_json(secret, random).finish()),
    ("base64-of-env", |secret, random| {
        let draft = config::ENV.fill(secret, random);
        let bytes = format!("{}\n", base64(draft.text.as_bytes())).into_bytes();
        at("deploy/env.b64", draft).recoded(bytes)
    }),
    ("script-bundle", |secret, random| bundle(secret, random).finish()),
    ("utf-16-little", |secret, random| {
        let draft = config::INI.fill(secret, random);
        let bytes = utf16(&draft.text.replace('\n', "\r\n"), false);
        at("Settings.ini", draft).recoded(bytes)
    }),
    ("windows-lines", |secret, random| {
        let draft = config::ENV.fill(secret, random);
        let mut file = at("service/.env", draft).finish();
        file.bytes = String::from_utf8_lossy(&file.bytes).replace('\n', "\r\n").into_bytes();
        file
    }),
    ("base64-wrapped-of-json", |secret, random| {
        let draft = config::JSON.fill(secret, random);
        let bytes = wrapped(&base64(draft.text.as_bytes()), 76).into_bytes();
        at("payload.b64", draft).recoded(bytes)
    }),
    ("no-line-end", |secret, _| {
        let front = format!("{}=", secret.name.spelled("SCREAM").unwrap_or_default());
        Draft::new("", "conf/orders.env").text(&front).secret(secret.kind, secret.value).finish()
    }),
    ("utf-16-big", |secret, random| {
        let draft = config::PROPERTIES.fill(secret, random);
        let bytes = utf16(&draft.text, true);
        at("messages.properties", draft).recoded(bytes)
    }),
    ("base64-of-json-in-yaml", |secret, random| {
        let draft = config::JSON.fill(secret, random);
        let bytes = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: settings\ndata:\n  settings.json: {}\n",
            base64(draft.text.as_bytes())
        );
        at("k8s/settings-secret.yaml", draft).recoded(bytes.into_bytes())
    }),
];

fn at(path: &str, mut draft: Draft) -> Draft {
    path.clone_into(&mut draft.path);
    draft
}

fn one_line_json(secret: Secret, random: &mut Random) -> Draft {
    let before = 1_000 + random.below(9_000);
    let after = 1_000 + random.below(9_000);
    Draft::new("", "public/config.json")
        .text("{")
        .text(&json_filler(before, random))
        .text(&format!("\"{}\":\"", secret.name.spelled("camel").unwrap_or_default()))
        .written(secret.kind, secret.value, &super::encode::json(secret.value))
        .text("\",")
        .text(&json_filler(after, random))
        .text("\"version\":3}\n")
}

fn bundle(secret: Secret, random: &mut Random) -> Draft {
    let before = 2_000 + random.below(20_000);
    let after = 2_000 + random.below(20_000);
    Draft::new("", "dist/assets/index-4f1c.js")
        .text(&script_filler(before, random))
        .text(&format!("var cf={{{}:\"", secret.name.spelled("camel").unwrap_or_default()))
        .secret(secret.kind, secret.value)
        .text("\",retries:3,timeout:5e3};")
        .text(&script_filler(after, random))
        .text("\n")
}

/// Files so large that scanners read them in pieces: the secret's middle stands on the border of a piece, or somewhere.
pub(super) fn large(secret: Secret, border: Option<usize>, random: &mut Random) -> CorpusFile {
    let draft = Draft::new("", "var/dump.txt")
        .text("\n")
        .text(&secret.name.spelled("SCREAM").unwrap_or_default())
        .text("=")
        .secret(secret.kind, secret.value)
        .text("\n");
    let (start, end) = draft.first().unwrap_or_default();
    let middle = usize::midpoint(start, end);
    let length = border.unwrap_or(1_700_000 + random.below(200_000)).saturating_sub(middle);
    let mut front = prose(length, random);
    front.truncate(length);
    let back = prose(if border.is_some() { 20_000 } else { 1_300_000 }, random);
    draft.behind(&front).text(&back).about(if border.is_some() { "large-on-border" } else { "large" }).finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::name::Name;

    #[test]
    fn borders_cut_secrets() {
        let secret = Secret { kind: "any", name: Name("api key"), value: "0123456789abcdef" };
        for border in [64 << 10, 1 << 20] {
            let file = large(secret, Some(border), &mut Random::new(4));
            let place = String::from_utf8(file.bytes).unwrap().find(secret.value).unwrap();
            assert!(place < border && border < place + secret.value.len());
        }
    }

    #[test]
    fn every_context_holds_its_secret() {
        let secret = Secret { kind: "any", name: Name("api key"), value: "0123456789abcdef" };
        for context in all() {
            let file = context.file(secret, &mut Random::new(4));
            assert_eq!(file.expected.len(), 1, "{}", file.about);
            assert_eq!(file.expected[0].value, secret.value);
            assert!(!file.about.is_empty() && !file.path.is_empty());
        }
    }
}
