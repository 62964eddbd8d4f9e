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
    /// How many source packages of the security suite the mirror did not give, so that what they fix is not known.
    #[serde(default)]
    pub(crate) unread: usize,
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
    pub(crate) fn new(namespace: &str, as_of: Date, mut fixes: Vec<Fix>, unread: usize) -> Self {
        fixes.sort_unstable();
        Self { format: FORMAT, namespace: namespace.to_owned(), as_of, fixes, unread }
    }
}

/// Reads a snapshot.
pub(crate) fn parse(_: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let snapshot: Snapshot = serde_json::from_slice(bytes)?;
    if snapshot.format != FORMAT {
        return Err(ParseError(format!("it has format {}, and this program reads {FORMAT}", snapshot.format)));
    }
    if snapshot.unread > 0 {
        sink.incomplete(&snapshot.namespace);
        sink.problem(format!("{} source packages of {} could not be read from the mirror", snapshot.unread, snapshot.namespace));
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

#[cfg(test)]
mod tests {
    use model::advisory::CveFacts;

    use super::*;

    #[derive(Default)]
    struct Incomplete(Vec<String>);

    impl Sink for Incomplete {
        fn advisory(&mut self, _: Advisory) {}
        fn facts(&mut self, _: CveFacts) {}
        fn problem(&mut self, _: String) {}
        fn incomplete(&mut self, namespace: &str) {
            self.0.push(namespace.to_owned());
        }
    }

    #[test]
    fn a_partial_mirror_says_so() {
        for (unread, expected) in [(0, &[][..]), (3, &["debian:12"][..])] {
            let snapshot = Snapshot::new("debian:12", Date::constant(2026, 1, 1), Vec::new(), unread);
            let mut sink = Incomplete::default();
            parse("x", &serde_json::to_vec(&snapshot).unwrap(), &mut sink).unwrap();
            assert_eq!(sink.0, expected);
        }
    }
}
