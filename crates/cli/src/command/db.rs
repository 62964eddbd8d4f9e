//! `plimsoll db …`: the advisory database.

use std::fmt::Write as _;

use anyhow::Context;

use crate::args::Global;
use crate::args::db::{Build, Db, DbVerb, Info, Search};
use crate::exit::Exit;
use crate::{database, printer, progress};

/// Runs the verb.
pub fn run(global: &Global, db: &Db) -> anyhow::Result<Exit> {
    match &db.verb {
        DbVerb::Build(arguments) => build(global, arguments),
        DbVerb::Info(arguments) => info(global, arguments),
        DbVerb::Search(arguments) => search(global, arguments),
    }
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
    let summary = summary?;
    if !global.quiet {
        for problem in &summary.problems {
            printer::note(&format!("warning: {problem}"));
        }
    }
    let mut text = feeds_table(&summary.info);
    let _ = writeln!(text, "{}: {:.1} MB", output.display(), summary.bytes as f64 / 1e6);
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}

/// One line a feed: name, date, records.
fn feeds_table(info: &model::report::DatabaseInfo) -> String {
    let width = info.feeds.iter().map(|feed| feed.name.len()).max().unwrap_or(0).max(4);
    let mut text = format!("{:width$}  {:10}  {:>8}\n", "FEED", "AS OF", "RECORDS");
    for feed in &info.feeds {
        let _ = writeln!(text, "{:width$}  {:10}  {:>8}", feed.name, feed.as_of, feed.records);
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
        let feeds: Vec<_> =
            info.feeds.iter().map(|feed| serde_json::json!({"name": feed.name, "as_of": feed.as_of, "records": feed.records})).collect();
        let mut text = serde_json::to_string_pretty(&serde_json::json!({"built": built, "sha256": sha256, "kind": info.kind, "feeds": feeds}))?;
        text.push('\n');
        text
    } else {
        let unknown = || "unknown".to_owned();
        let mut text = format!("file    {}\nkind    {}\nbuilt   {}\nsha256  {}\n\n", global.database().display(), info.kind, built.unwrap_or_else(unknown), sha256.unwrap_or_else(unknown));
        text.push_str(&feeds_table(info));
        text
    };
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}

fn search(global: &Global, arguments: &Search) -> anyhow::Result<Exit> {
    let database = database::existing(global)?;
    let text = database.search(&arguments.query)?.to_string();
    anyhow::ensure!(!text.is_empty(), "the database knows nothing of `{}`; give a package URL (pkg:deb/debian/openssl) or an id (CVE-2021-44228)", arguments.query);
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}
