//! How much of an inventory could be judged, by which feed and how fresh it was. Part of every answer: a report that
//! says "no findings" without it says nothing.

/// How completely a feed speaks of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No feed speaks of it.
    None,
    /// A feed speaks of part of it.
    Partial,
    /// Only vulnerabilities that have a fix are known (DSA lists, Alpine secdb, mirror changelogs, errata).
    FixedOnly,
    /// Fixed and unfixed vulnerabilities are known.
    Full,
}

impl Level {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Partial => "partial",
            Self::FixedOnly => "fixed-only",
            Self::Full => "full",
        }
    }
}

/// Coverage of one package type in one release.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// purl type (`deb`, `npm`).
    pub kind: String,
    /// `debian:12` for distributions, `None` for language ecosystems.
    pub release: Option<String>,
    /// The feeds that judged, joined by `+`; `None` where none did.
    pub feed: Option<String>,
    /// The oldest date among them, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// How completely.
    pub level: Level,
    /// Packages a feed could speak of.
    pub judged: usize,
    /// Packages that no feed speaks of (third-party builds, no coordinates, no feed).
    pub unjudged: usize,
    /// Packages where a feed speaks but the answer cannot be told (unparseable version, stale or ended release).
    pub undetermined: usize,
    /// Why some were not judged, in plain words, sorted, each once.
    pub reasons: Vec<String>,
}
