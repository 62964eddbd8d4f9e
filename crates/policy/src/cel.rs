//! Conditions: the Common Expression Language (<https://github.com/google/cel-spec/blob/master/doc/langdef.md>).
//!
//! The crate `cel` reads the language; what it read is checked against the types of a report before there is one, and
//! evaluated here rather than by that crate's interpreter: over ten thousand findings that one copies each of them, knows no
//! types, and nothing bounds how long it goes on. A test holds both to the same answers.
//!
//! Of the language there is what a condition needs: `&& || ! ?: == != < <= > >= in + - * / %`, fields, `has()`, `size()`,
//! `exists all exists_one filter map`, `startsWith endsWith contains matches`, `timestamp()`, `duration()`. Strings and lists
//! are not joined, so nothing grows. Three functions are ours: `imageMatches`, `purlMatches` and `licenseVerdict`.

mod calls;
mod check;
mod columns;
mod eval;
mod fold;
mod node;
mod operate;
mod sources;

pub(crate) use check::compile;
pub(crate) use columns::Atoms;
pub(crate) use eval::{Budget, Eval};
pub(crate) use fold::{Known, never};
pub(crate) use node::Node;

/// Bytes of one expression.
pub(crate) const MAX_LENGTH: usize = 4096;

/// What is wrong with an expression, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Characters before it.
    pub(crate) at: usize,
    /// What, and what to write instead.
    pub(crate) message: String,
}
