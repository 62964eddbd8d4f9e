//! What a distribution's own package mirror tells: written by [`crate::mirror`], read like every other feed.

use jiff::Timestamp;
use jiff::civil::Date;
use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use serde::{Deserialize, Serialize};

use super::record::is_cve;
use super::{ParseError, Sink};

/// The version of the document that is written and read.
const FORMAT: u32 = 1;

/// One release of a distribution as its mirror had it on one day.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    format: u32,
    /// `debian:12`.
    pub(crate) namespace: String,
    /// The day of the security suite's `Release`.
    pub(crate) as_of: Date,
    /// What was fixed, by source package.
    pub(crate) fixes: Vec<Fix>,
}

/// One vulnerability fixed in one source package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Fix {
    /// The source package.
    pub(crate) source: String,
    /// The CVE.
    pub(crate) cve: String,
    /// The first version that names it.
    pub(crate) version: String,
    /// When that version was finished.
    pub(crate) at: Option<Timestamp>,
}

impl Snapshot {
    /// A snapshot; `fixes` in any order.
    pub(crate) fn new(namespace: &str, as_of: Date, mut fixes: Vec<Fix>) -> Self {
        fixes.sort_unstable();
        Self { format: FORMAT, namespace: namespace.to_owned(), as_of, fixes }
    }
}

/// Reads a snapshot.
pub(crate) fn parse(_: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let snapshot: Snapshot = serde_json::from_slice(bytes)?;
    if snapshot.format != FORMAT {
        return Err(ParseError(format!("it has format {}, and this program reads {FORMAT}", snapshot.format)));
    }
    let debian = snapshot.namespace.starts_with("debian:");
    for fix in snapshot.fixes {
        sink.record(Some(snapshot.as_of));
        if !is_cve(&fix.cve) || fix.source.is_empty() || fix.version.is_empty() {
            sink.problem(format!("a fix of {} has no CVE or no version", fix.source));
            continue;
        }
        let home = if debian { "https://security-tracker.debian.org/tracker" } else { "https://ubuntu.com/security" };
        sink.advisory(Advisory {
            url: format!("{home}/{}", fix.cve),
            affected: vec![Affected {
                namespace: snapshot.namespace.clone(),
                kind: Some(PackageType::Deb),
                name: fix.source,
                ranges: vec![Range { end: End::Fixed(fix.version), ..Range::default() }],
                fixed_at: fix.at,
                ..Affected::default()
            }],
            id: fix.cve,
            ..Advisory::default()
        });
    }
    Ok(())
}
