//! `plimsoll gate IMAGE`: one decision, with its reasons. Advisories never come from the network here; whatever is missing
//! (policy, image, database) is a written deny.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::ensure;
use indexer::secret::SecretRules;
use jiff::Timestamp;
use matcher::MatchOptions;
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::platform::Platform;
use model::report::Report;
use policy::Facts;
use report::Format;
use report::stored::Author;

use crate::args::Global;
use crate::args::policy::Gate;
use crate::args::scan::{Filters, Update};
use crate::command::scan::{inventory_report, say_why};
use crate::exit::Exit;
use crate::filter::Filter;
use crate::gate::{self, Asked, StoredIn};
use crate::judge::{Gates, Judge, SettingAside, worse};
use crate::output::Outputs;
use crate::subject::Looking;
use crate::{database, in_use, printer, stored, subject};

/// Runs the verb.
pub fn run(global: &Global, gate: &Gate) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&gate.output, Format::Table)?;
    // Bad usage is told apart from what is missing before anything is looked for.
    if let Some(platform) = gate.target.opening.platform.as_deref().filter(|platform| *platform != "all") {
        platform.parse::<Platform>()?;
    }
    let asked = Asked::new(&gate.policy, gate.at, gate.environment.as_deref())?;
    let options = MatchOptions { now: Timestamp::now(), max_db_age: global.max_db_age, kernel_headers: false };
    let is_stored = stored::author(&gate.target.image) == Some(Author::Plimsoll);
    let told = &gate.told;
    ensure!(
        !is_stored || (told.vex.is_empty() && told.ignore_file.is_empty() && told.in_use.is_none()),
        "a stored report says already what is set aside and in use; give --vex, --ignore-file and --in-use to the scan that writes it"
    );
    let answer = if is_stored { read(gate, &asked, &options) } else { look(global, gate, &asked, &options) };
    let (reports, index, exit) = match answer {
        Ok(answer) => answer,
        Err((what, error)) => {
            let image = ImageInfo { reference: gate.target.image.clone(), ..ImageInfo::default() };
            let mut report = inventory_report(image, &Inventory::default())?;
            report.decision = Some(asked.refuse(what, &error, &options));
            report.warnings.push(error.to_string());
            report.unread.push(error.to_string());
            (vec![report], None, Exit::Refused)
        }
    };
    if gate.output.format.is_empty() {
        printer::result(words(&reports).as_bytes(), gate.output.output.as_deref())?;
    } else {
        outputs.write(global, &reports, index)?;
        say_why(exit, &reports, &outputs, global);
    }
    Ok(exit)
}

type Answer = (Vec<Report>, Option<report::Index>, Exit);

/// Decides upon a stored report, as old as it says it is; on error, what was missing.
fn read(gate: &Gate, asked: &Asked<'_>, options: &MatchOptions) -> Result<Answer, (&'static str, anyhow::Error)> {
    let file = stored::read(Path::new(&gate.target.image), "the report").map_err(|error| ("report", error))?;
    let (mut reports, mut exit) = (file.content.reports, Exit::Done);
    for report in &mut reports {
        let stored = StoredIn { digest: file.digest, created: Some(report.created) };
        let decision = match file.content.index {
            // As it lies there, which is what a report would be rendered to.
            None => asked.decide_upon(Facts::read(&file.bytes).map_err(|error| error.to_string()), options, Some(&stored)),
            Some(_) => asked.decide(report, options, Some(&stored)),
        };
        exit = worse(exit, gate::exit(&decision));
        report.decision = Some(decision);
    }
    Ok((reports, file.content.index, exit))
}

/// Scans and decides; on error, what was missing.
fn look(
    global: &Global,
    gate: &Gate,
    asked: &Asked<'_>,
    options: &MatchOptions,
) -> Result<Answer, (&'static str, anyhow::Error)> {
    let setting_aside = SettingAside::read(&gate.told, None).map_err(|error| ("exceptions", error))?;
    let usage = gate.told.in_use.as_deref().map(in_use::read).transpose().map_err(|error| ("usage", error))?;
    let owners_of = in_use::paths(usage.as_ref());
    let secrets = asked.asks_for("secrets").then(SecretRules::built_in);
    let looking = Looking {
        secrets_by_name: true,
        owners_of: &owners_of,
        licenses: asked.asks_for_licenses(),
        secrets: secrets.as_ref(),
        misconfigurations: asked.asks_for("misconfigurations"),
    };
    let subjects = subject::take(global, &gate.target, looking).map_err(|error| ("image", error))?;
    if let (Some(usage), Some(path)) = (&usage, &gate.told.in_use) {
        in_use::check(usage, path, &subjects.all).map_err(|error| ("usage", error))?;
    }
    let chosen = database::for_scan(global, Update::Never, None).map_err(|error| ("database", error))?;
    let unfiltered = Filters::default();
    let filter = Filter::new(&unfiltered).map_err(|error| ("policy", error))?;
    let judge = Judge {
        options,
        gates: Gates { policy: Some(asked), ..Gates::default() },
        filter: &filter,
        usage: usage.as_ref(),
        setting_aside: &setting_aside,
        index_digest: subjects.index_digest,
        licenses: looking.licenses,
    };
    let (mut reports, mut exit) = (Vec::with_capacity(subjects.all.len()), Exit::Done);
    for subject in subjects.all {
        let (report, answer) = judge.run(subject, Some(&chosen)).map_err(|error| ("database", error))?;
        reports.push(report);
        exit = worse(exit, answer);
    }
    Ok((reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }), exit))
}

/// The decision, for people.
fn words(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        let Some(decision) = &report.decision else { continue };
        let gate = decision.inputs.as_ref().map_or("", |inputs| inputs.gate.as_str());
        let platform = report.image.platform.as_ref().map(|platform| format!(" ({platform})")).unwrap_or_default();
        let _ =
            writeln!(out, "{}: {}{platform} at {gate}, by {}", decision.outcome.name(), report.image.reference, decision.policy);
        for reason in &decision.reasons {
            let _ = writeln!(out, "  {} ({}): {}", reason.outcome.name(), reason.rule, reason.message);
            if let Some(link) = &reason.link {
                let _ = writeln!(out, "    {link}");
            }
        }
    }
    // What an image says of itself must not drive the terminal.
    printer::harmless(&out)
}
