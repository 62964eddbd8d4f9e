//! Which feed a file of a folder of feeds belongs to, and which parser reads it. Adding a feed is adding a parser and a
//! line here.

use model::coverage::Level;

use super::{Parser, alpine, debian, epss, kev, osv};

/// How a feed's file holds its documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The file is one document.
    Document,
    /// A zip or tar archive; members whose names end so are documents.
    Archive(&'static str),
}

/// Where one kind of feed file lies and how it is read.
pub struct Feed {
    /// The feed's name in reports; a `*` is replaced by what `place`'s first `*` stands for.
    pub name: &'static str,
    /// Path within the folder of feeds; `*` stands for part of one path element.
    pub place: &'static str,
    /// One document or many.
    pub shape: Shape,
    /// Reads a document.
    pub parse: Parser,
    /// How completely it speaks of a namespace.
    pub level: fn(&str) -> Level,
    /// Where upstream publishes it.
    pub home: &'static str,
}

fn full(_: &str) -> Level {
    Level::Full
}

fn fixed_only(_: &str) -> Level {
    Level::FixedOnly
}

fn partial(_: &str) -> Level {
    Level::Partial
}

const JSON: Shape = Shape::Archive(".json");
const YAML: Shape = Shape::Archive(".yaml");
const YML: Shape = Shape::Archive(".yml");
const ONE: Shape = Shape::Document;

/// One line of the table.
const fn feed(
    name: &'static str,
    place: &'static str,
    shape: Shape,
    parse: Parser,
    level: fn(&str) -> Level,
    home: &'static str,
) -> Feed {
    Feed { name, place, shape, parse, level, home }
}

/// Every feed file that is known. The first line that fits a path wins.
pub const FEEDS: &[Feed] = &[
    feed("alpine-secdb", "alpine/v*/*.json", ONE, alpine::parse, fixed_only, "https://secdb.alpinelinux.org/v*/*.json"),
    feed("alpine-secdb", "alpine/edge/*.json", ONE, alpine::parse, fixed_only, "https://secdb.alpinelinux.org/edge/*.json"),
    feed(
        "alpine-secdb",
        "alpine/secdb-yaml.zip",
        YAML,
        alpine::parse_yaml,
        fixed_only,
        "https://gitlab.alpinelinux.org/alpine/infra/alpine-secdb",
    ),
    feed("wolfi", "wolfi/security.json", ONE, alpine::parse, fixed_only, "https://packages.wolfi.dev/os/security.json"),
    feed(
        "chainguard",
        "chainguard/security.json",
        ONE,
        alpine::parse,
        fixed_only,
        "https://packages.cgr.dev/chainguard/security.json",
    ),
    feed(
        "debian-dla",
        "debian/data/DLA/list",
        ONE,
        debian::parse,
        fixed_only,
        "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DLA/list",
    ),
    feed(
        "debian-dsa",
        "debian/data/DSA/list",
        ONE,
        debian::parse,
        fixed_only,
        "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/DSA/list",
    ),
    feed(
        "epss",
        "epss/epss_scores-current.csv.gz",
        ONE,
        epss::parse,
        partial,
        "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
    ),
    feed(
        "kev",
        "kev/known_exploited_vulnerabilities.json",
        ONE,
        kev::parse,
        partial,
        "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
    ),
    feed(
        "malicious-packages",
        "osv/malicious-packages.tar.zst",
        JSON,
        osv::parse,
        partial,
        "https://github.com/ossf/malicious-packages",
    ),
    feed(
        "osv-drupal",
        "osv/Drupal/all.zip",
        JSON,
        osv::parse,
        partial,
        "https://github.com/DrupalSecurityTeam/drupal-advisory-database",
    ),
    feed(
        "osv-*",
        "osv/*/all.zip",
        JSON,
        osv::parse,
        osv::ecosystem::level,
        "https://osv-vulnerabilities.storage.googleapis.com/*/all.zip",
    ),
];

impl Feed {
    /// The feed that a path within the folder belongs to, and its name.
    pub fn of(path: &str) -> Option<(&'static Self, String)> {
        FEEDS.iter().find_map(|feed| {
            let star = matched(feed.place, path)?;
            let star = star.to_ascii_lowercase().replace([' ', ':', '/'], "-");
            Some((feed, feed.name.replace('*', &star)))
        })
    }
}

/// Whether a path fits a pattern; what its first `*` stands for.
fn matched<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    let mut first = None;
    let (mut patterns, mut elements) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), elements.next()) {
            (None, None) => return Some(first.unwrap_or_default()),
            (Some(pattern), Some(element)) => match pattern.split_once('*') {
                None if pattern == element => {}
                None => return None,
                Some((prefix, suffix)) => {
                    let star = element.strip_prefix(prefix)?.strip_suffix(suffix)?;
                    first.get_or_insert(star);
                }
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_find_their_feeds() {
        for (path, expected) in [
            ("osv/PyPI/all.zip", Some("osv-pypi")),
            ("osv/Rocky Linux/all.zip", Some("osv-rocky-linux")),
            ("osv/Drupal/all.zip", Some("osv-drupal")),
            ("alpine/v3.10/main.json", Some("alpine-secdb")),
            ("alpine/v3.10/sub/main.json", None),
            ("debian/data/DSA/list", Some("debian-dsa")),
            ("README.md", None),
        ] {
            assert_eq!(Feed::of(path).map(|(_, name)| name).as_deref(), expected, "{path}");
        }
    }
}
