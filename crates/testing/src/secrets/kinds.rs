//! What is looked for: every kind with the shape that its issuer documents and the names under which it is set.
mod ai;
mod cloud;
mod database;
mod monitoring;
mod payment;
mod private_key;
mod service;
mod source;
mod talk;

use super::shape::draw;
use crate::mutate::Random;

/// A kind of secret.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The words of the variables that hold it, several sets divided by `|`.
    pub(super) words: &'static str,
    value: Value,
    /// Whether the value alone tells what it is; else the variable's name does.
    pub(super) telling: bool,
}

enum Value {
    Literal(&'static str),
    Shape(&'static str),
    Made(fn(&mut Random) -> String),
}

impl Kind {
    /// A new secret of this kind.
    pub(super) fn draw(&self, random: &mut Random) -> String {
        match self.value {
            Value::Literal(text) => text.to_owned(),
            Value::Shape(pattern) => draw(pattern, random),
            Value::Made(make) => make(random),
        }
    }
}

/// A kind whose values tell what they are.
pub(super) const fn telling(name: &'static str, words: &'static str, pattern: &'static str) -> Kind {
    Kind { name, words, value: Value::Shape(pattern), telling: true }
}

/// A kind that only the variable's name tells.
const fn named(name: &'static str, words: &'static str, pattern: &'static str) -> Kind {
    Kind { name, words, value: Value::Shape(pattern), telling: false }
}

/// A text that is always the same.
pub(super) const fn literal(name: &'static str, words: &'static str, text: &'static str) -> Kind {
    Kind { name, words, value: Value::Literal(text), telling: false }
}

/// A telling kind whose parts follow from each other.
pub(super) const fn made(name: &'static str, words: &'static str, make: fn(&mut Random) -> String) -> Kind {
    Kind { name, words, value: Value::Made(make), telling: true }
}

/// A kind that only the variable's name tells, made by a function.
const fn made_named(name: &'static str, words: &'static str, make: fn(&mut Random) -> String) -> Kind {
    Kind { name, words, value: Value::Made(make), telling: false }
}

/// All kinds of one line.
pub(super) fn all() -> impl Iterator<Item = &'static Kind> {
    [cloud::KINDS, source::KINDS, ai::KINDS, talk::KINDS, payment::KINDS, monitoring::KINDS, service::KINDS, database::KINDS]
        .into_iter()
        .flatten()
}

/// All kinds of several lines: private keys.
pub(super) fn blocks() -> impl Iterator<Item = &'static Kind> {
    private_key::KINDS.iter()
}
