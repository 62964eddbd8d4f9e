//! Reads a folder of feeds: any subset of the layout in [`super::layout`], in the order of the feeds' names and then of
//! the files' paths.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::civil::Date;
use model::advisory::{Advisory, CveFacts, Namespace};
use model::coverage::Level;
use model::vex::VexStatement;
use rayon::prelude::*;

use super::archive::{self, Member};
use super::layout::Shape;
use super::record::{Event, Recording};
use super::{Feed, FeedError, FeedSummary, Item, Sink, readme};

/// Most files looked at, and how deep: a folder of feeds has hundreds, five deep.
const FILES_LIMIT: usize = 200_000;
const DEPTH_LIMIT: usize = 12;
/// Most different problems kept per feed; the rest is counted.
const PROBLEMS_LIMIT: usize = 100;
/// Bytes of documents that are parsed in one go on all threads.
const BATCH: usize = 8 << 20;
/// What lies beside feeds and is none.
const NOT_FEEDS: [&str; 4] = ["README.md", "SHA256SUMS", "samples", ".state"];

/// Reads every feed found in `folder` and hands each item to `sink` together with its feed's name. The order of items is
/// the same for the same files.
///
/// Damaged files are errors that name them; single records that cannot be read are problems of their feed's summary, and
/// so are files that no feed claims (summary `unrecognised`).
pub fn read_folder(folder: &Path, sink: &mut dyn FnMut(&str, Item)) -> Result<Vec<FeedSummary>, FeedError> {
    let paths = files(folder)?;
    let dates = readme::dates(folder);
    let mut feeds: BTreeMap<String, Vec<(&Feed, &str)>> = BTreeMap::new();
    let mut unrecognised = Vec::new();
    for path in &paths {
        match Feed::of(path) {
            Some((feed, name)) => feeds.entry(name).or_default().push((feed, path)),
            None => unrecognised.push(format!("{path}: no feed is read from a file of this name")),
        }
    }
    let mut summaries = Vec::new();
    for (name, documents) in feeds {
        let mut collector = Collector {
            name: &name,
            out: sink,
            paths: &paths,
            newest: None,
            records: 0,
            namespaces: BTreeSet::new(),
            problems: BTreeMap::new(),
        };
        for (feed, path) in &documents {
            read(feed, folder, path, &paths, &mut collector)?;
        }
        let Collector { newest, records, namespaces, problems, .. } = collector;
        let as_of = match newest {
            Some(date) => date.to_string(),
            None => documents.iter().filter_map(|(_, path)| dates.of(path)).min().unwrap_or_default(),
        };
        let level = documents.first().map(|(feed, _)| feed.level);
        summaries.push(FeedSummary {
            as_of,
            records,
            coverage: namespaces
                .into_iter()
                .map(|namespace| {
                    let level = level.map_or(Level::Partial, |level| level(&namespace));
                    (namespace, level)
                })
                .collect(),
            problems: told(problems),
            name,
        });
    }
    if !unrecognised.is_empty() {
        summaries.push(FeedSummary {
            name: "unrecognised".to_owned(),
            as_of: String::new(),
            records: 0,
            coverage: Vec::new(),
            problems: unrecognised,
        });
    }
    Ok(summaries)
}

/// The regular files below a folder, as paths within it with `/`, sorted.
fn files(folder: &Path) -> Result<Vec<String>, FeedError> {
    let cannot = |path: &Path| {
        let path = path.to_owned();
        move |source| FeedError::Read { path, source }
    };
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = folders.pop() {
        for entry in fs::read_dir(&path).map_err(cannot(&path))? {
            let entry = entry.map_err(cannot(&path))?;
            // Names that are no UTF-8 are no feed's.
            let Ok(name) = entry.file_name().into_string() else { continue };
            if prefix.is_empty() && NOT_FEEDS.contains(&name.as_str()) {
                continue;
            }
            let within = format!("{prefix}{name}");
            let metadata = fs::metadata(entry.path()).map_err(cannot(&entry.path()))?;
            if metadata.is_dir() && depth < DEPTH_LIMIT {
                folders.push((entry.path(), format!("{within}/"), depth + 1));
            } else if metadata.is_file() {
                found.push(within);
            }
            if found.len() > FILES_LIMIT {
                return Err(archive::damaged(folder, &format!("it holds more than {FILES_LIMIT} files")));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Reads one file of a feed.
fn read(feed: &Feed, folder: &Path, path: &str, all: &[String], collector: &mut Collector<'_>) -> Result<(), FeedError> {
    let full = folder.join(path);
    let Shape::Archive(suffix) = feed.shape else {
        let bytes = archive::document(&full)?;
        return (feed.parse)(path, &bytes, collector).map_err(|error| archive::damaged(&full, &error));
    };
    // Members that lie beside the archive as JSON of their own are read from there.
    let beside = |name: &str| {
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let json = format!("{parent}/{}.json", name.trim_end_matches(suffix));
        suffix != ".json" && all.binary_search(&json).is_ok()
    };
    let wanted = |name: &str| name.ends_with(suffix) && !beside(name);
    let mut batch: Vec<Member> = Vec::new();
    let mut size = 0;
    archive::members(&full, &wanted, &mut |member| {
        size += member.bytes.len();
        batch.push(member);
        if size >= BATCH {
            parse(feed, &mut batch, collector);
            size = 0;
        }
        Ok(())
    })?;
    parse(feed, &mut batch, collector);
    Ok(())
}

/// Parses a batch of documents on all threads and hands on what they say in their order.
fn parse(feed: &Feed, batch: &mut Vec<Member>, collector: &mut Collector<'_>) {
    let recordings: Vec<Recording> = batch
        .par_iter()
        .map(|member| {
            let mut recording = Recording::default();
            if let Err(error) = (feed.parse)(&member.name, &member.bytes, &mut recording) {
                recording.problem(format!("{}: {error}", member.name));
            }
            recording
        })
        .collect();
    batch.clear();
    for event in recordings.into_iter().flat_map(|recording| recording.0) {
        match event {
            Event::Advisory(advisory) => collector.advisory(*advisory),
            Event::Facts(facts) => collector.facts(*facts),
            Event::Vex(statement) => collector.vex(*statement),
            Event::Record(date) => collector.record(date),
            Event::Problem(problem) => collector.problem(problem),
            Event::Names(document) => collector.names(&document),
        }
    }
}

/// Sums up one feed while passing on what it says.
struct Collector<'a> {
    name: &'a str,
    out: &'a mut dyn FnMut(&str, Item),
    /// Every file of the folder, sorted.
    paths: &'a [String],
    newest: Option<Date>,
    records: u64,
    namespaces: BTreeSet<Namespace>,
    /// How often each problem came up.
    problems: BTreeMap<String, u64>,
}

impl Sink for Collector<'_> {
    fn advisory(&mut self, advisory: Advisory) {
        for affected in &advisory.affected {
            if !self.namespaces.contains(&affected.namespace) {
                self.namespaces.insert(affected.namespace.clone());
            }
        }
        (self.out)(self.name, Item::Advisory(advisory));
    }
    fn facts(&mut self, facts: CveFacts) {
        (self.out)(self.name, Item::Facts(facts));
    }
    fn problem(&mut self, problem: String) {
        // Past the limit problems of one kind still add up, and new ones become "others".
        let key = if self.problems.len() < PROBLEMS_LIMIT || self.problems.contains_key(&problem) {
            problem
        } else {
            OTHERS.to_owned()
        };
        *self.problems.entry(key).or_default() += 1;
    }
    fn vex(&mut self, statement: VexStatement) {
        (self.out)(self.name, Item::Vex(statement));
    }
    fn record(&mut self, date: Option<Date>) {
        self.records += 1;
        self.newest = self.newest.max(date);
    }
    fn names(&mut self, document: &str) {
        if self.paths.binary_search_by(|path| path.as_str().cmp(document)).is_err() {
            let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
            self.problem(format!("a document that the index of {folder} names is not there"));
        }
    }
}

/// Stands for the problems past [`PROBLEMS_LIMIT`].
const OTHERS: &str = "other records cannot be read";

/// Problems as sentences, those that came up more than once with how often.
fn told(problems: BTreeMap<String, u64>) -> Vec<String> {
    problems.into_iter().map(|(problem, times)| if times > 1 { format!("{problem} ({times} times)") } else { problem }).collect()
}
