//! Which version of a source package names a CVE first, from its `debian/changelog`
//! (<https://manpages.debian.org/deb-changelog.5>).
//!
//! A changelog is written newest entry first, so the last entry of the file that names a CVE is the first version that
//! does, and every version above it has the fix, also one that is lower: `1.2-3~deb12u1` is made from `1.2-3`. Words around the id are not weighed: "revert the fix of", "not affected by" name it, too. What was named before
//! the source got its present name was fixed in every version under this name.
//!
//! Binary packages carry the same text, as a rule without the entries of earlier releases; then a comment at its end says
//! so ("# Older entries have been removed from this changelog.", "# For older changelog entries, run 'apt-get changelog
//! …'"). A CVE that both parts name is then dated by the part that is left.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use model::version::deb;

use crate::feed::mirror::Fix;
use crate::feed::record::is_cve;

/// Longest line that is looked at; folded by hand, they stay below a hundred.
const LINE_LIMIT: usize = 64 << 10;

/// What a changelog tells of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// What was fixed, sorted.
    pub(super) fixes: Vec<Fix>,
    /// The first version it tells of, where older ones were cut off.
    pub(super) begins: Option<String>,
}

/// Reads the changelog of `source`.
pub(super) fn told(source: &str, changelog: &str) -> Told {
    let mut first: BTreeMap<String, Option<(&str, Option<Timestamp>)>> = BTreeMap::new();
    // The version that stands for the entry: the lowest since the newest. A fix that came with `1.2-3` is in the
    // `1.2-3~deb12u1` that was made from it, too.
    let mut entry: Option<&str> = None;
    let mut lowest: Option<&str> = None;
    let mut cut = false;
    let mut named: Vec<String> = Vec::new();
    for line in changelog.lines().filter(|line| line.len() <= LINE_LIMIT) {
        if let Some((name, version)) = header(line) {
            settle(&mut first, &mut named, entry, None);
            entry = None;
            if name == source {
                lowest = Some(lowest.filter(|known| deb::compare(known, version) == Some(Ordering::Less)).unwrap_or(version));
                entry = lowest;
            }
        } else if let Some(trailer) = line.strip_prefix(" -- ") {
            let at = trailer.rsplit_once("  ").and_then(|(_, date)| moment(date));
            settle(&mut first, &mut named, entry, at);
        } else if line.starts_with(' ') || line.starts_with('\t') {
            named.extend(cves(line));
        } else if line.starts_with('#') && line.contains("changelog") {
            cut = true;
        }
    }
    settle(&mut first, &mut named, entry, None);
    let fix = |(cve, found): (String, Option<(&str, Option<Timestamp>)>)| {
        let (version, at) = found?;
        Some(Fix { source: source.to_owned(), cve, version: version.to_owned(), at })
    };
    let fixes = first.into_iter().filter_map(fix).collect();
    Told { fixes, begins: lowest.filter(|_| cut).map(str::to_owned) }
}

/// Whether a changelog has an entry about this version of `source`: then it is a package's, and of this package.
pub(super) fn has_entry(changelog: &str, source: &str, version: &str) -> bool {
    changelog.lines().filter_map(header).any(|found| found == (source, version))
}

/// The ids in a line, those included that begin the name of a patch: `CVE-2024-0001-2.patch`.
fn cves(line: &str) -> impl Iterator<Item = String> {
    line.match_indices("CVE-").filter_map(|(start, _)| {
        let rest = line.get(start..)?;
        let number = rest.get(9..)?;
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        rest.get(..9 + end).filter(|id| is_cve(id)).map(str::to_owned)
    })
}

/// Lets the entry that ends here stand for what it names, in place of any newer one.
fn settle<'a>(
    first: &mut BTreeMap<String, Option<(&'a str, Option<Timestamp>)>>,
    named: &mut Vec<String>,
    entry: Option<&'a str>,
    at: Option<Timestamp>,
) {
    for cve in named.drain(..) {
        first.insert(cve, entry.map(|version| (version, at)));
    }
}

/// `openssl (3.0.11-1~deb12u2) bookworm-security; urgency=medium`.
fn header(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(" (")?;
    let (version, rest) = rest.split_once(')')?;
    let plain = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    (plain(name) && plain(version) && rest.contains(';')).then_some((name, version))
}

/// `Sat, 21 Nov 2026 00:53:02 +0000`, also with the `UTC` that `Release` files write.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let numeric = text.strip_suffix("UTC").map(|rest| format!("{rest}+0000"));
    jiff::fmt::rfc2822::parse(numeric.as_deref().unwrap_or(text)).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entry_that_names_it() {
        let text = "\
new (2:1.2-1) bookworm-security; urgency=high

  * Complete the fix of CVE-2024-0001, and fix CVE-2024-0002
    (Closes: #1) and CVE-2024-00, CVE-é; CVE-2024-0003-2.patch

 -- A B <a@b>  Sat, 02 Mar 2024 10:00:00 +0100

new (2:1.1-1) unstable; urgency=medium

  [ A B ]
  * CVE-2024-0001: fix; CVE-2023-9999

 -- A B <a@b>  Fri, 01 Mar 2024 10:00:00 +0100

old (9.9-1) unstable; urgency=low

  * CVE-2023-9999

 -- A B <a@b>  Sun, 01 Jan 2023 10:00:00 +0000
";
        let found: Vec<_> =
            told("new", text).fixes.into_iter().map(|fix| (fix.cve, fix.version, fix.at.unwrap().to_string())).collect();
        let expected = [
            ("CVE-2024-0001", "2:1.1-1", "2024-03-01T09:00:00Z"),
            ("CVE-2024-0002", "2:1.2-1", "2024-03-02T09:00:00Z"),
            ("CVE-2024-0003", "2:1.2-1", "2024-03-02T09:00:00Z"),
        ];
        assert_eq!(found, expected.map(|(cve, version, at)| (cve.to_owned(), version.to_owned(), at.to_owned())));
    }

    #[test]
    fn a_rebuild_for_an_older_release_has_the_fix() {
        let entry = |version: &str, text: &str| {
            format!("a ({version}) x; y=z\n\n  * {text}\n\n -- A <a@b>  Fri, 01 Mar 2024 10:00:00 +0100\n\n")
        };
        let text = [
            entry("3.0.22-1~deb12u2", "CVE-2024-0003"),
            entry("3.0.22-1~deb12u1", "Rebuild for bookworm."),
            entry("3.0.22-1", "CVE-2024-0002"),
            entry("3.0.21-1", "CVE-2024-0001"),
        ];
        let found: Vec<_> = told("a", &text.concat()).fixes.into_iter().map(|fix| (fix.cve, fix.version)).collect();
        let expected =
            [("CVE-2024-0001", "3.0.21-1"), ("CVE-2024-0002", "3.0.22-1~deb12u1"), ("CVE-2024-0003", "3.0.22-1~deb12u2")];
        assert_eq!(found, expected.map(|(cve, version)| (cve.to_owned(), version.to_owned())));
    }

    #[test]
    fn where_it_begins() {
        let text = "a (2) x; y=z\n\n  * CVE-2024-0001\n # changelog\n\n -- A <a@b>  Fri, 01 Mar 2024 10:00:00 +0100\n\na (1-1) x; y=z\n\n -- A <a@b>  x\n\n";
        assert_eq!(told("a", text).begins, None);
        for comment in
            ["# Older entries have been removed from this changelog.", "# For older changelog entries, run 'apt-get changelog a'"]
        {
            assert_eq!(told("a", &format!("{text}{comment}\n")).begins.as_deref(), Some("1-1"));
        }
        assert!(has_entry(text, "a", "1-1") && !has_entry(text, "a", "1") && !has_entry(text, "b", "2"));
    }

    #[test]
    fn what_is_no_changelog() {
        for text in ["", "CVE-2024-0001", "  * CVE-2024-0001", "x (1) y\n  * CVE-2024-0001\n", "x (1"] {
            assert!(told("x", text).fixes.is_empty(), "{text}");
        }
        assert_eq!(moment("Sat, 21 Nov 2026 00:53:02 UTC").unwrap().to_string(), "2026-11-21T00:53:02Z");
    }
}
