//! Advisory feeds in their native formats, one file each: pure parsers from bytes to [`Advisory`] and [`CveFacts`].

use model::advisory::{Advisory, CveFacts};

/// Where a parser puts what it read. One bad record is a problem, never the end of a feed.
pub trait Sink {
    /// One advisory.
    fn advisory(&mut self, advisory: Advisory);
    /// Facts about a CVE; several calls for one CVE add up.
    fn facts(&mut self, facts: CveFacts);
    /// A record that could not be read: one sentence that names it.
    fn problem(&mut self, problem: String);
}
