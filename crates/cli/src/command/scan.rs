//! `plimsoll scan IMAGE`: inventory, match, gate, report.

use anyhow::Context;
use jiff::Timestamp;
use matcher::MatchOptions;
use model::report::{DatabaseInfo, Reason, Report};
use report::Format;

use crate::args::Global;
use crate::args::scan::Scan;
use crate::args::scanner::Scanner;
use crate::baseline::Baseline;
use crate::exit::Exit;
use crate::fail_on::Term;
use crate::filter::Filter;
use crate::gate::Asked;
use crate::judge::{Gates, Judge, SettingAside, worse};
use crate::output::Outputs;
use crate::subject::{Looking, Subject, Subjects};
use crate::{database, explain, in_use, printer, secrets, subject};

/// Runs the verb.
pub fn run(global: &Global, scan: &Scan) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&scan.output, Format::Table)?;
    let filter = Filter::new(&scan.filters)?;
    let setting_aside = SettingAside::read(&scan.told, scan.baseline.as_deref().map(Baseline::read).transpose()?)?;
    let asked = Asked::by(&scan.gates)?;
    let usage = scan.told.in_use.as_deref().map(in_use::read).transpose()?;
    let owners_of = in_use::paths(usage.as_ref());
    let licenses = Scanner::License.is_wanted(&scan.only, asked.as_ref().is_some_and(Asked::asks_for_licenses));
    let secrets = Scanner::Secret.is_wanted(&scan.only, true).then(|| secrets::rules(&scan.secrets)).transpose()?;
    let asks = |fact| asked.as_ref().is_some_and(|asked| asked.asks_for(fact));
    let is_gated = scan.gates.fail_on.iter().any(|term| matches!(term, Term::Misconfig(_)));
    let misconfigurations = Scanner::Misconfig.is_wanted(&scan.only, is_gated || asks("misconfigurations"));
    let looking = Looking {
        secrets_by_name: scan.only.contains(&Scanner::Secret),
        owners_of: &owners_of,
        licenses,
        secrets: secrets.as_ref(),
        misconfigurations,
    };
    let subjects = subject::take(global, &scan.target, looking)?;
    if let (Some(usage), Some(path)) = (&usage, &scan.told.in_use) {
        in_use::check(usage, path, &subjects.all)?;
    }
    let options = MatchOptions { now: Timestamp::now(), max_db_age: global.max_db_age, kernel_headers: scan.kernel_headers };
    let distro = subjects.all.iter().find_map(|subject| subject.inventory.distro.as_ref());
    let wants_advisories = Scanner::Vuln.is_wanted(&scan.only, true) || scan.explain.is_some();
    let chosen = wants_advisories.then(|| database::for_scan(global, scan.update, distro)).transpose();
    let chosen = match (chosen, &asked) {
        (Ok(chosen), _) => chosen,
        (Err(error), Some(asked)) if scan.explain.is_none() => {
            return without_database(global, subjects, &outputs, asked, &error, &options, licenses);
        }
        (Err(error), _) => return Err(error),
    };

    let judge = Judge {
        options: &options,
        gates: Gates::new(&scan.gates, asked.as_ref()),
        filter: &filter,
        usage: usage.as_ref(),
        setting_aside: &setting_aside,
        index_digest: subjects.index_digest,
        licenses,
    };
    if let (Some(id), Some(chosen)) = (&scan.explain, &chosen) {
        explain::run(id, subjects.all, chosen, &judge, &outputs)?;
        return Ok(Exit::Done);
    }

    let mut reports = Vec::with_capacity(subjects.all.len());
    let mut exit = Exit::Done;
    for subject in subjects.all {
        let (report, answer) = judge.run(subject, chosen.as_ref())?;
        reports.push(report);
        exit = worse(exit, answer);
    }
    outputs.write(global, &reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }))?;
    say_why(exit, &reports, &outputs, global);
    Ok(exit)
}

/// To a policy a database that cannot be used is missing evidence: what was found installed is written, with a deny.
fn without_database(
    global: &Global,
    subjects: Subjects,
    outputs: &Outputs,
    asked: &Asked<'_>,
    error: &anyhow::Error,
    options: &MatchOptions,
    licenses: bool,
) -> anyhow::Result<Exit> {
    let mut reports = Vec::with_capacity(subjects.all.len());
    for Subject { image, inventory, misconfigurations, .. } in subjects.all {
        let mut report = inventory_report(image, &inventory)?;
        report.misconfigurations = misconfigurations;
        report.warnings.push(error.to_string());
        if licenses {
            report.look_at_licenses();
            asked.judge_licenses(&mut report);
        }
        report.decision = Some(asked.refuse("database", error, options));
        reports.push(report);
    }
    outputs.write(global, &reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }))?;
    say_why(Exit::Refused, &reports, outputs, global);
    Ok(Exit::Refused)
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
        misconfigurations: None,
        pod_security: Vec::new(),
        licenses: None,
        notices: None,
        secrets: inventory.secrets.clone(),
        hidden_by_filters: 0,
        warnings: inventory.problems.clone(),
        unread: inventory.unread.clone(),
        decision: None,
    })
}

/// Now, or the time that a reproducible build sets (<https://reproducible-builds.org/specs/source-date-epoch/>).
pub fn created() -> anyhow::Result<Timestamp> {
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
    say(
        exit,
        reports.iter().filter_map(|report| report.decision.as_ref()).flat_map(|decision| &decision.reasons),
        outputs,
        global,
    );
}

/// The same of reasons, whatever they are about.
pub fn say<'r>(exit: Exit, reasons: impl Iterator<Item = &'r Reason>, outputs: &Outputs, global: &Global) {
    if exit == Exit::Done || global.quiet || outputs.is_table_on_terminal() {
        return;
    }
    let reasons: Vec<_> = reasons.collect();
    if let Some(first) = reasons.first() {
        let more = if reasons.len() > 1 { format!(" and {} more", reasons.len() - 1) } else { String::new() };
        let what = if exit == Exit::Undetermined { "cannot be told" } else { "refused" };
        printer::error(&format!("{what}: {} ({}){more}", first.message, first.rule));
    }
}
