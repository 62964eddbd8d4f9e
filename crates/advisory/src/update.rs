//! Brings the advisory database up to date: from the feeds' public homes, or as a finished file.
//!
//! Every feed has a kept copy that was read cleanly. A new one takes its place only when it came whole, can be read, and
//! does not hold much less than the one before; a feed that is down today is judged by with its copy of yesterday, and the
//! summary says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use client::{Address, HttpClient};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::build::{BuildError, BuildSummary, build_dated, embedded};
use crate::database::{Database, DatabaseError};
use crate::feed::{Feed, read_folder};

pub mod catalogue;
pub(crate) mod fetch;
pub mod finished;
mod state;

pub use catalogue::{FeedFile, catalogue};
pub use fetch::FetchError;

use fetch::Download;
use state::{Accepted, State};

/// Files fetched at once.
const AT_ONCE: usize = 4;
/// The least that a new copy may hold of the records of the last, in percent.
const LEAST_PERCENT: u64 = 80;
/// Largest list of checksums.
const SUMS_LIMIT: u64 = 16 << 20;

/// How far a piece of work is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// What is being done, in a few words.
    pub what: &'a str,
    /// How much of it is done: bytes of a file, or pieces.
    pub done: u64,
    /// How much there is; 0 where that is not known.
    pub total: u64,
}

/// What is brought and where it goes.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// The folder of kept feeds, in the layout that `db build` reads.
    pub feeds: PathBuf,
    /// The database.
    pub out: PathBuf,
    /// Other addresses than the default ones, by the feed's name; `base` is where a whole folder of feeds with a
    /// `SHA256SUMS` lies that stands for all of them.
    pub sources: BTreeMap<String, String>,
    /// Whether a newer database may be replaced by an older one.
    pub allow_older: bool,
    /// Ask each server once: for when there is another way.
    pub once: bool,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A new copy is kept.
    Fetched {
        /// Its length in bytes.
        bytes: u64,
    },
    /// The kept copy is the newest.
    Unchanged,
    /// There is no new copy, and the kept one goes on to serve.
    Kept {
        /// Why.
        reason: String,
    },
    /// There is no copy at all.
    Missing {
        /// Why.
        reason: String,
    },
}

/// What an update did.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateSummary {
    /// Each file and what became of it, by feed.
    pub files: Vec<(FeedFile, Outcome)>,
    /// What was built of all that is kept.
    pub build: BuildSummary,
}

/// An update that was not made; the database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// No feed is reachable.
    #[error("none of the feeds can be reached ({}): {}", feeds.join(", "), first(reasons))]
    Unreachable {
        /// The feeds, sorted.
        feeds: Vec<String>,
        /// What the servers said, each sentence once, sorted.
        reasons: Vec<String>,
    },
    /// The list of a folder of feeds.
    #[error("the feeds at {base} cannot be listed: {reason}")]
    Base {
        /// The folder's address.
        base: String,
        /// Why.
        reason: String,
    },
    /// The new database is older than the one that is there.
    #[error("the new database is of {new} and the one at {path} of {old}; --allow-older replaces it all the same", path = path.display())]
    Older {
        /// The database.
        path: PathBuf,
        /// When the feeds of the new one were made.
        new: Timestamp,
        /// When those of the present one were.
        old: Timestamp,
    },
    /// A finished database cannot be had.
    #[error("the database {origin} cannot be taken over: {source}")]
    Finished {
        /// Where it was to come from.
        origin: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file of this machine.
    #[error("cannot write {path}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The build failed.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A database cannot be read or is damaged.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

fn write_at(path: &Path) -> impl Fn(io::Error) -> UpdateError + use<'_> {
    |source| UpdateError::Write { path: path.to_owned(), source }
}

/// Asks every feed's home for a newer copy and builds the database of all that is kept.
pub fn update(
    options: &UpdateOptions,
    client: &HttpClient,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<UpdateSummary, UpdateError> {
    let incoming = options.feeds.join(state::FOLDER).join("parts");
    fs::create_dir_all(&incoming).map_err(write_at(&incoming))?;
    let mut state = State::load(&options.feeds);
    let files = match options.sources.get(catalogue::BASE) {
        Some(base) => of_base(base, options, client)?,
        None => catalogue(&options.sources, Timestamp::now()),
    };
    // Dates come from the servers, except where one serves copies: then from the copies' own table.
    let dated = !options.sources.contains_key(catalogue::BASE);

    let results: Vec<(FeedFile, Outcome, Option<Accepted>)> = fetch_all(&files, &state, options, client, &incoming, progress);
    let reached = results.iter().any(|(_, outcome, _)| matches!(outcome, Outcome::Fetched { .. } | Outcome::Unchanged));
    if !reached {
        let feeds: BTreeSet<String> = results.iter().map(|(file, ..)| file.feed.clone()).collect();
        let reasons: BTreeSet<String> = results.into_iter().filter_map(|(_, outcome, _)| reason(outcome)).collect();
        return Err(UpdateError::Unreachable { feeds: feeds.into_iter().collect(), reasons: reasons.into_iter().collect() });
    }
    let mut outcomes = Vec::with_capacity(results.len());
    for (file, outcome, accepted) in results {
        if let Some(accepted) = accepted {
            state.files.insert(file.place.clone(), Accepted { date: accepted.date.filter(|_| dated), ..accepted });
        }
        outcomes.push((file, outcome));
    }
    state.save(&options.feeds).map_err(write_at(&options.feeds))?;
    let build = rebuild(&options.feeds, &options.out, options.allow_older, progress)?;
    Ok(UpdateSummary { files: outcomes, build })
}

/// The first of many reasons: when the network is down, all say the same.
fn first(reasons: &[String]) -> String {
    let more = reasons.len().saturating_sub(1);
    let rest = if more > 0 { format!("; and {more} more of the kind") } else { String::new() };
    format!("{}{rest}", reasons.first().map_or("", String::as_str))
}

fn reason(outcome: Outcome) -> Option<String> {
    match outcome {
        Outcome::Kept { reason } | Outcome::Missing { reason } => Some(reason),
        Outcome::Fetched { .. } | Outcome::Unchanged => None,
    }
}

/// The files of a folder of feeds that is served as a whole, and its table of dates.
fn of_base(base: &str, options: &UpdateOptions, client: &HttpClient) -> Result<Vec<FeedFile>, UpdateError> {
    let base = base.trim_end_matches('/');
    let cannot = |reason: String| UpdateError::Base { base: base.to_owned(), reason };
    let get = |name: &str| fetch::small(client, &format!("{base}/{name}"), SUMS_LIMIT).map_err(|error| cannot(error.to_string()));
    let sums = get("SHA256SUMS")?.ok_or_else(|| cannot("it has no SHA256SUMS".to_owned()))?;
    let files = catalogue::listed(base, &String::from_utf8_lossy(&sums));
    if files.is_empty() {
        return Err(cannot("its SHA256SUMS names no file of a feed".to_owned()));
    }
    if let Some(table) = get("README.md")? {
        let path = options.feeds.join("README.md");
        crate::database::replace(&path, &table).map_err(write_at(&path))?;
    }
    Ok(files)
}

/// Fetches the files a few at a time; the answers come in the order of the files.
fn fetch_all(
    files: &[FeedFile],
    state: &State,
    options: &UpdateOptions,
    client: &HttpClient,
    incoming: &Path,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Vec<(FeedFile, Outcome, Option<Accepted>)> {
    let next = AtomicUsize::new(0);
    // Servers that did not answer are not asked for their other files.
    let down: Mutex<BTreeMap<String, String>> = Mutex::default();
    let results: Mutex<BTreeMap<usize, (Outcome, Option<Accepted>)>> = Mutex::default();
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(number) else { break };
            let server = Address::parse(&file.address).map(|address| address.authority()).unwrap_or_default();
            let known_down = down.lock().unwrap_or_else(PoisonError::into_inner).get(&server).cloned();
            let attempt = match known_down {
                Some(reason) => Err(reason),
                None => {
                    let part = incoming.join(format!("{}.part", file.place.replace('/', "~")));
                    bring(file, state, options, client, &part, progress).map_err(|failure| {
                        if failure.server_is_down {
                            down.lock().unwrap_or_else(PoisonError::into_inner).insert(server, failure.reason.clone());
                        }
                        failure.reason
                    })
                }
            };
            let result = attempt.unwrap_or_else(|reason| {
                let kept = options.feeds.join(&file.place).is_file();
                (if kept { Outcome::Kept { reason } } else { Outcome::Missing { reason } }, None)
            });
            results.lock().unwrap_or_else(PoisonError::into_inner).insert(number, result);
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    files.iter().cloned().zip(results.into_values()).map(|(file, (outcome, accepted))| (file, outcome, accepted)).collect()
}

/// Why there is no new copy of a file.
struct Failure {
    reason: String,
    server_is_down: bool,
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        Self { server_is_down: error.is_unreachable(), reason: error.to_string() }
    }
}

impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self { reason, server_is_down: false }
    }
}

/// Brings one file, unless the kept one is the newest, and puts it in its place if it is any good.
fn bring(
    file: &FeedFile,
    state: &State,
    options: &UpdateOptions,
    client: &HttpClient,
    part: &Path,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<(Outcome, Option<Accepted>), Failure> {
    let kept = state.kept(&options.feeds, &file.place).filter(|kept| kept.address == file.address);
    if kept.is_some_and(|kept| kept.sha256.is_some() && kept.sha256 == file.sha256) {
        return Ok((Outcome::Unchanged, None));
    }
    let tell = |done, total| progress(&Progress { what: &file.feed, done, total });
    let download = fetch::to_file(client, &file.address, kept.map(|kept| &kept.validators), part, options.once, &tell)?;
    let Download::Fresh { validators, date, length } = download else { return Ok((Outcome::Unchanged, None)) };
    let records = checked(file, part, state.files.get(&file.place), length).inspect_err(|_| {
        let _ = fs::remove_file(part);
    })?;
    let place = options.feeds.join(&file.place);
    let io = |error: io::Error| format!("{} cannot be written: {error}", place.display());
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(io)?;
    }
    fs::rename(part, &place).map_err(io)?;
    let accepted = Accepted { address: file.address.clone(), validators, date, records, length, sha256: file.sha256.clone() };
    Ok((Outcome::Fetched { bytes: length }, Some(accepted)))
}

/// Reads a new copy as a build would; how many records it holds.
fn checked(file: &FeedFile, part: &Path, last: Option<&Accepted>, length: u64) -> Result<u64, Failure> {
    let refuse =
        |reason: String| Failure::from(format!("the new copy of {} from {} is refused: {reason}", file.feed, file.address));
    if length == 0 {
        return Err(refuse("it is empty".to_owned()));
    }
    if let Some(expected) = &file.sha256 {
        let found = fs::File::open(part).and_then(|mut opened| {
            let mut hasher = Sha256::new();
            let mut buffer = vec![0; 256 << 10];
            loop {
                match io::Read::read(&mut opened, &mut buffer)? {
                    0 => break Ok(fetch::hex(&hasher.finalize())),
                    read => hasher.update(buffer.get(..read).unwrap_or_default()),
                }
            }
        });
        if found.map_err(|error| refuse(error.to_string()))? != *expected {
            return Err(refuse("its checksum is not the one in SHA256SUMS".to_owned()));
        }
    }
    // The reader goes by where a file lies, so it is shown a folder that holds this one alone.
    let folder = part.with_extension("folder");
    let staged = folder.join(&file.place);
    let read = || {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(staged.parent().unwrap_or(&folder)).map_err(|error| error.to_string())?;
        fs::rename(part, &staged).map_err(|error| error.to_string())?;
        let summaries = read_folder(&folder, &mut |_, _| {}).map_err(|error| error.to_string());
        fs::rename(&staged, part).map_err(|error| error.to_string())?;
        summaries
    };
    let summaries = read();
    let _ = fs::remove_dir_all(&folder);
    let summaries = summaries.map_err(refuse)?;
    let records: u64 = summaries.iter().map(|summary| summary.records).sum();
    let before = last.map_or(0, |last| last.records);
    if records == 0 && before == 0 {
        return Err(refuse("it holds no records".to_owned()));
    }
    if records.saturating_mul(100) < before.saturating_mul(LEAST_PERCENT) {
        return Err(refuse(format!("it holds {records} records and the last one held {before}")));
    }
    Ok(records)
}

/// Builds the database of the kept feeds beside the present one and puts it in its place.
pub(crate) fn rebuild(
    feeds: &Path,
    out: &Path,
    allow_older: bool,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<BuildSummary, UpdateError> {
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder).map_err(write_at(folder))?;
    }
    let new = beside(out);
    let tell = |what: &str| progress(&Progress { what, done: 0, total: 0 });
    let embedded = embedded()?;
    let outcome = build_dated(feeds, &new, &dates(feeds), Some(&embedded), &tell)
        .map_err(UpdateError::from)
        .and_then(|summary| put_in_place(&new, out, allow_older).map(|()| summary));
    let _ = fs::remove_file(&new);
    outcome
}

/// The day that the servers gave each feed: the oldest of its files'.
fn dates(feeds: &Path) -> BTreeMap<String, String> {
    let state = State::load(feeds);
    let mut dates: BTreeMap<String, String> = BTreeMap::new();
    for (place, accepted) in &state.files {
        if let (Some((_, feed)), Some(date), true) = (Feed::of(place), &accepted.date, feeds.join(place).is_file()) {
            dates.entry(feed).and_modify(|known| *known = known.clone().min(date.clone())).or_insert_with(|| date.clone());
        }
    }
    dates
}

/// Where a new database waits for its turn.
fn beside(out: &Path) -> PathBuf {
    let name = out.file_name().map_or_else(|| "plimsoll.db".into(), |name| name.to_string_lossy().into_owned());
    out.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

/// Puts a checked database in the place of the present one, unless that is newer. One that cannot be read gives way.
fn put_in_place(new: &Path, out: &Path, allow_older: bool) -> Result<(), UpdateError> {
    let built = |path: &Path| Database::open(path).map(|database| database.info().built);
    let of_new = built(new)?;
    if let (false, Ok(Some(old))) = (allow_older, built(out)) {
        let new = of_new.unwrap_or(Timestamp::UNIX_EPOCH);
        if new < old {
            return Err(UpdateError::Older { path: out.to_owned(), new, old });
        }
    }
    let target = fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    fs::rename(new, &target).map_err(write_at(out))
}
