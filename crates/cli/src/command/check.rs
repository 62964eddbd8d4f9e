//! `plimsoll check PATH…`: misconfigurations in what builds, describes and runs images, without an image.

mod chart;
mod find;
mod fix;
mod kind;
mod look;

use model::image::ImageInfo;
use model::inventory::Inventory;
use model::report::{Decision, Outcome, Reason, Report};
use model::severity::Severity;
use report::{Format, RenderOptions};

use crate::args::Global;
use crate::args::check::Check;
use crate::command::scan::{inventory_report, say_why};
use crate::exit::Exit;
use crate::output::Outputs;
use crate::printer;

/// Runs the verb.
pub fn run(global: &Global, check: &Check) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&check.output, Format::Table)?;
    let names: Vec<String> = check.paths.iter().map(|path| path.display().to_string()).collect();
    let image = ImageInfo { reference: names.join(", "), source: "source".to_owned(), ..ImageInfo::default() };
    let mut report = inventory_report(image, &Inventory::default())?;
    let files = find::files(&check.paths, &mut report)?;
    let mended = if check.fix { fix::files(&files)? } else { None };
    let mut found = Vec::new();
    for file in &files {
        look::look(file, mended.as_deref(), &mut found, &mut report)?;
    }
    report.misconfigurations = Some(found);
    report.warnings.sort();
    report.unread.sort();
    let exit = match check.fail_on {
        Some(level) => {
            let (decision, exit) = decide(level, &report);
            report.decision = Some(decision);
            exit
        }
        // A file that was named and cannot be read is no success.
        None if report.unread.is_empty() => Exit::Done,
        None => Exit::Undetermined,
    };
    for (format, file) in outputs.wanted() {
        // Standard output holds the mended text.
        if mended.is_some() && file.is_none() {
            continue;
        }
        let color = file.is_none() && printer::color(global.no_color);
        let options = RenderOptions { width: printer::width(), color, index: None };
        let bytes = report::misconfigurations::render(format, &report, &options)?;
        printer::result(&bytes, file.as_deref())?;
    }
    if report.decision.is_none()
        && let Some(first) = report.unread.first()
    {
        printer::error(first);
    }
    say_why(exit, std::slice::from_ref(&report), &outputs, global);
    Ok(exit)
}

/// Says that something was not looked at.
fn lose(report: &mut Report, what: String) {
    report.warnings.push(what.clone());
    report.unread.push(what);
}

fn decide(level: Severity, report: &Report) -> (Decision, Exit) {
    let rule = format!("fail-on misconfig:{level}");
    let worse = report.misconfigurations.iter().flatten().filter(|one| one.severity >= level);
    let mut reasons: Vec<Reason> = worse
        .map(|one| Reason {
            rule: rule.clone(),
            message: format!("{} line {}: {}", one.target, one.line.unwrap_or(1), one.title),
            subject: one.target.clone(),
            outcome: Outcome::Deny,
            link: Some(one.link.clone()),
        })
        .collect();
    let refused = !reasons.is_empty();
    reasons.extend(report.unread.iter().map(|part| Reason {
        rule: "undetermined".to_owned(),
        message: part.clone(),
        subject: "file".to_owned(),
        outcome: Outcome::Deny,
        link: None,
    }));
    let (outcome, exit) = match (refused, reasons.is_empty()) {
        (true, _) => (Outcome::Deny, Exit::Refused),
        (false, false) => (Outcome::Deny, Exit::Undetermined),
        (false, true) => (Outcome::Allow, Exit::Done),
    };
    (Decision { outcome, policy: rule, reasons, inputs: None }, exit)
}
