//! `plimsoll scan IMAGE`: inventory, match, gate, report.

use anyhow::Context;
use jiff::Timestamp;
use matcher::MatchOptions;
use model::report::{DatabaseInfo, Decision, FeedInfo, Report};
use model::usage::Usage;
use report::Format;

use crate::args::Global;
use crate::args::scan::Scan;
use crate::exit::Exit;
use crate::fail_on::Term;
use crate::filter::Filter;
use crate::gate::Asked;
use crate::output::Outputs;
use crate::subject::{Subject, Subjects};
use crate::{database, explain, fail_on, gate, in_use, printer, subject};

/// Runs the verb.
pub fn run(global: &Global, scan: &Scan) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&scan.output, Format::Table)?;
    let filter = Filter::new(&scan.filters)?;
    let asked = scan.policy.as_deref().map(|path| Asked::new(path, scan.at, scan.environment.as_deref())).transpose()?;
    let usage = scan.in_use.as_deref().map(in_use::read).transpose()?;
    let subjects = subject::take(global, &scan.target, &in_use::paths(usage.as_ref()))?;
    if let (Some(usage), Some(path)) = (&usage, &scan.in_use) {
        in_use::check(usage, path, &subjects.all)?;
    }
    let options = MatchOptions { now: Timestamp::now(), max_db_age: global.max_db_age, kernel_headers: scan.kernel_headers };
    let distro = subjects.all.iter().find_map(|subject| subject.inventory.distro.as_ref());
    let chosen = match (database::for_scan(global, scan.update, distro), &asked) {
        (Ok(chosen), _) => chosen,
        (Err(error), Some(asked)) if scan.explain.is_none() => {
            return without_database(global, subjects, &outputs, asked, &error, &options);
        }
        (Err(error), _) => return Err(error),
    };

    if let Some(id) = &scan.explain {
        explain::run(id, &subjects.all, &chosen.database, &options, &outputs)?;
        return Ok(Exit::Done);
    }

    let judge = Judge {
        chosen: &chosen,
        options: &options,
        fail_on: &scan.fail_on,
        allow_undetermined: scan.allow_undetermined,
        policy: asked.as_ref(),
        filter: &filter,
        usage: usage.as_ref(),
    };
    let mut reports = Vec::with_capacity(subjects.all.len());
    let mut exit = Exit::Done;
    for subject in subjects.all {
        let (report, answer) = judge.run(subject)?;
        reports.push(report);
        exit = worse(exit, answer);
    }
    outputs.write(global, &reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }))?;
    say_why(exit, &reports, &outputs, global);
    Ok(exit)
}

/// A definite no outweighs an answer that cannot be given.
pub fn worse(left: Exit, right: Exit) -> Exit {
    let rank = |exit| match exit {
        Exit::Done => 0,
        Exit::Undetermined => 1,
        Exit::Refused => 2,
    };
    if rank(left) >= rank(right) { left } else { right }
}

/// To a policy a database that cannot be used is missing evidence: what was found installed is written, with a deny.
fn without_database(
    global: &Global,
    subjects: Subjects,
    outputs: &Outputs,
    asked: &Asked<'_>,
    error: &anyhow::Error,
    options: &MatchOptions,
) -> anyhow::Result<Exit> {
    let mut reports = Vec::with_capacity(subjects.all.len());
    for Subject { image, inventory } in subjects.all {
        let mut report = inventory_report(image, &inventory)?;
        report.warnings.push(error.to_string());
        report.decision = Some(asked.refuse("database", error, options));
        reports.push(report);
    }
    outputs.write(global, &reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }))?;
    say_why(Exit::Refused, &reports, outputs, global);
    Ok(Exit::Refused)
}

/// How subjects are judged.
pub struct Judge<'a> {
    /// By which database.
    pub chosen: &'a database::Chosen,
    /// At which time.
    pub options: &'a MatchOptions,
    /// `--fail-on`.
    pub fail_on: &'a [Term],
    /// `--allow-undetermined`.
    pub allow_undetermined: bool,
    /// `--policy`.
    pub policy: Option<&'a Asked<'a>>,
    /// What is shown.
    pub filter: &'a Filter<'a>,
    /// `--in-use`.
    pub usage: Option<&'a Usage>,
}

impl Judge<'_> {
    /// Matches, ranks and decides; hides what the filters hide last, so that they open no gate.
    pub fn run(&self, subject: Subject) -> anyhow::Result<(Report, Exit)> {
        let Subject { image, inventory } = subject;
        let mut matched = matcher::match_inventory(&inventory, &self.chosen.database, self.options)?;
        let usage = self.usage.filter(|usage| in_use::is_of(usage, &image));
        matcher::rank(&mut matched.findings, &matcher::Context { image: &image, inventory: &inventory, usage });
        let mut report = inventory_report(image, &inventory)?;
        report.database = self.chosen.database.info().clone();
        report.coverage = matched.coverage;
        report.warnings.extend(matched.warnings);
        report.warnings.extend(self.chosen.warnings.iter().cloned());
        report.warnings.sort();
        report.warnings.dedup();
        let mut exit = Exit::Done;
        if !self.fail_on.is_empty() {
            let options = self.options;
            let doubt = |feed: &FeedInfo| model::coverage::too_old(&feed.name, &feed.as_of, options.now, options.max_db_age);
            let (decision, answer) =
                fail_on::judge(self.fail_on, &report, &matched.findings, &inventory.unread, &doubt, self.allow_undetermined);
            report.decision = Some(decision);
            exit = answer;
        }
        report.findings = Some(matched.findings);
        if let Some(asked) = self.policy {
            let decision = asked.decide(&report, self.options);
            exit = worse(exit, gate::exit(&decision));
            report.decision = Some(match report.decision.take() {
                Some(terms) => both(decision, terms),
                None => decision,
            });
        }
        let (shown, hidden) = self.filter.apply(report.findings.as_deref().unwrap_or_default());
        report.findings = Some(shown);
        report.hidden_by_filters = hidden;
        Ok((report, exit))
    }
}

/// A policy's decision and that of `--fail-on`: the worse of both, for the reasons of both.
fn both(mut policy: Decision, terms: Decision) -> Decision {
    policy.outcome = policy.outcome.max(terms.outcome);
    policy.policy = format!("{} and {}", policy.policy, terms.policy);
    policy.reasons.extend(terms.reasons);
    policy
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
pub fn say_why(exit: Exit, reports: &[Report], outputs: &Outputs, global: &Global) {
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
