//! `plimsoll db …`: the advisory database.

use std::fmt::Write as _;
use std::path::Path;

use advisory::build::BuildSummary;
use advisory::database::SearchResult;
use anyhow::Context;
use indicatif::DecimalBytes;
use model::advisory::{Affected, Range, Status};

use crate::args::Global;
use crate::args::db::{Build, Db, DbVerb, Info, Search, Update};
use crate::exit::Exit;
use crate::{bring, database, printer, progress};

/// Problems of one feed that are listed one by one.
const MOST_PROBLEMS: usize = 5;

/// Runs the verb.
pub fn run(global: &Global, db: &Db) -> anyhow::Result<Exit> {
    match &db.verb {
        DbVerb::Update(arguments) => update(global, arguments),
        DbVerb::Build(arguments) => build(global, arguments),
        DbVerb::Info(arguments) => info(global, arguments),
        DbVerb::Search(arguments) => search(global, arguments),
    }
}

fn update(global: &Global, arguments: &Update) -> anyhow::Result<Exit> {
    let output = global.database();
    if let Some(origin) = &arguments.from {
        let info = bring::finished(global, origin, arguments.allow_older)?;
        let mut text = feeds_table(info.feeds.iter().map(|feed| (feed.name.as_str(), feed.as_of.as_str(), feed.records)));
        let _ = writeln!(text, "{}: taken from {origin}", output.display());
        printer::result(text.as_bytes(), None)?;
        return Ok(Exit::Done);
    }
    let (build, notes) = if let Some(distro) = &arguments.distro {
        let target = bring::target(distro)?;
        let (mirror, build) =
            bring::from_mirror(global, &target, &arguments.mirror, arguments.allow_older, bring::Patience::Usual)?;
        let from_binaries = match mirror.from_binaries {
            0 => String::new(),
            count => format!(" ({count} of them read out of binary packages)"),
        };
        let read = format!(
            "{} of {}: {} fixes in {} sources{from_binaries}, from {}",
            mirror.feed,
            mirror.as_of,
            mirror.fixes,
            mirror.sources - mirror.unread,
            mirror.mirrors.join(" and ")
        );
        (build, mirror.notes.into_iter().map(|note| format!("warning: {note}")).chain([read]).collect())
    } else {
        let update = bring::from_feeds(global, arguments.allow_older, bring::Patience::Usual)?;
        let notes = bring::not_reached(&update);
        (update.build, notes.into_iter().map(|note| format!("warning: {note}")).collect::<Vec<_>>())
    };
    if !global.quiet {
        for note in &notes {
            printer::note(note);
        }
    }
    finish_build(global, &build, &output)
}

fn build(global: &Global, arguments: &Build) -> anyhow::Result<Exit> {
    let output = arguments.output.clone().unwrap_or_else(|| global.database());
    if let Some(folder) = output.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("{} could not be made", folder.display()))?;
    }
    let spinner = progress::spinner(global.quiet);
    let tell = |step: &str| spinner.set_message(step.to_owned());
    let summary = if arguments.embedded {
        advisory::build::build_embedded(&arguments.feeds, &output, &tell)
    } else {
        advisory::build::build(&arguments.feeds, &output, &tell)
    };
    spinner.finish_and_clear();
    finish_build(global, &summary?, &output)
}

/// Says what a build could not read, and what came of it.
fn finish_build(global: &Global, summary: &BuildSummary, output: &Path) -> anyhow::Result<Exit> {
    if !global.quiet {
        for feed in &summary.feeds {
            for problem in feed.problems.iter().take(MOST_PROBLEMS) {
                printer::note(&format!("warning: {}: {problem}", feed.name));
            }
            if let Some(more) = feed.problems.len().checked_sub(MOST_PROBLEMS).filter(|more| *more > 0) {
                printer::note(&format!("warning: {}: {more} more of the kind", feed.name));
            }
        }
    }
    let mut text = feeds_table(summary.feeds.iter().map(|feed| (feed.name.as_str(), feed.as_of.as_str(), feed.records)));
    let counts = &summary.database;
    let number = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let _ = writeln!(
        text,
        "{}: {}, {} on {}, facts about {}",
        output.display(),
        DecimalBytes(counts.bytes),
        number(counts.advisories, "advisory", "advisories"),
        number(counts.packages, "package", "packages"),
        number(counts.facts, "CVE", "CVEs")
    );
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}

/// One line a feed: name, date, records.
fn feeds_table<'a>(feeds: impl Iterator<Item = (&'a str, &'a str, u64)> + Clone) -> String {
    let width = feeds.clone().map(|(name, ..)| name.len()).max().unwrap_or(0).max(4);
    let mut text = format!("{:width$}  {:10}  {:>8}\n", "FEED", "AS OF", "RECORDS");
    for (name, as_of, records) in feeds {
        let _ = writeln!(text, "{name:width$}  {as_of:10}  {records:>8}");
    }
    text
}

fn info(global: &Global, arguments: &Info) -> anyhow::Result<Exit> {
    let database = database::existing(global)?;
    if arguments.verify {
        database.verify()?;
    }
    let info = database.info();
    let built = info.built.map(|time| time.to_string());
    let sha256 = info.sha256.map(|digest| digest.to_string());
    let text = if arguments.json {
        let feeds: Vec<_> = info
            .feeds
            .iter()
            .map(|feed| serde_json::json!({"name": feed.name, "as_of": feed.as_of, "records": feed.records}))
            .collect();
        let mut text = serde_json::to_string_pretty(
            &serde_json::json!({"built": built, "sha256": sha256, "kind": info.kind, "feeds": feeds}),
        )?;
        text.push('\n');
        text
    } else {
        let unknown = || "unknown".to_owned();
        let mut text = format!(
            "file    {}\nkind    {}\nbuilt   {}\nsha256  {}\n\n",
            global.database().display(),
            info.kind,
            built.unwrap_or_else(unknown),
            sha256.unwrap_or_else(unknown)
        );
        text.push_str(&feeds_table(info.feeds.iter().map(|feed| (feed.name.as_str(), feed.as_of.as_str(), feed.records))));
        text
    };
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}

fn search(global: &Global, arguments: &Search) -> anyhow::Result<Exit> {
    let database = database::existing(global)?;
    let text = found(&database.search(&arguments.query)?);
    if text.is_empty() {
        printer::note(&format!(
            "the database knows nothing of `{}`; ask for a package URL (pkg:deb/debian/openssl) or an id (CVE-2021-44228)",
            arguments.query
        ));
        return Ok(Exit::Refused);
    }
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}

fn found(result: &SearchResult<'_>) -> String {
    let mut text = String::new();
    match result {
        SearchResult::Id { facts, advisories, .. } => {
            if let Some(facts) = facts {
                let _ = writeln!(text, "{}  {}", facts.id, facts.title);
                for rating in &facts.ratings {
                    let vector =
                        rating.cvss.as_ref().map_or(String::new(), |cvss| format!("  {:.1} {}", cvss.score, cvss.vector));
                    let _ = writeln!(text, "  {:8} {}{vector}", rating.source, rating.severity().unwrap_or_default());
                }
                if let Some(kev) = &facts.kev {
                    let ransomware = if kev.ransomware { ", used by ransomware" } else { "" };
                    let _ = writeln!(text, "  known exploited since {}{ransomware}", kev.date_added);
                }
                if let Some(epss) = &facts.epss {
                    let _ = writeln!(
                        text,
                        "  EPSS {:.3}, higher than {:.1} % of all ({})",
                        epss.score,
                        epss.percentile * 100.0,
                        epss.date
                    );
                }
                if let Some(exploit) = &facts.exploit {
                    let _ = writeln!(text, "  exploit code: {} ({})", exploit.level, exploit.count);
                }
            }
            for record in advisories {
                let advisory = &record.advisory;
                let _ = writeln!(text, "{}  {}  {}", advisory.id, record.feed, advisory.title);
                for affected in &advisory.affected {
                    let _ = writeln!(text, "  {:24} {:32} {}", affected.namespace, affected.name, words(affected));
                }
            }
        }
        SearchResult::Package { entries, .. } => {
            for entry in entries {
                let affected = entry.affected();
                let withdrawn = if entry.is_withdrawn() { " (withdrawn)" } else { "" };
                let _ = writeln!(
                    text,
                    "{:18} {:20} {:24} {}  [{}]{withdrawn}",
                    entry.primary_id(),
                    affected.namespace,
                    affected.name,
                    words(affected),
                    entry.feed()
                );
            }
        }
    }
    text
}

/// What an entry says of which versions, in one line.
fn words(affected: &Affected) -> String {
    let mut parts: Vec<String> = affected.ranges.iter().map(Range::to_string).collect();
    match affected.versions.len() {
        0 => {}
        count if count <= 4 => parts.extend(affected.versions.iter().map(|version| format!("= {version}"))),
        count => parts.push(format!("{count} named versions")),
    }
    let versions = if parts.is_empty() { "every version".to_owned() } else { parts.join(" || ") };
    match affected.status {
        Status::Affected => versions,
        Status::NotAffected => format!("not affected: {versions}"),
        Status::WontFix => format!("{versions}, will not be fixed"),
        Status::EndOfLife => format!("{versions}, end of life"),
        Status::UnderInvestigation => format!("{versions}, under investigation"),
        Status::Unread => format!("not known for {versions}"),
    }
}
