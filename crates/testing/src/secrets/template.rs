//! Files with a place for a secret in them.
use super::draft::Draft;
use super::encode::{base64, json, percent, xml};
use super::name::Name;
use super::shape::{draw, pick};
use crate::mutate::Random;

/// How a template writes the secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Plain,
    Json,
    /// Inside a JSON string inside a JSON string.
    JsonTwice,
    Xml,
    Percent,
    Base64,
}

impl Writing {
    fn of(self, value: &str) -> String {
        match self {
            Self::Plain => value.to_owned(),
            Self::Json => json(value),
            Self::JsonTwice => json(&json(value)),
            Self::Xml => xml(value),
            Self::Percent => percent(value),
            Self::Base64 => base64(value.as_bytes()),
        }
    }
}

/// A kind of file in which secrets are left behind.
pub(super) struct Template {
    pub(super) about: &'static str,
    pub(super) path: &'static str,
    pub(super) writing: Writing,
    /// `@value@` is the secret, `@SCREAM@`, `@camel@` and so on the variable's name, and `@~pattern@` is drawn.
    pub(super) text: &'static str,
}

/// A secret of some kind, on its way into files.
#[derive(Clone, Copy)]
pub(super) struct Secret<'a> {
    pub(super) kind: &'static str,
    pub(super) name: Name<'a>,
    pub(super) value: &'a str,
}

impl Template {
    /// The file with a secret in it.
    pub(super) fn fill(&self, secret: Secret, random: &mut Random) -> Draft {
        let mut draft = Draft::new(self.about, self.path);
        for (place, part) in self.text.split('@').enumerate() {
            draft = if place % 2 == 0 {
                draft.text(part)
            } else if part == "value" {
                draft.written(secret.kind, secret.value, &self.writing.of(secret.value))
            } else if let Some(pattern) = part.strip_prefix('~') {
                draft.text(&draw(pattern, random))
            } else if let Some(spelled) = secret.name.spelled(part) {
                draft.text(&spelled)
            } else {
                // A sign of its own, as in an address of mail.
                draft.text(&format!("@{part}@"))
            };
        }
        draft
    }
}

const WORDS: &str = "the of and to in for is on that by this with you it not or be are from at as your all have new more an was we will can us \
    about if page my has search free but our one other do no information time they site he up may what which their news out use any there see only \
    so his when contact here business who web also now help get view online first been would how were services some these click its like service \
    than find price date back top people had list name just over state year day into email two health world next used go work last most products \
    music buy data make them should product system post her city add policy number such please available copyright support message after best \
    software then good video well where info rights public books high school through each links she review years order very privacy book items \
    company read group need many user said set under general research university january mail full map reviews program life know games way days \
    management part could great united hotel real item international center store travel comments made development report off member details line";

/// Plain text of about that many bytes, in lines.
pub(super) fn prose(length: usize, random: &mut Random) -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut text = String::with_capacity(length + 100);
    let mut column = 0;
    while text.len() < length {
        let word = *pick(&words, random);
        text.push_str(word);
        column += word.len() + 1;
        if column > 90 {
            text.push_str(".\n");
            column = 0;
        } else {
            text.push(' ');
        }
    }
    text.push('\n');
    text
}

/// The inside of a large JSON document without secrets, on one line.
pub(super) fn json_filler(length: usize, random: &mut Random) -> String {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut text = String::new();
    while text.len() < length {
        let (first, second, third) = (*pick(&words, random), *pick(&words, random), *pick(&words, random));
        text.push_str(&format!(
            "\"{first}{second}\":{{\"enabled\":true,\"limit\":{},\"title\":\"{second} {third}\"}},",
            random.below(5_000)
        ));
    }
    text
}

/// Lines as a bundler leaves them, without secrets.
pub(super) fn script_filler(length: usize, random: &mut Random) -> String {
    let mut text = String::new();
    while text.len() < length {
        let head = draw("function {z2}({z1},{z1})", random);
        let body = draw("return {z1}.{z5}({z1}=>{z1}.{z4}({d3}))", random);
        text.push_str(&format!("{head}{{{body}}}{}", draw("var {z2}=[{d2},{d4},\"{z7}\"];", random)));
    }
    text
}
