//! All that a condition can name: the report, and what is asked of it when and where.

use std::time::Duration;

use jiff::Timestamp;

use super::Facts;
use super::database::Summary;
use super::{database, finding, image, trust};
use crate::value::Type::{Int, List, Record, Text, Time, Word};
use crate::value::{Field, Shape, Value, is, or_null};

/// The places at which a decision is asked for.
pub const GATES: &[&str] = &["build", "push", "pull", "admit", "run"];

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// One of [`GATES`].
    pub gate: &'a str,
    /// Where the image is to run; `None` where nobody said.
    pub environment: Option<&'a str>,
    /// The time of the decision.
    pub now: Timestamp,
    /// Age past which a feed counts as stale.
    pub max_database_age: Duration,
    /// When the image was scanned; `None`: when the report says. A report may be dated for reproducible builds.
    pub scanned: Option<Timestamp>,
}

/// A question about a report.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) gate: &'a str,
    pub(crate) environment: Option<&'a str>,
    pub(crate) now: Timestamp,
    pub(crate) scanned: Timestamp,
}

macro_rules! variables {
    ($($field:literal: $typed:expr, $about:literal, |$this:ident| $get:expr;)*) => {
        /// The variables of conditions, in the order of [`Subject::variable`].
        pub(crate) static VARIABLES: Shape = Shape {
            name: "report",
            fields: &[$(Field { name: $field, of: $typed, about: $about }),*],
        };
        impl Subject<'_> {
            /// The variable at an index of [`VARIABLES`].
            pub(crate) fn variable(&self, index: usize) -> Value<'_> {
                static GETTERS: &[for<'a> fn(&'a Subject<'_>) -> Value<'a>] = &[$(|$this| $get),*];
                GETTERS.get(index).map_or(Value::Null, |get| get(self))
            }
        }
    };
}

variables! {
    "image": is(Record(&image::IMAGE)), "the image", |of| Value::Record(&of.facts.image);
    "os": or_null(Record(&image::OS)), "its distribution; null where none is known", |of| Value::record(of.facts.os.as_ref());
    "packages": is(List(&is(Record(&image::PACKAGE)))), "everything installed", |of| Value::List(&of.facts.packages);
    "findings": is(List(&is(Record(&finding::FINDING)))), "everything found, suppressed ones included", |of| Value::list(of.facts.findings.as_ref());
    "coverage": is(List(&is(Record(&database::COVERAGE)))), "what could be judged", |of| Value::List(&of.facts.coverage);
    "judged_percent": is(Int), "of all packages, per cent that were judged", |of| Value::Int(Summary::judged_percent(&of.facts.coverage));
    "database": is(Record(&database::DATABASE)), "the advisory database", |of| Value::Record(&of.facts.database);
    "summary": is(Record(&database::SUMMARY)), "the counts", |of| Value::Record(&of.facts.summary);
    "misconfigurations": or_null(List(&is(Record(&trust::MISCONFIGURATION)))), "null: not looked for", |of| Value::list(of.facts.misconfigurations.as_ref());
    "secrets": or_null(List(&is(Record(&trust::SECRET)))), "null: not looked for", |of| Value::list(of.facts.secrets.as_ref());
    "licenses": or_null(List(&is(Record(&trust::LICENSE)))), "null: not looked at", |of| Value::list(of.facts.licenses.as_ref());
    "exceptions": or_null(List(&is(Record(&trust::EXCEPTION)))), "what suppresses findings; null: not told", |of| Value::list(of.facts.exceptions.as_ref());
    "signatures": or_null(List(&is(Record(&trust::SIGNATURE)))), "verified signatures; null: not looked at", |of| Value::list(of.facts.signatures.as_ref());
    "attestations": or_null(List(&is(Record(&trust::SIGNATURE)))), "verified attestations; null: not looked at", |of| Value::list(of.facts.attestations.as_ref());
    "scanned": is(Time), "when the image was scanned", |of| Value::Time(of.scanned.as_second());
    "now": is(Time), "when the decision is made", |of| Value::Time(of.now.as_second());
    "gate": is(Word(GATES)), "build, push, pull, admit or run", |of| Value::Text(of.gate);
    "environment": is(Text), "where the image is to run; using it where nobody said is an error", |of| Value::text(of.environment);
}
