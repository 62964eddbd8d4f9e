//! `plimsoll scan IMAGE`: inventory, match, gate, report.

use anyhow::Context;
use jiff::Timestamp;
use matcher::MatchOptions;
use model::digest::Digest;
use model::finding::Finding;
use model::report::{DatabaseInfo, FeedInfo, Report};
use model::usage::Usage;
use model::vex::VexDocument;
use report::Format;

use crate::args::Global;
use crate::args::scan::Scan;
use crate::exit::Exit;
use crate::filter::Filter;
use crate::output::Outputs;
use crate::subject::Subject;
use crate::{database, exception, explain, fail_on, in_use, printer, subject};

/// Runs the verb.
pub fn run(global: &Global, scan: &Scan) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&scan.output, Format::Table)?;
    let filter = Filter::new(&scan.filters)?;
    let setting_aside = SettingAside { vex: advisory::vex::read(&scan.vex)?, decisions: exception::read(&scan.ignore_file)? };
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
    let judging = Judging {
        chosen: &chosen,
        options: &options,
        scan,
        filter: &filter,
        usage: usage.as_ref(),
        setting_aside: &setting_aside,
        index_digest: subjects.index_digest,
    };
    for subject in subjects.all {
        let (report, answer) = judge(subject, &judging)?;
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

/// What says that findings need not count.
struct SettingAside {
    vex: Vec<VexDocument>,
    decisions: exception::Decisions,
}

impl SettingAside {
    /// Sets findings aside and says what could not be used. A document that was named for this scan goes before what the
    /// database holds, and both before exceptions: where the vendor says why, nobody else needs to.
    fn apply(
        &self,
        findings: &mut [Finding],
        claims: Option<&VexDocument>,
        report: &Report,
        judging: &Judging<'_>,
    ) -> anyhow::Result<Vec<String>> {
        let subject =
            matcher::vex::Subject { image: &report.image, index_digest: judging.index_digest, packages: &report.packages };
        if let Some(claims) = claims {
            matcher::vex::claim(findings, &subject, std::slice::from_ref(claims));
        }
        let of_database = matcher::vex::from_database(findings, &judging.chosen.database)?;
        let mut warnings = matcher::vex::apply(findings, &subject, &self.vex, &of_database);
        warnings.extend(self.decisions.exceptions.apply(findings, &report.image, judging.options.now));
        warnings.extend(self.decisions.warnings.iter().cloned());
        Ok(warnings)
    }
}

/// All that subjects are judged by.
struct Judging<'a> {
    chosen: &'a database::Chosen,
    options: &'a MatchOptions,
    scan: &'a Scan,
    filter: &'a Filter<'a>,
    usage: Option<&'a Usage>,
    setting_aside: &'a SettingAside,
    index_digest: Option<Digest>,
}

fn judge(subject: Subject, judging: &Judging<'_>) -> anyhow::Result<(Report, Exit)> {
    let Judging { chosen, options, scan, filter, usage, setting_aside, .. } = *judging;
    let Subject { image, inventory, claims } = subject;
    let mut matched = matcher::match_inventory(&inventory, &chosen.database, options)?;
    let usage = usage.filter(|usage| in_use::is_of(usage, &image));
    matcher::rank(&mut matched.findings, &matcher::Context { image: &image, inventory: &inventory, usage });
    let mut report = inventory_report(image, &inventory)?;
    report.database = chosen.database.info().clone();
    report.coverage = matched.coverage;
    report.warnings.extend(matched.warnings);
    report.warnings.extend(chosen.warnings.iter().cloned());
    let unused = setting_aside.apply(&mut matched.findings, claims.as_ref(), &report, judging)?;
    report.warnings.extend(unused);
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
