//! Writes a database: takes in what feeds say, in any order, and puts it on disk in one order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use jiff::Timestamp;

use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts, End, Namespace};
use model::coverage::Level;
use model::digest::Digest;
use model::report::FeedInfo;
use model::vex::VexStatement;

use super::DatabaseError;
use super::alias::{cve_number, fold};
use super::facts;
use super::format::{Decoder, Encode, PACKAGE_LIMIT, SECTIONS, Section};
use super::interner::Interner;
use super::record::{Body, BodyEnd, BodyRange, Head, decode_details, decode_vex, encode_details, encode_vex};
use super::replace::replace;
use super::sections::{Details, assemble, fact_table, number_table, offset};
use super::table::TableBuilder;

/// Longest title that is kept, in characters.
const TITLE: usize = 200;
/// One feed and how completely it speaks of which release lines and ecosystems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCoverage {
    /// Name, date and number of records.
    pub info: FeedInfo,
    /// What it covers.
    pub coverage: Vec<(Namespace, Level)>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseSummary {
    /// Distinct advisories.
    pub advisories: u64,
    /// Packages, each once per release line or ecosystem.
    pub packages: u64,
    /// Statements of one advisory about one package.
    pub entries: u64,
    /// CVEs with facts.
    pub facts: u64,
    /// VEX statements.
    pub vex: u64,
    /// Statements left out because the name of their package cannot be a name.
    pub skipped: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Checksum of its content.
    pub sha256: Digest,
    /// The newest date among its feeds.
    pub built: Option<Timestamp>,
}

/// Collects what feeds say. The file depends on what was added and never on the order.
#[derive(Default)]
pub struct Writer {
    strings: Interner<str>,
    bodies: Interner<Body>,
    /// Name and namespace of a package, as strings.
    packages: Interner<(u32, u32)>,
    advisories: Interner<Stored>,
    entries: Vec<Link>,
    facts: HashMap<String, CveFacts>,
    vex: BTreeSet<Vec<u8>>,
    skipped: u64,
}

/// An advisory as it waits to be written; equal ones are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Stored {
    feed: u32,
    id: u32,
    kind: AdvisoryKind,
    withdrawn: bool,
    details: Box<[u8]>,
}

/// "This advisory says this of this package."
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    package: u32,
    advisory: u32,
    body: u32,
}

/// What is said of packages, as the file has it.
struct Packages {
    table: Vec<u8>,
    count: u64,
    entries: u64,
    /// The packages that each advisory speaks of, by their places in the table.
    of_advisories: Vec<Vec<u32>>,
}

impl Writer {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in what a feed says of one vulnerability. Titles are cut to one line of 200 characters.
    pub fn add(&mut self, feed: &str, mut advisory: Advisory) {
        shorten(&mut advisory.title);
        let mut details = Vec::with_capacity(256);
        encode_details(&advisory, &mut details);
        let stored = Stored {
            feed: self.strings.intern(feed),
            id: self.strings.intern(advisory.id.as_str()),
            kind: advisory.kind,
            withdrawn: advisory.withdrawn.is_some(),
            details: details.into(),
        };
        let number = self.advisories.intern(stored);
        for affected in &advisory.affected {
            // NUL parts name and namespace in keys; no package manager allows it in either.
            if affected.name.contains('\0') || affected.namespace.contains('\0') {
                self.skipped += 1;
                continue;
            }
            let package = (self.strings.intern(affected.name.as_str()), self.strings.intern(affected.namespace.as_str()));
            let body = self.body(affected);
            self.entries.push(Link { package: self.packages.intern(package), advisory: number, body: self.bodies.intern(body) });
        }
    }

    /// Takes in facts about a CVE; several calls for one CVE add up.
    pub fn add_facts(&mut self, mut added: CveFacts) {
        shorten(&mut added.title);
        facts::normalise(&mut added);
        match self.facts.get_mut(&added.id) {
            Some(known) => facts::merge(known, added),
            None => {
                self.facts.insert(added.id.clone(), added);
            }
        }
    }

    /// Takes in one VEX statement of a feed.
    pub fn add_vex(&mut self, feed: &str, statement: &VexStatement) {
        let mut bytes = Vec::new();
        bytes.put_text(feed);
        encode_vex(statement, &mut bytes);
        self.vex.insert(bytes);
    }

    /// The CVEs that advisories have as their own id or alias.
    pub(crate) fn advisory_cves(&self) -> BTreeSet<String> {
        let mut cves = BTreeSet::new();
        for stored in &self.advisories.values {
            cves.insert(self.strings.get(stored.id).to_owned());
            if let Ok(details) = decode_details(&mut Decoder::new(&stored.details)) {
                cves.extend(details.aliases);
            }
        }
        cves.retain(|id| cve_number(id).is_some());
        cves
    }

    fn body(&mut self, affected: &Affected) -> Body {
        let mut intern = |text: &String| self.strings.intern(text.as_str());
        Body {
            kind: affected.kind.map(|kind| intern(&kind.name().to_owned())),
            module: affected.module.as_ref().map(&mut intern),
            architectures: affected.architectures.iter().map(&mut intern).collect(),
            status: affected.status,
            ranges: affected
                .ranges
                .iter()
                .map(|range| BodyRange {
                    introduced: range.introduced.as_ref().map(&mut intern),
                    after: range.after.as_ref().map(&mut intern),
                    end: match &range.end {
                        End::Open => BodyEnd::Open,
                        End::Fixed(version) => BodyEnd::Fixed(intern(version)),
                        End::LastAffected(version) => BodyEnd::LastAffected(intern(version)),
                    },
                })
                .collect(),
            versions: affected.versions.iter().map(&mut intern).collect(),
            fixed_at: affected.fixed_at,
            symbols: affected.symbols.iter().map(&mut intern).collect(),
        }
    }

    /// Writes the file: whole, on disk, and under its name only then; an older file of that name stays until that moment.
    ///
    /// `kind` is `full` or `embedded`.
    pub fn finish(self, feeds: Vec<FeedCoverage>, kind: &str, out: &Path) -> Result<DatabaseSummary, DatabaseError> {
        let (bytes, summary) = self.encode(feeds, kind)?;
        replace(out, &bytes).map_err(|source| DatabaseError::Write { database: out.display().to_string(), source })?;
        Ok(summary)
    }

    /// The file's bytes.
    pub fn encode(self, feeds: Vec<FeedCoverage>, kind: &str) -> Result<(Vec<u8>, DatabaseSummary), DatabaseError> {
        let feeds = self.all_feeds(feeds);
        let built = feeds.iter().filter_map(|feed| format!("{}T00:00:00Z", feed.info.as_of).parse::<Timestamp>().ok()).max();

        let order = self.advisory_order();
        let details: Vec<Advisory> =
            order.iter().map(|stored| decode_details(&mut Decoder::new(&stored.details)).unwrap_or_default()).collect();
        let aliases: Vec<(&str, Vec<&str>)> = order
            .iter()
            .zip(&details)
            .map(|(stored, details)| (self.strings.get(stored.id), details.aliases.iter().map(String::as_str).collect()))
            .collect();
        let folded = fold(&aliases);

        let packages = self.encode_packages(&order)?;

        let (mut heads, mut head_index, mut blocks) = (Vec::new(), Vec::new(), Details::default());
        let mut ids: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (number, ((stored, folded), details)) in order.iter().zip(&folded).zip(&details).enumerate() {
            let id = self.strings.get(stored.id);
            head_index.extend_from_slice(&offset(heads.len(), "advisories")?.to_le_bytes());
            let feed = feeds.iter().position(|feed| feed.info.name == self.strings.get(stored.feed)).unwrap_or_default();
            Head { feed: feed as u32, kind: stored.kind, withdrawn: stored.withdrawn, id, primary: folded.primary }
                .encode(&mut heads);
            let mut record = stored.details.to_vec();
            record.put_texts(&folded.further);
            record.put_ascending(packages.of_advisories.get(number).map(Vec::as_slice).unwrap_or_default().iter().copied());
            blocks.push(&record)?;
            let others = details.aliases.iter().chain(&details.errata).map(String::as_str);
            for name in [id, folded.primary].into_iter().chain(others).chain(folded.further.iter().copied()) {
                ids.entry(name.to_ascii_uppercase()).or_default().insert(number as u32);
            }
        }
        head_index.extend_from_slice(&offset(heads.len(), "advisories")?.to_le_bytes());

        let mut vex_ids: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        for (number, bytes) in self.vex.iter().enumerate() {
            let mut decoder = Decoder::new(bytes);
            if let Ok(statement) = decoder.text().and_then(|_| decode_vex(&mut decoder)) {
                for name in std::iter::once(&statement.vulnerability).chain(&statement.aliases) {
                    vex_ids.entry(name.to_ascii_uppercase()).or_default().insert(number as u32);
                }
            }
            blocks.push(bytes)?;
        }
        let (detail_index, detail_blocks) = blocks.finish()?;
        let (facts, strings, has) = fact_table(&self.facts)?;

        let mut meta = Vec::new();
        meta.put_text(kind);
        meta.put_time(built);
        meta.push(u8::from(has.kev) | u8::from(has.epss) << 1 | u8::from(has.exploit_code) << 2);
        meta.put_number(order.len() as u64);
        meta.put_number(packages.entries);
        meta.put_number(self.vex.len() as u64);
        meta.put_number(feeds.len() as u64);
        for feed in &feeds {
            meta.put_text(&feed.info.name);
            meta.put_text(&feed.info.as_of);
            meta.put_number(feed.info.records);
            meta.put_number(feed.coverage.len() as u64);
            for (namespace, level) in &feed.coverage {
                meta.put_text(namespace);
                meta.push(level_code(*level));
            }
        }

        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        for (section, bytes) in [
            (Section::Meta, meta),
            (Section::Packages, packages.table),
            (Section::Ids, number_table(&ids)?),
            (Section::Facts, facts),
            (Section::Strings, strings),
            (Section::HeadIndex, head_index),
            (Section::Heads, heads),
            (Section::DetailIndex, detail_index),
            (Section::Details, detail_blocks),
            (Section::Vex, number_table(&vex_ids)?),
        ] {
            sections[section as usize] = bytes;
        }
        let (bytes, sha256) = assemble(&sections);
        let summary = DatabaseSummary {
            advisories: order.len() as u64,
            packages: packages.count,
            entries: packages.entries,
            facts: self.facts.len() as u64,
            vex: self.vex.len() as u64,
            skipped: self.skipped,
            bytes: bytes.len() as u64,
            sha256: Digest::Sha256(sha256),
            built,
        };
        Ok((bytes, summary))
    }

    /// The feeds sorted by name, those included that were only ever named with an advisory.
    fn all_feeds(&self, mut feeds: Vec<FeedCoverage>) -> Vec<FeedCoverage> {
        let used: BTreeSet<&str> = self.advisories.values.iter().map(|stored| self.strings.get(stored.feed)).collect();
        for name in used {
            if !feeds.iter().any(|feed| feed.info.name == name) {
                let info = FeedInfo { name: name.to_owned(), as_of: String::new(), records: 0 };
                feeds.push(FeedCoverage { info, coverage: Vec::new() });
            }
        }
        for feed in &mut feeds {
            feed.coverage.sort();
            feed.coverage.dedup();
        }
        feeds.sort_by(|left, right| left.info.name.cmp(&right.info.name));
        feeds.dedup_by(|left, right| left.info.name == right.info.name);
        feeds
    }

    /// Advisories by feed, id and content: their numbers in the file.
    fn advisory_order(&self) -> Vec<&Stored> {
        let mut order: Vec<&Stored> = self.advisories.values.iter().map(AsRef::as_ref).collect();
        order.sort_by_key(|stored| {
            (self.strings.get(stored.feed), self.strings.get(stored.id), stored.kind, stored.withdrawn, &stored.details)
        });
        order
    }

    /// The table of packages.
    fn encode_packages(&self, order: &[&Stored]) -> Result<Packages, DatabaseError> {
        let mut advisory_ranks = vec![0; order.len()];
        for (rank, stored) in order.iter().enumerate() {
            if let Some(slot) = self.advisories.number(stored).and_then(|number| advisory_ranks.get_mut(number as usize)) {
                *slot = rank as u32;
            }
        }
        let keys: Vec<Vec<u8>> = self
            .packages
            .values
            .iter()
            .map(|package| format!("{}\0{}", self.strings.get(package.0), self.strings.get(package.1)).into_bytes())
            .collect();
        let mut key_order: Vec<u32> = (0..keys.len() as u32).collect();
        key_order.sort_by_key(|number| &keys[*number as usize]);
        let mut package_ranks = vec![0; keys.len()];
        for (rank, number) in key_order.iter().enumerate() {
            package_ranks[*number as usize] = rank as u32;
        }
        let mut links: Vec<Link> = self
            .entries
            .iter()
            .map(|link| Link {
                package: package_ranks[link.package as usize],
                advisory: advisory_ranks[link.advisory as usize],
                body: link.body,
            })
            .collect();
        links.sort_unstable();
        links.dedup();

        let mut packages_of = vec![Vec::new(); order.len()];
        let (mut table, mut entries) = (TableBuilder::default(), 0);
        for package in links.chunk_by(|left, right| left.package == right.package) {
            let Some(first) = package.first() else { continue };
            let key = &keys[key_order[first.package as usize] as usize];
            let (record, count) = self.encode_package(key, package)?;
            entries += count;
            table.push(key, &record);
            for link in package {
                let packages: &mut Vec<u32> = &mut packages_of[link.advisory as usize];
                if packages.last() != Some(&link.package) {
                    packages.push(link.package);
                }
            }
        }
        let table = table.finish().ok_or(DatabaseError::TooLarge { what: "packages".to_owned() })?;
        Ok(Packages { table, count: keys.len() as u64, entries, of_advisories: packages_of })
    }

    /// The record of one package: entries, then its strings in order, then its bodies in order.
    fn encode_package(&self, key: &[u8], links: &[Link]) -> Result<(Vec<u8>, u64), DatabaseError> {
        let distinct: BTreeSet<u32> = links.iter().map(|link| link.body).collect();
        let strings: BTreeSet<u32> = distinct.iter().flat_map(|body| self.bodies.get(*body).strings()).collect();
        let mut strings: Vec<u32> = strings.into_iter().collect();
        strings.sort_by_key(|string| self.strings.get(*string));
        let local: HashMap<u32, u32> = strings.iter().enumerate().map(|(place, string)| (*string, place as u32)).collect();

        let mut bodies: BTreeMap<Vec<u8>, Vec<u32>> = BTreeMap::new();
        let mut decoded_size = 0;
        for number in distinct {
            let body = self.bodies.get(number);
            let mut bytes = Vec::new();
            body.encode(|string| local.get(&string).copied().unwrap_or_default(), &mut bytes);
            bodies.entry(bytes).or_default().push(number);
            let strings = body.strings().map(|string| self.strings.get(string).len() + size_of::<String>());
            decoded_size += strings.sum::<usize>() + size_of::<Affected>() + key.len();
        }
        if decoded_size > PACKAGE_LIMIT {
            return Err(DatabaseError::TooLarge { what: String::from_utf8_lossy(key).replace('\0', " in ") });
        }
        let places: HashMap<u32, u32> = bodies
            .values()
            .enumerate()
            .flat_map(|(place, numbers)| numbers.iter().map(move |number| (*number, place as u32)))
            .collect();
        let entries: BTreeSet<(u32, u32)> =
            links.iter().map(|link| (link.advisory, places.get(&link.body).copied().unwrap_or_default())).collect();

        let mut record = Vec::new();
        record.put_number(entries.len() as u64);
        let mut last = 0;
        for (advisory, body) in &entries {
            record.put_number(u64::from(advisory - last));
            record.put_number(u64::from(*body));
            last = *advisory;
        }
        record.put_number(strings.len() as u64);
        for string in &strings {
            record.put_text(self.strings.get(*string));
        }
        record.put_number(bodies.len() as u64);
        for body in bodies.keys() {
            record.extend_from_slice(body);
        }
        Ok((record, entries.len() as u64))
    }
}

fn shorten(title: &mut String) {
    let line = title.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    *title = match line.char_indices().nth(TITLE) {
        None => line.to_owned(),
        Some(_) => line.chars().take(TITLE - 1).chain(['…']).collect(),
    };
}

fn level_code(level: Level) -> u8 {
    match level {
        Level::None => 0,
        Level::Partial => 1,
        Level::FixedOnly => 2,
        Level::Full => 3,
    }
}
