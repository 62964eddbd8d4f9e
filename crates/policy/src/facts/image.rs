//! The image, its distribution and its packages, as conditions see them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::value::Type::{Labels, List, Record, Text, Time, Word};
use crate::value::{Value, is, or_null, record};

const ORIGINS: &[&str] = &["base", "app", "unknown"];

#[derive(Debug, Deserialize)]
pub(crate) struct Image {
    pub(crate) reference: String,
    source: String,
    pub(crate) digest: Option<String>,
    config_digest: Option<String>,
    platform: Option<String>,
    created: Option<Timestamp>,
    user: Option<String>,
    labels: BTreeMap<String, String>,
    base: Option<Base>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Base {
    name: Option<String>,
    digest: Option<String>,
    how: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Os {
    pub(crate) id: String,
    version: String,
    name: String,
    eol: Option<jiff::civil::Date>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    purl: String,
    name: String,
    version: String,
    #[serde(rename = "type")]
    kind: String,
    pub(crate) licenses: Vec<String>,
    /// All of them as one expression, as the report's `licenses` have it; empty where nobody looked at licences.
    #[serde(skip)]
    pub(crate) license: String,
    origin: String,
}

record! { Image, IMAGE, "image",
    "reference": is(Text), "as it was named", |of| Value::Text(&of.reference);
    "source": is(Text), "registry, docker, archive, …", |of| Value::Text(&of.source);
    "digest": or_null(Text), "of the platform's manifest", |of| Value::text(of.digest.as_deref());
    "config_digest": or_null(Text), "of its configuration", |of| Value::text(of.config_digest.as_deref());
    "platform": or_null(Text), "linux/amd64, …", |of| Value::text(of.platform.as_deref());
    "created": or_null(Time), "when it says it was built", |of| Value::time(of.created);
    "user": or_null(Text), "whom it runs as; null is root", |of| Value::text(of.user.as_deref());
    "labels": is(Labels), "its labels", |of| Value::Labels(&of.labels);
    "base": or_null(Record(&BASE)), "the image it is built on; null where it is not known", |of| Value::record(of.base.as_ref());
}

record! { Base, BASE, "base",
    "name": or_null(Text), "its reference", |of| Value::text(of.name.as_deref());
    "digest": or_null(Text), "its digest", |of| Value::text(of.digest.as_deref());
    "how": is(Text), "how it is known: flag, label, provenance, layers", |of| Value::Text(&of.how);
}

record! { Os, OS, "os",
    "id": is(Text), "debian, alpine, …", |of| Value::Text(&of.id);
    "version": is(Text), "12, 3.20.1, …", |of| Value::Text(&of.version);
    "name": is(Text), "for people", |of| Value::Text(&of.name);
    "eol": or_null(Time), "when support ends; null where that is not known", |of| Value::time(midnight(of.eol));
}

record! { Package, PACKAGE, "package",
    "purl": is(Text), "its purl", |of| Value::Text(&of.purl);
    "name": is(Text), "its name", |of| Value::Text(&of.name);
    "version": is(Text), "its version", |of| Value::Text(&of.version);
    "type": is(Text), "deb, npm, …", |of| Value::Text(&of.kind);
    "licenses": is(List(&is(Text))), "SPDX expressions", |of| Value::List(&of.licenses);
    "license": is(Text), "all of them as one expression; NOASSERTION where none is declared, empty where nobody looked", |of| Value::Text(&of.license);
    "origin": is(Word(ORIGINS)), "base, app or unknown", |of| Value::Text(&of.origin);
}

/// The end of a day: what is supported until then is supported on that day.
fn midnight(date: Option<jiff::civil::Date>) -> Option<Timestamp> {
    let end = date?.tomorrow().ok()?;
    jiff::tz::Offset::UTC.to_timestamp(end.to_datetime(jiff::civil::Time::midnight())).ok()
}
