//! `plimsoll scan IMAGE`: inventory, match, gate, report.

use anyhow::Context;
use jiff::Timestamp;
use matcher::MatchOptions;
use model::report::{DatabaseInfo, FeedInfo, Report};
use model::usage::Usage;
use report::Format;

use crate::args::Global;
use crate::args::scan::Scan;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::output::Outputs;
use crate::subject::Subject;
use crate::{database, explain, fail_on, in_use, printer, subject};

/// Runs the verb.
pub fn run(global: &Global, scan: &Scan) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&scan.output, Format::Table)?;
    let filter = Filter::new(&scan.filters)?;
    let usage = scan.in_use.as_deref().map(in_use::read).transpose()?;
    let subjects = subject::take(global, &scan.target, &in_use::paths(usage.as_ref()))?;
    if let (Some(usage), Some(path)) = (&usage, &scan.in_use) {
        in_use::check(usage, path, &subjects.all)?;
    }
    let chosen =
        database::for_scan(global, scan.update, subjects.all.iter().find_map(|subject| subject.inventory.distro.as_ref()))?;
    let options = MatchOptions { now: Timestamp::now(), max_db_age: global.max_db_age, kernel_headers: scan.kernel_headers };

    if let Some(id) = &scan.explain {
        explain::run(id, &subjects.all, &chosen.database, &options, &outputs)?;
        return Ok(Exit::Done);
    }

    let mut reports = Vec::with_capacity(subjects.all.len());
    let mut exit = Exit::Done;
    for subject in subjects.all {
        let (report, answer) = judge(subject, &chosen, &options, scan, &filter, usage.as_ref())?;
        reports.push(report);
        exit = worse(exit, answer);
    }
    outputs.write(global, &reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }))?;
    say_why(exit, &reports, &outputs, global);
    Ok(exit)
}

/// A definite no outweighs an answer that cannot be given.
fn worse(left: Exit, right: Exit) -> Exit {
    let rank = |exit| match exit {
        Exit::Done => 0,
        Exit::Undetermined => 1,
        Exit::Refused => 2,
    };
    if rank(left) >= rank(right) { left } else { right }
}

fn judge(
    subject: Subject,
    chosen: &database::Chosen,
    options: &MatchOptions,
    scan: &Scan,
    filter: &Filter<'_>,
    usage: Option<&Usage>,
) -> anyhow::Result<(Report, Exit)> {
    let Subject { image, inventory } = subject;
    let mut matched = matcher::match_inventory(&inventory, &chosen.database, options)?;
    let usage = usage.filter(|usage| in_use::is_of(usage, &image));
    matcher::rank(&mut matched.findings, &matcher::Context { image: &image, inventory: &inventory, usage });
    let mut report = inventory_report(image, &inventory)?;
    report.database = chosen.database.info().clone();
    report.coverage = matched.coverage;
    report.warnings.extend(matched.warnings);
    report.warnings.extend(chosen.warnings.iter().cloned());
    report.warnings.sort();
    report.warnings.dedup();
    let mut exit = Exit::Done;
    if !scan.fail_on.is_empty() {
        let doubt = |feed: &FeedInfo| model::coverage::too_old(&feed.name, &feed.as_of, options.now, options.max_db_age);
        let (decision, answer) =
            fail_on::judge(&scan.fail_on, &report, &matched.findings, &inventory.unread, &doubt, scan.allow_undetermined);
        report.decision = Some(decision);
        exit = answer;
    }
    let (shown, hidden) = filter.apply(&matched.findings);
    report.findings = Some(shown);
    report.hidden_by_filters = hidden;
    Ok((report, exit))
}

/// A report that holds an inventory and nothing judged yet.
pub fn inventory_report(image: model::image::ImageInfo, inventory: &model::inventory::Inventory) -> anyhow::Result<Report> {
    let distro = inventory.distro.as_ref();
    let mut packages: Vec<(String, model::package::Package)> =
        inventory.packages.iter().map(|package| (model::purl::of(package, distro), package.clone())).collect();
    packages.sort_by(|left, right| (&left.0, &left.1.locations).cmp(&(&right.0, &right.1.locations)));
    Ok(Report {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        created: created()?,
        image,
        distro: inventory.distro.clone(),
        distro_eol: distro
            .and_then(model::distro::Distro::namespace)
            .and_then(|namespace| advisory::eol::distro_eol(&namespace))
            .map(str::to_owned),
        database: DatabaseInfo { kind: "none".to_owned(), ..DatabaseInfo::default() },
        coverage: Vec::new(),
        packages,
        findings: None,
        hidden_by_filters: 0,
        warnings: inventory.problems.clone(),
        unread: inventory.unread.clone(),
        decision: None,
    })
}

/// Now, or the time that a reproducible build sets (<https://reproducible-builds.org/specs/source-date-epoch/>).
fn created() -> anyhow::Result<Timestamp> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) if !seconds.is_empty() => seconds
            .parse()
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .context("SOURCE_DATE_EPOCH is no number of seconds since 1970"),
        // Whole seconds: nobody needs more, and readers of reports differ in how many digits they take.
        _ => Ok(Timestamp::from_second(Timestamp::now().as_second())?),
    }
}

/// On standard error, one line on why the exit code is not 0, where the table does not say it.
fn say_why(exit: Exit, reports: &[Report], outputs: &Outputs, global: &Global) {
    if exit == Exit::Done || global.quiet || outputs.is_table_on_terminal() {
        return;
    }
    let reasons: Vec<_> =
        reports.iter().filter_map(|report| report.decision.as_ref()).flat_map(|decision| &decision.reasons).collect();
    if let Some(first) = reasons.first() {
        let more = if reasons.len() > 1 { format!(" and {} more", reasons.len() - 1) } else { String::new() };
        let what = if exit == Exit::Undetermined { "cannot be told" } else { "refused" };
        printer::error(&format!("{what}: {} ({}){more}", first.message, first.rule));
    }
}
