//! `plimsoll diff OLD NEW`: what one image brings and fixes against another; each may be a stored report.

use std::path::Path;

use anyhow::{bail, ensure};
use indexer::secret::SecretRules;
use jiff::Timestamp;
use matcher::MatchOptions;
use model::finding::Finding;
use model::report::Report;
use model::suppression::SuppressionKind;
use report::diff::Diff;
use report::stored::Author;
use report::{Format, RenderOptions};

use crate::args::Global;
use crate::args::scan::{Filters, Target, Update};
use crate::args::stored::Diff as Flags;
use crate::baseline::Baseline;
use crate::command::scan::say_why;
use crate::database::{self, Chosen};
use crate::exit::Exit;
use crate::filter::Filter;
use crate::gate::StoredIn;
use crate::judge::{Gates, Judge, SettingAside};
use crate::output::Outputs;
use crate::subject::Looking;
use crate::{in_use, printer, stored, subject};

/// Runs the verb.
pub fn run(global: &Global, flags: &Flags) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&flags.output, Format::Table)?;
    for (format, _) in outputs.wanted() {
        ensure!(
            matches!(format, Format::Table | Format::Json | Format::Markdown),
            "a difference has no {format} form; use table, json or markdown"
        );
    }
    ensure!(flags.opening.platform.as_deref() != Some("all"), "a difference is of one platform; choose it with --platform");
    let options = MatchOptions { now: Timestamp::now(), max_db_age: global.max_db_age, kernel_headers: false };
    let nothing_known = SettingAside::read(&flags.told, None)?;
    let mut side = Side { global, flags, options: &options, chosen: None };
    let (old, _) = side.look(&flags.old, &nothing_known, Gates::default())?;
    // What the earlier one has is known, as by a baseline, so that the gate judges the new findings alone.
    let baseline = Baseline::of(flags.old.clone(), std::slice::from_ref(&old));
    let known = SettingAside::read(&flags.told, Some(baseline))?;
    let gates = Gates { fail_on: &flags.fail_on, allow_undetermined: flags.allow_undetermined, policy: None };
    let (mut new, exit) = side.look(&flags.new, &known, gates)?;
    let decision = new.decision.take();
    for finding in new.findings.iter_mut().flatten().filter(|finding| by_baseline(finding)) {
        finding.suppressed = None;
    }
    let mut diff = Diff::of(&old, &new);
    diff.decision = decision.as_ref();
    for (format, file) in outputs.wanted() {
        let color = file.is_none() && printer::color(global.no_color);
        let bytes = diff.render(format, &RenderOptions { width: printer::width(), color, index: None })?;
        printer::result(&bytes, file.as_deref())?;
    }
    new.decision = decision;
    say_why(exit, std::slice::from_ref(&new), &outputs, global);
    Ok(exit)
}

fn by_baseline(finding: &Finding) -> bool {
    finding.suppressed.as_ref().is_some_and(|suppressed| suppressed.kind == SuppressionKind::Baseline)
}

/// Where one side comes from.
struct Side<'a> {
    global: &'a Global,
    flags: &'a Flags,
    options: &'a MatchOptions,
    /// Opened once, where a side asks for it.
    chosen: Option<Chosen>,
}

impl Side<'_> {
    /// Scans an image, or reads a stored report, and judges it.
    fn look(&mut self, target: &str, setting_aside: &SettingAside, gates: Gates<'_>) -> anyhow::Result<(Report, Exit)> {
        let filters = Filters::default();
        let filter = Filter::new(&filters)?;
        let usage = self.flags.told.in_use.as_deref().map(in_use::read).transpose()?;
        let mut judge = Judge {
            options: self.options,
            gates,
            filter: &filter,
            usage: usage.as_ref(),
            setting_aside,
            index_digest: None,
            licenses: false,
        };
        if stored::author(target).is_some() {
            let file = stored::read(Path::new(target), "the report")?;
            let author = file.content.author;
            let Ok([mut report]) = <[Report; 1]>::try_from(file.content.reports) else {
                bail!("{target} holds reports of several platforms; write one with `scan --platform os/arch`");
            };
            if author != Author::Plimsoll {
                let chosen = self.chosen()?;
                stored::adopt(&mut report, chosen)?;
                stored::rank(&mut report, None);
            }
            let stored = StoredIn { digest: file.digest, created: stored::created(author, &report) };
            report.decision = None;
            return judge.conclude(report, None, None, Some(&stored));
        }
        let target = Target { image: target.to_owned(), opening: self.flags.opening.clone() };
        let secrets = SecretRules::built_in();
        let owners_of = in_use::paths(usage.as_ref());
        let looking = Looking { owners_of: &owners_of, secrets: Some(&secrets), ..Looking::default() };
        let subjects = subject::take(self.global, &target, looking)?;
        judge.index_digest = subjects.index_digest;
        let mut all = subjects.all;
        let (Some(subject), true) = (all.pop(), all.is_empty()) else {
            bail!("{} is of several platforms; choose one with --platform", target.image);
        };
        judge.run(subject, Some(self.chosen()?))
    }

    fn chosen(&mut self) -> anyhow::Result<&Chosen> {
        if self.chosen.is_none() {
            self.chosen = Some(database::for_scan(self.global, Update::Missing, None)?);
        }
        self.chosen.as_ref().ok_or_else(|| anyhow::anyhow!("there is no database"))
    }
}
