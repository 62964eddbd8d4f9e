//! Opens a database and answers from it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts};
use model::coverage::Level;
use model::digest::Digest;
use model::report::{DatabaseInfo, FeedInfo};
use model::vex::VexStatement;
use zstd::bulk::Decompressor;

use super::facts::SHARED_TEXT;
use super::format::{Corrupt, DETAIL_LIMIT, Decoder, Section, number32};
use super::record::{Head, decode_details, decode_facts, decode_package, decode_vex, package_key};
use super::storage::Storage;
use super::table::Table;
use super::{DatabaseError, ExploitationFeeds, NamespaceFeed};

/// An open database. Cheap to open, free to share between threads; any number of processes may have one file open.
pub struct Database {
    storage: Storage,
    info: DatabaseInfo,
    counts: Counts,
    exploitation: ExploitationFeeds,
    /// Sorted by namespace.
    coverage: Vec<(String, Vec<NamespaceFeed>)>,
    pub(super) packages: Table,
    ids: Table,
    facts: Table,
    vex: Table,
    /// Blocks of details that were asked for, decompressed.
    blocks: Box<[OnceLock<Box<[u8]>>]>,
}

/// How much a database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Advisories.
    pub advisories: u64,
    /// Packages, each once per release line or ecosystem.
    pub packages: u64,
    /// Statements of one advisory about one package.
    pub entries: u64,
    /// CVEs with facts.
    pub facts: u64,
    /// VEX statements.
    pub vex: u64,
}

impl Database {
    /// Maps a database file. Only its header is read; every other byte is checked when it is first needed.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        Self::new(Storage::open(path)?)
    }

    /// Opens a database that is part of the program.
    pub fn from_static(bytes: &'static [u8]) -> Result<Self, DatabaseError> {
        Self::new(Storage::from_static(bytes)?)
    }

    fn new(storage: Storage) -> Result<Self, DatabaseError> {
        let parts = Parts::read(&storage).map_err(|corrupt| storage.damaged(corrupt))?;
        let counts = Counts { packages: parts.packages.len() as u64, facts: parts.facts.len() as u64, ..parts.counts };
        let info = DatabaseInfo { sha256: Some(Digest::Sha256(storage.header().sha256)), ..parts.info };
        let blocks = (0..storage.section(Section::DetailIndex).len() / DETAIL_ENTRY).map(|_| OnceLock::new()).collect();
        Ok(Self {
            info,
            counts,
            exploitation: parts.exploitation,
            coverage: parts.coverage,
            packages: parts.packages,
            ids: parts.ids,
            facts: parts.facts,
            vex: parts.vex,
            blocks,
            storage,
        })
    }

    /// What this database is.
    pub fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    /// How much it holds.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Which facts about exploitation its feeds carry: where one is missing, its absence from a CVE says nothing.
    pub fn has_exploitation_feeds(&self) -> ExploitationFeeds {
        self.exploitation
    }

    /// Reads the whole file and checks every byte.
    pub fn verify(&self) -> Result<(), DatabaseError> {
        self.storage.verify().map_err(|corrupt| self.storage.damaged(corrupt))
    }

    /// The feeds that speak of a release line or ecosystem, sorted by name; `None` where none does.
    pub fn covers(&self, namespace: &str) -> Option<Vec<NamespaceFeed>> {
        let place = self.coverage.binary_search_by(|(known, _)| known.as_str().cmp(namespace)).ok()?;
        self.coverage.get(place).map(|(_, feeds)| feeds.clone())
    }

    /// Every release line and ecosystem that a feed speaks of, sorted.
    pub fn namespaces(&self) -> impl Iterator<Item = &str> {
        self.coverage.iter().map(|(namespace, _)| namespace.as_str())
    }

    /// Everything that is said of a package, ordered by feed and id.
    pub fn entries(&self, namespace: &str, name: &str) -> Result<Vec<Entry<'_>>, DatabaseError> {
        // A key with another NUL would be read as another package's.
        if namespace.contains('\0') || name.contains('\0') {
            return Ok(Vec::new());
        }
        let mut key = Vec::with_capacity(namespace.len() + name.len() + 1);
        key.extend_from_slice(name.as_bytes());
        key.push(0);
        key.extend_from_slice(namespace.as_bytes());
        let mut entries = Vec::new();
        self.checked(|| match self.packages.get(&self.storage, &key)? {
            Some(record) => self.push_entries(record, namespace, name, &mut entries),
            None => Ok(()),
        })?;
        Ok(entries)
    }

    /// Everything that is said of packages of a name, in whatever namespace `wanted` agrees to.
    pub(super) fn entries_named(&self, name: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Entry<'_>>, DatabaseError> {
        let prefix = format!("{name}\0");
        let mut entries = Vec::new();
        self.checked(|| {
            self.packages.with_prefix(&self.storage, prefix.as_bytes(), |key, record| {
                let (namespace, found) = package_key(key)?;
                if found == name && wanted(namespace) {
                    self.push_entries(record, namespace, name, &mut entries)?;
                }
                Ok(())
            })
        })?;
        Ok(entries)
    }

    fn push_entries<'a>(
        &'a self,
        record: &[u8],
        namespace: &str,
        name: &str,
        entries: &mut Vec<Entry<'a>>,
    ) -> Result<(), Corrupt> {
        let record = decode_package(record, namespace, name, None)?;
        entries.reserve(record.entries.len());
        for (number, body) in record.entries {
            let affected = record.bodies.get(body as usize).ok_or(Corrupt("an entry speaks of a range that is not there"))?;
            let head = self.head(number)?;
            entries.push(Entry { database: self, number, feed: self.feed(head)?, head, affected: affected.clone() });
        }
        Ok(())
    }

    /// What is known of a CVE beside the advisories.
    pub fn cve(&self, id: &str) -> Result<Option<CveFacts>, DatabaseError> {
        self.checked(|| match self.facts.get(&self.storage, id.as_bytes())? {
            Some(bytes) => decode_facts(id, bytes, |number| self.shared_text(number)).map(Some),
            None => Ok(None),
        })
    }

    /// The advisories that carry an id, be it their own, an alias or an erratum's, whatever its case; whole, with the
    /// packages they speak of.
    pub fn by_id(&self, id: &str) -> Result<Vec<Advisory>, DatabaseError> {
        Ok(self.records(id)?.into_iter().map(|record| record.advisory).collect())
    }

    /// As [`Database::by_id`], with the feed of each.
    pub fn records(&self, id: &str) -> Result<Vec<Record<'_>>, DatabaseError> {
        self.checked(|| {
            let Some(value) = self.ids.get(&self.storage, id.to_ascii_uppercase().as_bytes())? else { return Ok(Vec::new()) };
            Decoder::new(value).ascending()?.into_iter().map(|number| self.record(number)).collect()
        })
    }

    /// Every advisory with the packages it speaks of, in the file's order.
    pub(crate) fn advisories(&self) -> impl Iterator<Item = Result<Record<'_>, DatabaseError>> {
        let count = u32::try_from(self.counts.advisories).unwrap_or(u32::MAX);
        (0..count).map(|number| self.checked(|| self.record(number)))
    }

    /// What is known of every CVE beside the advisories.
    pub(crate) fn all_facts(&self) -> Result<Vec<CveFacts>, DatabaseError> {
        let mut found = Vec::with_capacity(self.facts.len());
        self.checked(|| {
            self.facts.with_prefix(&self.storage, b"", |id, bytes| {
                let id = std::str::from_utf8(id).map_err(|_| Corrupt("a text is not UTF-8"))?;
                found.push(decode_facts(id, bytes, |number| self.shared_text(number))?);
                Ok(())
            })
        })?;
        Ok(found)
    }

    /// The VEX statements about a vulnerability under this id, whatever its case, each with its feed.
    pub fn vex(&self, id: &str) -> Result<Vec<(&str, VexStatement)>, DatabaseError> {
        self.checked(|| {
            let Some(value) = self.vex.get(&self.storage, id.to_ascii_uppercase().as_bytes())? else { return Ok(Vec::new()) };
            let first = u32::try_from(self.counts.advisories).map_err(|_| Corrupt("a count is too large"))?;
            let statement = |number: u32| {
                let mut decoder = Decoder::new(self.detail(first.saturating_add(number))?);
                Ok((decoder.text()?, decode_vex(&mut decoder)?))
            };
            Decoder::new(value).ascending()?.into_iter().map(statement).collect()
        })
    }

    fn checked<T>(&self, read: impl FnOnce() -> Result<T, Corrupt>) -> Result<T, DatabaseError> {
        read().map_err(|corrupt| self.storage.damaged(corrupt))
    }

    fn record(&self, number: u32) -> Result<Record<'_>, Corrupt> {
        let head = self.head(number)?;
        let mut decoder = Decoder::new(self.detail(number)?);
        let mut advisory = decode_details(&mut decoder)?;
        head.id.clone_into(&mut advisory.id);
        let further = decoder.texts()?;
        for package in decoder.ascending()? {
            let (key, record) = self.packages.at(&self.storage, package as usize)?;
            let (namespace, name) = package_key(&key)?;
            let record = decode_package(record, namespace, name, Some(number))?;
            for (_, body) in record.entries {
                advisory.affected.extend(record.bodies.get(body as usize).map(|affected| (**affected).clone()));
            }
        }
        Ok(Record { feed: self.feed(head)?, primary_id: head.primary, further_aliases: further, advisory })
    }

    fn feed(&self, head: Head) -> Result<&str, Corrupt> {
        let feed = self.info.feeds.get(head.feed as usize).ok_or(Corrupt("an advisory names a feed that is not there"))?;
        Ok(&feed.name)
    }

    fn head(&self, number: u32) -> Result<Head<'_>, Corrupt> {
        let place = (number as usize).saturating_mul(4);
        let index = self.storage.within(&self.storage.section(Section::HeadIndex), place..place.saturating_add(8))?;
        let missing = Corrupt("a record speaks of an advisory that is not there");
        let (start, end) = (number32(index, 0).ok_or(missing)?, number32(index, 4).ok_or(missing)?);
        Head::decode(self.storage.within(&self.storage.section(Section::Heads), start as usize..end as usize)?)
    }

    fn shared_text(&self, number: u32) -> Result<&str, Corrupt> {
        let missing = Corrupt("a record speaks of a string that is not there");
        let section = self.storage.section(Section::Strings);
        let count = number32(self.storage.within(&section, 0..4)?, 0).ok_or(missing)?;
        if number >= count {
            return Err(missing);
        }
        let place = 4 + 4 * number as usize;
        let offsets = self.storage.within(&section, place..place + 8)?;
        let (start, end) = (number32(offsets, 0).ok_or(missing)?, number32(offsets, 4).ok_or(missing)?);
        let texts = 8 + 4 * count as usize;
        if end.saturating_sub(start) as usize > SHARED_TEXT {
            return Err(Corrupt("a shared string is too long"));
        }
        let bytes = self.storage.within(&section, texts + start as usize..texts + end as usize)?;
        std::str::from_utf8(bytes).map_err(|_| Corrupt("a text is not UTF-8"))
    }

    /// The record of a number in the blocks of details.
    fn detail(&self, number: u32) -> Result<&[u8], Corrupt> {
        let (mut low, mut high) = (0, self.blocks.len());
        while high - low > 1 {
            let middle = low.midpoint(high);
            if self.detail_entry(middle)?.0 <= number { low = middle } else { high = middle }
        }
        let missing = Corrupt("a record speaks of details that are not there");
        let first = self.detail_entry(low)?.0;
        let mut decoder = Decoder::new(self.block(low)?);
        for _ in 0..number.checked_sub(first).ok_or(missing)? {
            let length = decoder.count()?;
            decoder.bytes(length)?;
        }
        let length = decoder.count()?;
        decoder.bytes(length)
    }

    /// First record, start, and length when decompressed.
    fn detail_entry(&self, block: usize) -> Result<(u32, u32, u32), Corrupt> {
        let missing = Corrupt("a record speaks of details that are not there");
        let place = block * DETAIL_ENTRY;
        let entry = self.storage.within(&self.storage.section(Section::DetailIndex), place..place + DETAIL_ENTRY)?;
        let number = |at| number32(entry, at).ok_or(missing);
        Ok((number(0)?, number(4)?, number(8)?))
    }

    fn block(&self, number: usize) -> Result<&[u8], Corrupt> {
        let missing = Corrupt("a record speaks of details that are not there");
        let cell = self.blocks.get(number).ok_or(missing)?;
        if let Some(block) = cell.get() {
            return Ok(block);
        }
        let section = self.storage.section(Section::Details);
        let (_, start, length) = self.detail_entry(number)?;
        let end = if number + 1 < self.blocks.len() { self.detail_entry(number + 1)?.1 as usize } else { section.len() };
        let length = length as usize;
        if length > DETAIL_LIMIT {
            return Err(Corrupt("a block of details is larger than this program reads"));
        }
        let compressed = self.storage.within(&section, start as usize..end)?;
        let block = decompress(compressed, length).ok_or(Corrupt("a block of details does not decompress"))?;
        if block.len() != length {
            return Err(Corrupt("a block of details has another length than its index says"));
        }
        // Another thread may have been first; then its copy, which is equal, stays.
        Ok(cell.get_or_init(|| block.into_boxed_slice()))
    }
}

const DETAIL_ENTRY: usize = 12;

/// Decompresses a block with this thread's decompressor: making a new one takes longer than a block does.
fn decompress(compressed: &[u8], length: usize) -> Option<Vec<u8>> {
    thread_local! {
        static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = RefCell::new(Decompressor::new().ok());
    }
    DECOMPRESSOR.with_borrow_mut(|decompressor| decompressor.as_mut()?.decompress(compressed, length).ok())
}

/// What opening reads.
struct Parts {
    info: DatabaseInfo,
    counts: Counts,
    exploitation: ExploitationFeeds,
    coverage: Vec<(String, Vec<NamespaceFeed>)>,
    packages: Table,
    ids: Table,
    facts: Table,
    vex: Table,
}

impl Parts {
    fn read(storage: &Storage) -> Result<Self, Corrupt> {
        let table = |section| Table::open(storage, storage.section(section));
        let meta: Range<usize> = storage.section(Section::Meta);
        let mut decoder = Decoder::new(storage.slice(meta)?);
        let mut info = DatabaseInfo { kind: decoder.text()?.to_owned(), built: decoder.time()?, ..DatabaseInfo::default() };
        let flags = decoder.byte()?;
        let exploitation = ExploitationFeeds { kev: flags & 1 != 0, epss: flags & 2 != 0, exploit_code: flags & 4 != 0 };
        let counts =
            Counts { advisories: decoder.number()?, entries: decoder.number()?, vex: decoder.number()?, ..Counts::default() };
        let mut coverage: BTreeMap<String, Vec<NamespaceFeed>> = BTreeMap::new();
        for _ in 0..decoder.count()? {
            let feed =
                FeedInfo { name: decoder.text()?.to_owned(), as_of: decoder.text()?.to_owned(), records: decoder.number()? };
            for _ in 0..decoder.count()? {
                let namespace = decoder.text()?.to_owned();
                let level = level(decoder.byte()?)?;
                let feed = NamespaceFeed { feed: feed.name.clone(), as_of: feed.as_of.clone(), level };
                coverage.entry(namespace).or_default().push(feed);
            }
            info.feeds.push(feed);
        }
        Ok(Self {
            info,
            counts,
            exploitation,
            coverage: coverage.into_iter().collect(),
            packages: table(Section::Packages)?,
            ids: table(Section::Ids)?,
            facts: table(Section::Facts)?,
            vex: table(Section::Vex)?,
        })
    }
}

fn level(code: u8) -> Result<Level, Corrupt> {
    Ok(match code {
        0 => Level::None,
        1 => Level::Partial,
        2 => Level::FixedOnly,
        3 => Level::Full,
        _ => return Err(Corrupt("a level of coverage is unknown")),
    })
}

/// What one advisory says of one package. Ranges are at hand; the rest is read when asked for.
#[derive(Clone)]
pub struct Entry<'a> {
    database: &'a Database,
    number: u32,
    feed: &'a str,
    head: Head<'a>,
    affected: Arc<Affected>,
}

impl<'a> Entry<'a> {
    /// The feed that says so.
    pub fn feed(&self) -> &'a str {
        self.feed
    }

    /// The advisory's own id.
    pub fn id(&self) -> &'a str {
        self.head.id
    }

    /// The id that findings are folded under: the CVE where one is known under any of the names, in whatever feed (the
    /// lowest where an advisory names several), else the first id of its group that an advisory has, else its own.
    pub fn primary_id(&self) -> &'a str {
        self.head.primary
    }

    /// What sort of statement.
    pub fn kind(&self) -> AdvisoryKind {
        self.head.kind
    }

    /// Whether the advisory was withdrawn.
    pub fn is_withdrawn(&self) -> bool {
        self.head.withdrawn
    }

    /// The package, and what is said of which versions.
    pub fn affected(&self) -> &Affected {
        &self.affected
    }

    /// The advisory without its packages.
    pub fn advisory(&self) -> Result<Advisory, DatabaseError> {
        self.database.checked(|| {
            let mut advisory = decode_details(&mut Decoder::new(self.database.detail(self.number)?))?;
            self.head.id.clone_into(&mut advisory.id);
            Ok(advisory)
        })
    }

    /// Every name of this vulnerability beside [`Entry::primary_id`]: the advisory's own and those that other feeds give
    /// it, sorted, errata aside. Never the name of another CVE that the advisory itself does not give.
    pub fn aliases(&self) -> Result<Vec<String>, DatabaseError> {
        self.database.checked(|| {
            let mut decoder = Decoder::new(self.database.detail(self.number)?);
            let mut aliases = decode_details(&mut decoder)?.aliases;
            aliases.extend(decoder.texts()?);
            aliases.push(self.head.id.to_owned());
            aliases.retain(|alias| alias != self.head.primary);
            aliases.sort();
            aliases.dedup();
            Ok(aliases)
        })
    }
}

/// A whole advisory and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// The feed.
    pub feed: &'a str,
    /// As [`Entry::primary_id`].
    pub primary_id: &'a str,
    /// Names that other feeds give it.
    pub further_aliases: Vec<String>,
    /// The advisory with its packages, sorted by name and namespace.
    pub advisory: Advisory,
}
