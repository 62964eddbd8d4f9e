//! Records: how advisories, packages, facts and statements become bytes and come back.

use std::sync::Arc;

use jiff::Timestamp;

use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts, End, Epss, ExploitCode, Kev, Range, Ssvc, Status};
use model::package::PackageType;
use model::severity::{Cvss, Rating};
use model::vex::{VexProduct, VexStatement, VexStatus};

use super::format::{Corrupt, Decoder, Encode, PACKAGE_LIMIT, severity, severity_code};

/// The part of an advisory that every look-up needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// Number of the feed.
    pub(super) feed: u32,
    pub(super) kind: AdvisoryKind,
    pub(super) withdrawn: bool,
    pub(super) id: &'a str,
    pub(super) primary: &'a str,
}

const WITHDRAWN: u8 = 1;
const PRIMARY_DIFFERS: u8 = 2;

impl<'a> Head<'a> {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let differs = self.primary != self.id;
        out.put_number(u64::from(self.feed));
        let flags = if self.withdrawn { WITHDRAWN } else { 0 } | if differs { PRIMARY_DIFFERS } else { 0 };
        out.push((kind_code(self.kind) << 2) | flags);
        out.put_text(self.id);
        if differs {
            out.put_text(self.primary);
        }
    }

    pub(super) fn decode(bytes: &'a [u8]) -> Result<Self, Corrupt> {
        let mut decoder = Decoder::new(bytes);
        let feed = decoder.number32()?;
        let flags = decoder.byte()?;
        let kind = kind(flags >> 2)?;
        let id = decoder.text()?;
        let primary = if flags & PRIMARY_DIFFERS != 0 { decoder.text()? } else { id };
        Ok(Self { feed, kind, withdrawn: flags & WITHDRAWN != 0, id, primary })
    }
}

fn kind_code(kind: AdvisoryKind) -> u8 {
    match kind {
        AdvisoryKind::Vulnerability => 0,
        AdvisoryKind::Malicious => 1,
        AdvisoryKind::Unmaintained => 2,
        AdvisoryKind::Notice => 3,
    }
}

fn kind(code: u8) -> Result<AdvisoryKind, Corrupt> {
    Ok(match code {
        0 => AdvisoryKind::Vulnerability,
        1 => AdvisoryKind::Malicious,
        2 => AdvisoryKind::Unmaintained,
        3 => AdvisoryKind::Notice,
        _ => return Err(Corrupt("a kind of advisory is unknown")),
    })
}

/// Everything an advisory says of itself, its id and packages aside.
pub(super) fn encode_details(advisory: &Advisory, out: &mut Vec<u8>) {
    out.push(kind_code(advisory.kind));
    out.put_texts(&advisory.aliases);
    out.put_texts(&advisory.errata);
    out.put_text(&advisory.title);
    out.put_text(&advisory.url);
    out.put_time(advisory.published);
    out.put_time(advisory.modified);
    out.put_time(advisory.withdrawn);
    out.put_number(advisory.ratings.len() as u64);
    for rating in &advisory.ratings {
        encode_rating(rating, out);
    }
    out.put_texts(&advisory.cwes);
}

/// The inverse of [`encode_details`]; id and packages stay empty.
pub(super) fn decode_details(decoder: &mut Decoder) -> Result<Advisory, Corrupt> {
    Ok(Advisory {
        id: String::new(),
        kind: kind(decoder.byte()?)?,
        aliases: decoder.texts()?,
        errata: decoder.texts()?,
        title: decoder.text()?.to_owned(),
        url: decoder.text()?.to_owned(),
        published: decoder.time()?,
        modified: decoder.time()?,
        withdrawn: decoder.time()?,
        ratings: {
            let count = decoder.count()?;
            (0..count).map(|_| decode_rating(decoder)).collect::<Result<_, _>>()?
        },
        cwes: decoder.texts()?,
        affected: Vec::new(),
    })
}

/// One rating with its texts in place; also the order that ratings are sorted by.
pub(super) fn encode_rating(rating: &Rating, out: &mut Vec<u8>) {
    out.put_text(&rating.source);
    out.push(severity_code(rating.level) << 1 | u8::from(rating.cvss.is_some()));
    if let Some(cvss) = &rating.cvss {
        out.put_text(&cvss.version);
        out.put_text(&cvss.vector);
        out.put_score(cvss.score);
        out.put_text(&cvss.source);
    }
}

fn decode_rating(decoder: &mut Decoder) -> Result<Rating, Corrupt> {
    let source = decoder.text()?.to_owned();
    let flags = decoder.byte()?;
    let cvss = match flags & 1 {
        0 => None,
        _ => Some(Cvss {
            version: decoder.text()?.to_owned(),
            vector: decoder.text()?.to_owned(),
            score: decoder.score()?,
            source: decoder.text()?.to_owned(),
        }),
    };
    Ok(Rating { source, level: severity(flags >> 1)?, cvss })
}

/// What is said of versions, with strings as numbers: of the writer while feeds are read, of a package's own sorted
/// list of strings in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Body {
    pub(super) kind: Option<u32>,
    pub(super) module: Option<u32>,
    pub(super) architectures: Box<[u32]>,
    pub(super) status: Status,
    pub(super) ranges: Box<[BodyRange]>,
    pub(super) versions: Box<[u32]>,
    pub(super) fixed_at: Option<Timestamp>,
    pub(super) symbols: Box<[u32]>,
}

/// [`Range`] with strings as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct BodyRange {
    pub(super) introduced: Option<u32>,
    pub(super) after: Option<u32>,
    pub(super) end: BodyEnd,
}

/// [`End`] with strings as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum BodyEnd {
    Open,
    Fixed(u32),
    LastAffected(u32),
}

const END_OPEN: u64 = 0;
const END_FIXED: u64 = 1;
const END_LAST_AFFECTED: u64 = 2;
const HAS_AFTER: u64 = 4;

impl Body {
    /// Every string it uses.
    pub(super) fn strings(&self) -> impl Iterator<Item = u32> {
        let ends = self.ranges.iter().filter_map(|range| match range.end {
            BodyEnd::Open => None,
            BodyEnd::Fixed(version) | BodyEnd::LastAffected(version) => Some(version),
        });
        let lists = [&self.architectures, &self.versions, &self.symbols].into_iter().flat_map(|list| list.iter().copied());
        let starts = self.ranges.iter().flat_map(|range| range.introduced.into_iter().chain(range.after));
        lists.chain(self.kind).chain(self.module).chain(starts).chain(ends)
    }

    /// The body's bytes, each string as `local` numbers it; numbers keep the order of the strings.
    pub(super) fn encode(&self, local: impl Fn(u32) -> u32, out: &mut Vec<u8>) {
        let optional = |string: Option<u32>| string.map_or(0, |string| u64::from(local(string)) + 1);
        let list = |strings: &[u32], out: &mut Vec<u8>| {
            let mut numbers: Vec<u32> = strings.iter().map(|string| local(*string)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            out.put_ascending(numbers.into_iter());
        };
        out.push(status_code(self.status));
        out.put_number(optional(self.kind));
        out.put_number(optional(self.module));
        list(&self.architectures, out);
        out.put_number(self.ranges.len() as u64);
        for range in &self.ranges {
            let (tag, end) = match range.end {
                BodyEnd::Open => (END_OPEN, 0),
                BodyEnd::Fixed(version) => (END_FIXED, u64::from(local(version))),
                BodyEnd::LastAffected(version) => (END_LAST_AFFECTED, u64::from(local(version))),
            };
            let after = if range.after.is_some() { HAS_AFTER } else { 0 };
            out.put_number(optional(range.introduced));
            out.put_number(end << 3 | after | tag);
            if range.after.is_some() {
                out.put_number(optional(range.after));
            }
        }
        list(&self.versions, out);
        out.put_time(self.fixed_at);
        list(&self.symbols, out);
    }
}

fn status_code(status: Status) -> u8 {
    match status {
        Status::Affected => 0,
        Status::NotAffected => 1,
        Status::WontFix => 2,
        Status::EndOfLife => 3,
        Status::UnderInvestigation => 4,
        Status::Unread => 5,
    }
}

fn status(code: u8) -> Result<Status, Corrupt> {
    Ok(match code {
        0 => Status::Affected,
        1 => Status::NotAffected,
        2 => Status::WontFix,
        3 => Status::EndOfLife,
        4 => Status::UnderInvestigation,
        5 => Status::Unread,
        _ => return Err(Corrupt("a status is unknown")),
    })
}

/// Splits a key of the package table into namespace and name.
pub(super) fn package_key(key: &[u8]) -> Result<(&str, &str), Corrupt> {
    let key = std::str::from_utf8(key).map_err(|_| Corrupt("a text is not UTF-8"))?;
    key.rsplit_once('\0').map(|(name, namespace)| (namespace, name)).ok_or(Corrupt("a key names no package"))
}

/// What is said of one package: bodies, and which advisory says which.
pub(super) struct PackageRecord {
    /// Bodies that several advisories may share.
    pub(super) bodies: Vec<Arc<Affected>>,
    /// Advisory number and number of the body, in ascending order.
    pub(super) entries: Vec<(u32, u32)>,
}

/// Reads the record of one package, or only what `wanted` of its advisories say.
pub(super) fn decode_package(bytes: &[u8], namespace: &str, name: &str, wanted: Option<u32>) -> Result<PackageRecord, Corrupt> {
    let mut decoder = Decoder::new(bytes);
    let entry_count = decoder.count()?;
    let mut entries = Vec::with_capacity(entry_count);
    let mut last = 0_u32;
    for _ in 0..entry_count {
        last = last.checked_add(decoder.number32()?).ok_or(Corrupt("a number is too large"))?;
        entries.push((last, decoder.number32()?));
    }
    if let Some(wanted) = wanted {
        entries.retain(|(advisory, _)| *advisory == wanted);
    }
    let string_count = decoder.count()?;
    let mut strings = Vec::with_capacity(string_count);
    for _ in 0..string_count {
        strings.push(decoder.text()?);
    }
    let mut reader = BodyReader { decoder, strings, budget: PACKAGE_LIMIT };
    let body_count = reader.decoder.count()?;
    let mut bodies = Vec::with_capacity(body_count);
    for _ in 0..body_count {
        bodies.push(Arc::new(reader.body(namespace, name)?));
    }
    if entries.iter().any(|(_, body)| *body as usize >= bodies.len()) {
        return Err(Corrupt("an entry speaks of a range that is not there"));
    }
    Ok(PackageRecord { bodies, entries })
}

struct BodyReader<'a> {
    decoder: Decoder<'a>,
    strings: Vec<&'a str>,
    /// How many more bytes this record may come to: its strings can be named any number of times.
    budget: usize,
}

impl BodyReader<'_> {
    fn string(&mut self, number: u64) -> Result<String, Corrupt> {
        let string = usize::try_from(number).ok().and_then(|number| self.strings.get(number));
        let string = string.ok_or(Corrupt("a record speaks of a string that is not there"))?;
        self.budget = self
            .budget
            .checked_sub(string.len() + size_of::<String>())
            .ok_or(Corrupt("a package's record is larger than this program reads"))?;
        Ok((*string).to_owned())
    }

    fn optional(&mut self) -> Result<Option<String>, Corrupt> {
        match self.decoder.number()? {
            0 => Ok(None),
            number => self.string(number - 1).map(Some),
        }
    }

    fn list(&mut self) -> Result<Vec<String>, Corrupt> {
        self.decoder.ascending()?.into_iter().map(|number| self.string(u64::from(number))).collect()
    }

    fn body(&mut self, namespace: &str, name: &str) -> Result<Affected, Corrupt> {
        self.budget = self
            .budget
            .checked_sub(namespace.len() + name.len() + size_of::<Affected>())
            .ok_or(Corrupt("a package's record is larger than this program reads"))?;
        let status = status(self.decoder.byte()?)?;
        let kind = match self.optional()? {
            Some(kind) => Some(kind.parse::<PackageType>().map_err(|_| Corrupt("a package type is unknown"))?),
            None => None,
        };
        Ok(Affected {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            kind,
            status,
            module: self.optional()?,
            architectures: self.list()?,
            ranges: {
                let count = self.decoder.count()?;
                (0..count).map(|_| self.range()).collect::<Result<_, _>>()?
            },
            versions: self.list()?,
            fixed_at: self.decoder.time()?,
            symbols: self.list()?,
        })
    }

    fn range(&mut self) -> Result<Range, Corrupt> {
        let introduced = self.optional()?;
        let number = self.decoder.number()?;
        let after = if number & HAS_AFTER != 0 { self.optional()? } else { None };
        let end = match number & 3 {
            END_OPEN => End::Open,
            END_FIXED => End::Fixed(self.string(number >> 3)?),
            END_LAST_AFFECTED => End::LastAffected(self.string(number >> 3)?),
            _ => return Err(Corrupt("the end of a range is unknown")),
        };
        Ok(Range { introduced, after, end })
    }
}

const PUBLISHED: u8 = 1;
const RATED: u8 = 2;
const KEV: u8 = 4;
const EPSS: u8 = 8;
const EXPLOIT: u8 = 16;
const SSVC: u8 = 32;
const TITLED: u8 = 64;

/// Facts; texts that many CVEs share go through `intern`.
pub(super) fn encode_facts(facts: &CveFacts, mut intern: impl FnMut(&str) -> u32, out: &mut Vec<u8>) {
    let mut put = |text: &str, out: &mut Vec<u8>| out.put_number(u64::from(intern(text)));
    let flag = |present: bool, flag: u8| if present { flag } else { 0 };
    out.push(
        flag(facts.published.is_some(), PUBLISHED)
            | flag(!facts.ratings.is_empty() || !facts.cwes.is_empty(), RATED)
            | flag(facts.kev.is_some(), KEV)
            | flag(facts.epss.is_some(), EPSS)
            | flag(facts.exploit.is_some(), EXPLOIT)
            | flag(facts.ssvc.is_some(), SSVC)
            | flag(!facts.title.is_empty(), TITLED),
    );
    if !facts.title.is_empty() {
        out.put_text(&facts.title);
    }
    if facts.published.is_some() {
        out.put_time(facts.published);
    }
    if !facts.ratings.is_empty() || !facts.cwes.is_empty() {
        out.put_number(facts.ratings.len() as u64);
        for rating in &facts.ratings {
            put(&rating.source, out);
            out.push(severity_code(rating.level) << 1 | u8::from(rating.cvss.is_some()));
            if let Some(cvss) = &rating.cvss {
                put(&cvss.version, out);
                put(&cvss.vector, out);
                out.put_score(cvss.score);
                put(&cvss.source, out);
            }
        }
        out.put_number(facts.cwes.len() as u64);
        for cwe in &facts.cwes {
            put(cwe, out);
        }
    }
    if let Some(kev) = &facts.kev {
        put(&kev.date_added, out);
        out.push(u8::from(kev.ransomware));
    }
    if let Some(epss) = &facts.epss {
        out.put_score(epss.score);
        out.put_score(epss.percentile);
        put(&epss.date, out);
    }
    if let Some(exploit) = &facts.exploit {
        put(&exploit.level, out);
        out.put_number(u64::from(exploit.count));
    }
    if let Some(ssvc) = &facts.ssvc {
        put(&ssvc.exploitation, out);
        out.push(u8::from(ssvc.automatable));
        put(&ssvc.technical_impact, out);
    }
}

/// The inverse of [`encode_facts`].
pub(super) fn decode_facts<'a>(
    id: &str,
    bytes: &'a [u8],
    strings: impl Fn(u32) -> Result<&'a str, Corrupt>,
) -> Result<CveFacts, Corrupt> {
    let mut decoder = Decoder::new(bytes);
    let text = |decoder: &mut Decoder| decoder.number32().and_then(&strings).map(str::to_owned);
    let flags = decoder.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let mut facts = CveFacts { id: id.to_owned(), ..CveFacts::default() };
    if has(TITLED) {
        decoder.text()?.clone_into(&mut facts.title);
    }
    if has(PUBLISHED) {
        facts.published = decoder.time()?;
    }
    if has(RATED) {
        for _ in 0..decoder.count()? {
            let source = text(&mut decoder)?;
            let flags = decoder.byte()?;
            let cvss = match flags & 1 {
                0 => None,
                _ => Some(Cvss {
                    version: text(&mut decoder)?,
                    vector: text(&mut decoder)?,
                    score: decoder.score()?,
                    source: text(&mut decoder)?,
                }),
            };
            facts.ratings.push(Rating { source, level: severity(flags >> 1)?, cvss });
        }
        for _ in 0..decoder.count()? {
            facts.cwes.push(text(&mut decoder)?);
        }
    }
    if has(KEV) {
        facts.kev = Some(Kev { date_added: text(&mut decoder)?, ransomware: decoder.byte()? != 0 });
    }
    if has(EPSS) {
        facts.epss = Some(Epss { score: decoder.score()?, percentile: decoder.score()?, date: text(&mut decoder)? });
    }
    if has(EXPLOIT) {
        facts.exploit = Some(ExploitCode { level: text(&mut decoder)?, count: decoder.number32()? });
    }
    if has(SSVC) {
        facts.ssvc = Some(Ssvc {
            exploitation: text(&mut decoder)?,
            automatable: decoder.byte()? != 0,
            technical_impact: text(&mut decoder)?,
        });
    }
    Ok(facts)
}

/// One VEX statement.
pub(super) fn encode_vex(statement: &VexStatement, out: &mut Vec<u8>) {
    out.push(match statement.status {
        VexStatus::NotAffected => 0,
        VexStatus::Affected => 1,
        VexStatus::Fixed => 2,
        VexStatus::UnderInvestigation => 3,
    });
    out.put_text(&statement.vulnerability);
    out.put_texts(&statement.aliases);
    out.put_text(&statement.justification);
    out.put_text(&statement.statement);
    out.put_text(&statement.author);
    out.put_time(statement.timestamp);
    out.put_number(statement.products.len() as u64);
    for product in &statement.products {
        out.put_text(&product.id);
        out.put_texts(&product.subcomponents);
    }
}

/// The inverse of [`encode_vex`].
pub(super) fn decode_vex(decoder: &mut Decoder) -> Result<VexStatement, Corrupt> {
    let status = match decoder.byte()? {
        0 => VexStatus::NotAffected,
        1 => VexStatus::Affected,
        2 => VexStatus::Fixed,
        3 => VexStatus::UnderInvestigation,
        _ => return Err(Corrupt("a VEX status is unknown")),
    };
    Ok(VexStatement {
        // Readers of reports go by the feed; ids would make the database grow for nobody.
        id: String::new(),
        status,
        vulnerability: decoder.text()?.to_owned(),
        aliases: decoder.texts()?,
        justification: decoder.text()?.to_owned(),
        statement: decoder.text()?.to_owned(),
        author: decoder.text()?.to_owned(),
        timestamp: decoder.time()?,
        products: {
            let count = decoder.count()?;
            let product = |decoder: &mut Decoder| -> Result<VexProduct, Corrupt> {
                Ok(VexProduct { id: decoder.text()?.to_owned(), subcomponents: decoder.texts()? })
            };
            (0..count).map(|_| product(decoder)).collect::<Result<_, _>>()?
        },
    })
}
