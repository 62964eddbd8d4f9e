//! A folder of feeds made one database file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use model::advisory::{Advisory, CveFacts};
use model::coverage::Level;
use model::report::FeedInfo;

use crate::database::{Database, DatabaseError, DatabaseSummary, FeedCoverage, Writer};
use crate::feed::{FEEDS, FeedError, FeedSummary, Item, read_folder};

/// What a build read and wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildSummary {
    /// The database.
    pub database: DatabaseSummary,
    /// The feeds, with what could not be read of each.
    pub feeds: Vec<FeedSummary>,
}

/// A build that could not be finished; an older database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A feed cannot be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The database cannot be written.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The folder holds nothing that any parser knows.
    #[error("{folder} holds no file of a feed; `plimsoll db build --help` lists the files that are read", folder = folder.display())]
    NoFeed {
        /// The folder.
        folder: PathBuf,
    },
    /// The list of sources cannot be written.
    #[error("cannot write the list of sources {path}", path = path.display())]
    Sources {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Reads every feed in a folder and writes one database; the same feeds give the same bytes. `progress` is told in a few
/// words what is being done.
pub fn build(feeds: &Path, out: &Path, progress: &dyn Fn(&str)) -> Result<BuildSummary, BuildError> {
    build_dated(feeds, out, &BTreeMap::new(), None, progress)
}

/// The same, where it is known of feeds by their names up to which day they were current: what a feed says last may be
/// older. What `embedded` holds is added where no feed says which vulnerabilities are exploited.
pub(crate) fn build_dated(
    feeds: &Path,
    out: &Path,
    dates: &BTreeMap<String, String>,
    embedded: Option<&Database>,
    progress: &dyn Fn(&str),
) -> Result<BuildSummary, BuildError> {
    let mut writer = Writer::new();
    let mut last = String::new();
    let mut summaries = read_folder(feeds, &mut |feed, item| {
        tell(&mut last, feed, progress);
        match item {
            Item::Advisory(advisory) => writer.add(feed, advisory),
            Item::Facts(facts) => writer.add_facts(facts),
            Item::Vex(statement) => writer.add_vex(feed, &statement),
        }
    })?;
    for summary in &mut summaries {
        // Both are `YYYY-MM-DD`, so that text orders them.
        if let Some(date) = dates.get(&summary.name).filter(|date| **date > summary.as_of) {
            summary.as_of.clone_from(date);
        }
    }
    let mut coverage = of_summaries(&summaries);
    if coverage.is_empty() {
        return Err(BuildError::NoFeed { folder: feeds.to_owned() });
    }
    if let Some(embedded) = embedded.filter(|_| !coverage.iter().any(|feed| feed.info.name == KEV)) {
        add_embedded(embedded, &mut writer, &mut coverage)?;
    }
    progress(&format!("writing {}", out.display()));
    Ok(BuildSummary { database: writer.finish(coverage, "full", out)?, feeds: summaries })
}

/// The feed that the advisories of the embedded set stand under where they are added to others. It speaks of nothing but
/// what is known to be exploited, so no release and no ecosystem is covered by it.
pub const EMBEDDED: &str = "embedded";
/// The feed that says what is known to be exploited.
const KEV: &str = "kev";

/// Adds what the embedded set holds: its advisories as one feed, dated as its list of exploited vulnerabilities is, its
/// facts under the names of the feeds they are from.
fn add_embedded(embedded: &Database, writer: &mut Writer, coverage: &mut Vec<FeedCoverage>) -> Result<(), DatabaseError> {
    let mut records = 0;
    for record in embedded.advisories() {
        writer.add(EMBEDDED, record?.advisory);
        records += 1;
    }
    for facts in embedded.all_facts()? {
        writer.add_facts(facts);
    }
    let mut as_of = String::new();
    let speaking: BTreeSet<String> = embedded
        .namespaces()
        .flat_map(|namespace| embedded.covers(namespace).unwrap_or_default())
        .map(|feed| feed.feed)
        .collect();
    for feed in &embedded.info().feeds {
        if feed.name == KEV {
            as_of.clone_from(&feed.as_of);
        }
        // Those that speak of packages are in the one feed.
        if !speaking.contains(&feed.name) && !coverage.iter().any(|known| known.info.name == feed.name) {
            coverage.push(FeedCoverage { info: feed.clone(), coverage: Vec::new() });
        }
    }
    let namespaces = embedded.namespaces().map(|namespace| (namespace.to_owned(), Level::Partial)).collect();
    coverage.push(FeedCoverage { info: FeedInfo { name: EMBEDDED.to_owned(), as_of, records }, coverage: namespaces });
    Ok(())
}

/// Feeds whose licence asks that whatever carries them be under it too: nothing of them becomes part of the program.
const SHARE_ALIKE: [&str; 1] = ["victims"];

/// Writes the small set that is part of the program: of every CVE in CISA's catalogue of known exploited ones that some
/// feed has packages for, the plain facts (ids, packages, ranges, scores, dates), no texts. Beside the database lies a
/// list of its sources under the same name with `.md`.
pub fn build_embedded(feeds: &Path, out: &Path, progress: &dyn Fn(&str)) -> Result<BuildSummary, BuildError> {
    // Feeds come in the order of their names, so which CVEs matter is known only after a first reading.
    let mut last = String::new();
    let mut exploited: BTreeSet<String> = BTreeSet::new();
    read_folder(feeds, &mut |feed, item| {
        tell(&mut last, feed, progress);
        if let Item::Facts(CveFacts { id, kev: Some(_), .. }) = item {
            exploited.insert(id);
        }
    })?;
    let mut writer = Writer::new();
    let mut facts: BTreeMap<String, Vec<(String, CveFacts)>> = BTreeMap::new();
    let mut kept: BTreeMap<String, u64> = BTreeMap::new();
    let summaries = read_folder(feeds, &mut |feed, item| {
        tell(&mut last, feed, progress);
        if SHARE_ALIKE.contains(&feed) {
            return;
        }
        match item {
            Item::Advisory(advisory) if speaks_of(&advisory, &exploited) => {
                *kept.entry(feed.to_owned()).or_default() += 1;
                writer.add(feed, Advisory { title: String::new(), url: String::new(), ..advisory });
            }
            Item::Facts(of_one) if exploited.contains(&of_one.id) => {
                facts.entry(of_one.id.clone()).or_default().push((feed.to_owned(), of_one));
            }
            _ => {}
        }
    })?;
    let spoken_of = writer.advisory_cves();
    for (feed, of_one) in facts.into_iter().filter(|(id, _)| spoken_of.contains(id)).flat_map(|(_, facts)| facts) {
        let plain = CveFacts { title: String::new(), exploit: None, ssvc: None, ..of_one };
        if plain != (CveFacts { id: plain.id.clone(), ..CveFacts::default() }) {
            *kept.entry(feed).or_default() += 1;
            writer.add_facts(plain);
        }
    }
    let mut coverage = of_summaries(&summaries);
    coverage.retain(|feed| kept.contains_key(&feed.info.name));
    if coverage.is_empty() {
        return Err(BuildError::NoFeed { folder: feeds.to_owned() });
    }
    for feed in &mut coverage {
        feed.info.records = kept.get(&feed.info.name).copied().unwrap_or_default();
        for (_, level) in &mut feed.coverage {
            *level = Level::Partial;
        }
    }
    let sources = sources(&coverage);
    progress(&format!("writing {}", out.display()));
    let database = writer.finish(coverage, "embedded", out)?;
    let path = out.with_extension("md");
    std::fs::write(&path, sources).map_err(|source| BuildError::Sources { path, source })?;
    Ok(BuildSummary { database, feeds: summaries })
}

/// The set that is part of the program: what is known to be exploited, for when there is no other database.
pub fn embedded() -> Result<Database, DatabaseError> {
    Database::from_static(include_bytes!("../embedded/embedded.db"))
}

fn tell(last: &mut String, feed: &str, progress: &dyn Fn(&str)) {
    if last != feed {
        progress(&format!("reading {feed}"));
        feed.clone_into(last);
    }
}

/// What the database is told about its feeds; files that no parser knew are no feed.
fn of_summaries(summaries: &[FeedSummary]) -> Vec<FeedCoverage> {
    let known = summaries.iter().filter(|summary| summary.records > 0);
    known
        .map(|summary| FeedCoverage {
            info: FeedInfo { name: summary.name.clone(), as_of: summary.as_of.clone(), records: summary.records },
            coverage: summary.coverage.clone(),
        })
        .collect()
}

fn speaks_of(advisory: &Advisory, cves: &BTreeSet<String>) -> bool {
    !advisory.affected.is_empty()
        && advisory.withdrawn.is_none()
        && std::iter::once(&advisory.id).chain(&advisory.aliases).any(|id| cves.contains(id))
}

fn sources(feeds: &[FeedCoverage]) -> String {
    let mut text = String::from(
        "# Where the embedded set comes from\n\n\
         `embedded.db` holds facts alone (ids, packages, version ranges, scores, dates) of the vulnerabilities that CISA lists as\n\
         known to be exploited, as far as one of these feeds names the packages they are in. Written by\n\
         `plimsoll db build --embedded`.\n\n\
         | feed | as of | records used | published at |\n|---|---|---|---|\n",
    );
    for feed in feeds {
        let FeedInfo { name, as_of, records } = &feed.info;
        let home = FEEDS.iter().find(|known| is_named(known.name, name)).map_or("", |known| known.home);
        let _ = writeln!(text, "| {name} | {as_of} | {records} | {home} |");
    }
    text
}

/// Whether a feed's name fits the name in the table, whose `*` stands for anything.
fn is_named(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((prefix, suffix)) => name.strip_prefix(prefix).is_some_and(|rest| rest.ends_with(suffix)),
    }
}
