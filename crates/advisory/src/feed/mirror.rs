//! What a distribution's own package mirror tells: written by [`crate::mirror`], read like every other feed.

use jiff::Timestamp;
use jiff::civil::Date;
use model::advisory::{Advisory, Affected, End, Range, Status};
use model::package::PackageType;
use serde::{Deserialize, Serialize};

use super::record::is_cve;
use super::{ParseError, Sink};

/// The version of the document that is written and read.
const FORMAT: u32 = 2;

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
    /// Where the changelogs could not be read.
    pub(crate) gaps: Vec<Gap>,
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

/// Versions of a source package of which it is not known what was fixed after them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Gap {
    /// The source package.
    pub(crate) source: String,
    /// All versions before this one.
    pub(crate) below: String,
    /// Why, as a sentence.
    pub(crate) reason: String,
}

impl Snapshot {
    /// A snapshot; `fixes` and `gaps` in any order.
    pub(crate) fn new(namespace: &str, as_of: Date, mut fixes: Vec<Fix>, mut gaps: Vec<Gap>) -> Self {
        fixes.sort_unstable();
        gaps.sort_unstable();
        Self { format: FORMAT, namespace: namespace.to_owned(), as_of, fixes, gaps }
    }
}

/// The part of every version's document that says which one it is.
#[derive(Deserialize)]
struct Versioned {
    format: u32,
}

/// Reads a snapshot.
pub(crate) fn parse(_: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let Versioned { format } = serde_json::from_slice(bytes)?;
    if format != FORMAT {
        // Another version of the program wrote it; reading the mirror anew replaces it.
        sink.problem(format!("a snapshot has format {format}, and this program reads {FORMAT}; it is left out"));
        return Ok(());
    }
    let snapshot: Snapshot = serde_json::from_slice(bytes)?;
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
    for gap in snapshot.gaps {
        sink.advisory(Advisory {
            id: format!("changelog of {}", gap.source),
            title: gap.reason,
            affected: vec![Affected {
                namespace: snapshot.namespace.clone(),
                kind: Some(PackageType::Deb),
                name: gap.source,
                status: Status::Unread,
                ranges: vec![Range { end: End::Fixed(gap.below), ..Range::default() }],
                ..Affected::default()
            }],
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
    struct Seen(Vec<Advisory>, Vec<String>);

    impl Sink for Seen {
        fn advisory(&mut self, advisory: Advisory) {
            self.0.push(advisory);
        }
        fn facts(&mut self, _: CveFacts) {}
        fn problem(&mut self, problem: String) {
            self.1.push(problem);
        }
    }

    #[test]
    fn a_gap_is_no_fix() {
        let gap = Gap { source: "curl".to_owned(), below: "7-2".to_owned(), reason: "lost".to_owned() };
        let snapshot = Snapshot::new("debian:12", Date::constant(2026, 1, 1), Vec::new(), vec![gap]);
        let mut seen = Seen::default();
        parse("x", &serde_json::to_vec(&snapshot).unwrap(), &mut seen).unwrap();
        let [Advisory { title, affected, .. }] = &seen.0[..] else { panic!("{:?}", seen.0) };
        assert_eq!((title.as_str(), affected[0].status), ("lost", Status::Unread));
        assert_eq!(affected[0].ranges[0].to_string(), "< 7-2");
    }

    #[test]
    fn a_snapshot_of_another_program_is_left_out() {
        let mut seen = Seen::default();
        parse("x", br#"{"format": 1, "unread": 3}"#, &mut seen).unwrap();
        assert!(seen.0.is_empty() && seen.1[0].contains("format 1"));
    }
}
