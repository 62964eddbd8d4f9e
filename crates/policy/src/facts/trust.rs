//! What says something about an image beside its packages: secrets, misconfigurations, licences, exceptions, signatures.
//! Each list is `null` in a report that did not look.

use jiff::Timestamp;
use serde::Deserialize;

use crate::value::Type::{Bool, List, Text, Time, Word};
use crate::value::{Value, is, or_null, record};

pub(crate) const VERDICTS: &[&str] = &["allow", "deny", "unknown"];

#[derive(Debug, Deserialize)]
pub(crate) struct Secret {
    rule: String,
    severity: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Misconfiguration {
    id: String,
    severity: String,
    target: String,
    title: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct License {
    expression: String,
    packages: Vec<String>,
    verdict: String,
}

/// What somebody decided to live with; the findings that are set aside tell of it.
#[derive(Debug)]
pub(crate) struct Exception {
    pub(crate) id: String,
    pub(crate) reason: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) exploited: bool,
}

#[derive(Debug)]
pub(crate) struct Signature {
    kind: String,
    identity: Option<String>,
    issuer: Option<String>,
}

record! { Secret, SECRET, "secret",
    "rule": is(Text), "which sort", |of| Value::Text(&of.rule);
    "severity": is(Word(super::finding::SEVERITIES)), "how bad", |of| Value::Text(&of.severity);
}

record! { Misconfiguration, MISCONFIGURATION, "misconfiguration",
    "id": is(Text), "PLM-D001, …", |of| Value::Text(&of.id);
    "severity": is(Word(super::finding::SEVERITIES)), "how bad", |of| Value::Text(&of.severity);
    "target": is(Text), "the file", |of| Value::Text(&of.target);
    "title": is(Text), "what it is", |of| Value::Text(&of.title);
}

record! { License, LICENSE, "license",
    "expression": is(Text), "SPDX expression", |of| Value::Text(&of.expression);
    "packages": is(List(&is(Text))), "purls", |of| Value::List(&of.packages);
    "verdict": is(Word(VERDICTS)), "allow, deny or unknown", |of| Value::Text(&of.verdict);
}

record! { Exception, EXCEPTION, "exception",
    "id": is(Text), "what it suppresses", |of| Value::Text(&of.id);
    "reason": or_null(Text), "why", |of| Value::text(of.reason.as_deref());
    "author": or_null(Text), "who says so", |of| Value::text(of.author.as_deref());
    "expires": or_null(Time), "until when", |of| Value::time(of.expires);
    "exploited": is(Bool), "whether what it suppresses is known to be exploited", |of| Value::Bool(of.exploited);
}

record! { Signature, SIGNATURE, "signature",
    "type": is(Text), "sigstore, notation, dct; of an attestation its predicate type", |of| Value::Text(&of.kind);
    "identity": or_null(Text), "who signed", |of| Value::text(of.identity.as_deref());
    "issuer": or_null(Text), "who vouches for that", |of| Value::text(of.issuer.as_deref());
}
