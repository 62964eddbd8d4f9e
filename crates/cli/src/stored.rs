//! Reports that lie in files, ours and those of other scanners.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, ensure};
use jiff::Timestamp;
use matcher::{Context as Ranking, MatchOptions};
use model::coverage::Coverage;
use model::digest::Digest;
use model::inventory::Inventory;
use model::report::Report;
use report::stored::{Author, Stored};
use sha2::{Digest as _, Sha256};

use crate::database::Chosen;
use crate::gate::{self, MAX_REPORT};

/// A file of reports.
pub struct File {
    /// What it holds.
    pub content: Stored,
    /// The file's content.
    pub bytes: Vec<u8>,
    /// Digest of the file.
    pub digest: Digest,
}

/// Reads a file of reports, `-` for standard input. `what` it is called in errors, such as `the baseline`.
pub fn read(path: &Path, what: &str) -> anyhow::Result<File> {
    let name = path.display();
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(MAX_REPORT + 1).read_to_end(&mut bytes).map(|_| bytes)
    } else {
        gate::bytes(path, MAX_REPORT + 1)
    };
    let bytes = bytes.with_context(|| format!("{what} {name} could not be read"))?;
    ensure!(bytes.len() as u64 <= MAX_REPORT, "{what} {name} is larger than {} GB", MAX_REPORT >> 30);
    let content = report::stored::read(&bytes).map_err(|error| anyhow::anyhow!("{what} {name}: {error}"))?;
    Ok(File { content, digest: digest(&bytes), bytes })
}

/// The SHA-256 of bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    Digest::Sha256(Sha256::digest(bytes).into())
}

/// Whose report a target is, told by its content; `None` for images, and for what is no file.
pub fn author(target: &str) -> Option<Author> {
    let path = Path::new(target);
    if !path.is_file() {
        return None;
    }
    // Images and their archives are told apart by their first bytes, however large they are.
    let first = gate::bytes(path, 4096).ok()?;
    let text = String::from_utf8_lossy(&first);
    if !text.trim_start().starts_with('{') {
        return None;
    }
    // One that is cut off is still a report of ours, so that the error is told as that of a report.
    if ["report/v1", "index/v1"].iter().any(|name| text.contains(&format!("\"plimsoll.{name}\""))) {
        return Some(Author::Plimsoll);
    }
    report::stored::author(&gate::bytes(path, MAX_REPORT).ok()?)
}

/// Makes the report of another scanner ours: adds what the database knows of its CVEs, and ranks.
pub fn adopt(report: &mut Report, chosen: &Chosen) -> anyhow::Result<()> {
    if let Some(findings) = &mut report.findings {
        matcher::add_facts(findings, &chosen.database)?;
    }
    let info = chosen.database.info();
    report.database.sha256 = info.sha256;
    report.database.feeds.extend(info.feeds.iter().cloned());
    report.database.feeds.sort_by(|left, right| left.name.cmp(&right.name));
    report.warnings.extend(chosen.warnings.iter().cloned());
    let namespace = report.distro.as_ref().and_then(model::distro::Distro::namespace);
    report.distro_eol = namespace.and_then(|namespace| advisory::eol::distro_eol(&namespace)).map(str::to_owned);
    Ok(())
}

/// Puts findings into the order of work, by what a report itself knows.
pub fn rank(report: &mut Report, usage: Option<&model::usage::Usage>) {
    let Some(mut findings) = report.findings.take() else { return };
    let inventory = Inventory {
        distro: report.distro.clone(),
        packages: report.packages.iter().map(|(_, package)| package.clone()).collect(),
        ..Inventory::default()
    };
    matcher::rank(&mut findings, &Ranking { image: &report.image, inventory: &inventory, usage });
    report.findings = Some(findings);
}

/// What was judged by advisories that are too old by now is undetermined by now.
pub fn age(coverage: &mut [Coverage], options: &MatchOptions) {
    for row in coverage {
        let feed = row.feed.as_deref().unwrap_or("the feed");
        let too_old = |as_of: &str| model::coverage::too_old(feed, as_of, options.now, options.max_db_age);
        if let Some(why) = row.as_of.as_deref().and_then(too_old)
            && row.judged > 0
        {
            row.undetermined += std::mem::take(&mut row.judged);
            if !row.reasons.contains(&why) {
                row.reasons.push(why);
                row.reasons.sort();
            }
        }
    }
}

/// When a report was written, as far as it says.
pub fn created(author: Author, report: &Report) -> Option<Timestamp> {
    (author == Author::Plimsoll || report.created != Timestamp::UNIX_EPOCH).then_some(report.created)
}
