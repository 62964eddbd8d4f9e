//! `plimsoll convert FILE`: the report of another scanner, or a stored one of ours, ranked, gated and written like a scan.

use anyhow::ensure;
use jiff::Timestamp;
use matcher::MatchOptions;
use report::Format;
use report::stored::Author;

use crate::args::Global;
use crate::args::scan::Update;
use crate::args::stored::Convert;
use crate::baseline::Baseline;
use crate::command::scan::say_why;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::gate::{Asked, StoredIn};
use crate::judge::{Gates, Judge, SettingAside, worse};
use crate::output::Outputs;
use crate::{database, in_use, stored};

/// Runs the verb. A report of ours stays as it is, but for what the flags ask; to one of another scanner the database adds
/// what it knows of exploitation.
pub fn run(global: &Global, convert: &Convert) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&convert.output, Format::Table)?;
    let filter = Filter::new(&convert.filters)?;
    let baseline = convert.baseline.as_deref().map(Baseline::read).transpose()?;
    let setting_aside = SettingAside::read(&convert.told, baseline)?;
    let asked = Asked::by(&convert.gates)?;
    let usage = convert.told.in_use.as_deref().map(in_use::read).transpose()?;
    let options = MatchOptions { now: Timestamp::now(), max_db_age: global.max_db_age, kernel_headers: false };
    let file = stored::read(&convert.file, "the report")?;
    let foreign = file.content.author != Author::Plimsoll;
    let chosen = if foreign { Some(database::for_scan(global, Update::Never, None)?) } else { None };
    let (mut reports, mut exit, mut used) = (Vec::with_capacity(file.content.reports.len()), Exit::Done, false);
    for mut report in file.content.reports {
        if let Some(chosen) = &chosen {
            stored::adopt(&mut report, chosen)?;
        }
        let usage = usage.as_ref().filter(|usage| in_use::is_of(usage, &report.image));
        used |= usage.is_some();
        // What a report of ours says was ranked when it was written.
        if foreign || usage.is_some() {
            stored::rank(&mut report, usage);
        }
        let judge = Judge {
            options: &options,
            gates: Gates::new(&convert.gates, asked.as_ref()),
            filter: &filter,
            usage,
            setting_aside: &setting_aside,
            index_digest: file.content.index.and_then(|index| index.digest),
            licenses: false,
        };
        let stored = StoredIn { digest: file.digest, created: stored::created(file.content.author, &report) };
        let database = chosen.as_ref().map(|chosen| &chosen.database);
        let (report, answer) = judge.conclude(report, None, database, Some(&stored))?;
        reports.push(report);
        exit = worse(exit, answer);
    }
    ensure!(usage.is_none() || used, "the usage file is about another image than {}", convert.file.display());
    outputs.write(global, &reports, file.content.index)?;
    say_why(exit, &reports, &outputs, global);
    Ok(exit)
}
