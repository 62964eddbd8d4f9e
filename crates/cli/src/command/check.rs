//! `plimsoll check PATH…`: misconfigurations in what builds, describes and runs images, and secrets, without an image.

mod chart;
mod find;
mod fix;
mod kind;
mod look;
mod secrets;

use anyhow::ensure;
use indexer::secret::SecretRules;
use jiff::Timestamp;
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::misconfiguration::Misconfiguration;
use model::report::{Decision, Outcome, Reason, Report};
use report::{Format, RenderOptions};

use crate::args::Global;
use crate::args::check::{Check, Term, What};
use crate::baseline::Baseline;
use crate::command::scan::{inventory_report, say_why};
use crate::exit::Exit;
use crate::output::Outputs;
use crate::secrets::rules;
use crate::{exception, fail_on, printer};

/// Runs the verb.
pub fn run(global: &Global, check: &Check) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&check.output, Format::Table)?;
    let is_wanted = |what: What| check.only.is_empty() || check.only.contains(&what);
    let (misconfigurations, secrets) = (is_wanted(What::Misconfig), is_wanted(What::Secret));
    for (term, wanted) in [("misconfig", misconfigurations), ("secret", secrets)] {
        let asked = check.fail_on.iter().any(|one| one.to_string().starts_with(term));
        ensure!(wanted || !asked, "--fail-on asks for {term}, which --only leaves out");
    }
    ensure!(misconfigurations || !check.fix, "--fix mends misconfigurations, which --only leaves out");
    let names: Vec<String> = check.paths.iter().map(|path| path.display().to_string()).collect();
    let image = ImageInfo { reference: names.join(", "), source: "source".to_owned(), ..ImageInfo::default() };
    let mut report = inventory_report(image, &Inventory::default())?;
    let files = if misconfigurations { find::files(&check.paths, &mut report)? } else { Vec::new() };
    let mended = if check.fix { fix::files(&files)? } else { None };
    let piped = match &mended {
        Some(mended) => Some(mended.clone().into_bytes()),
        None => find::standard_input(&check.paths)?,
    };
    let mut found = Vec::new();
    // The rules are made while files are checked: that takes as long as a few of them.
    let (rules, looked) = rayon::join(
        || secrets.then(|| rules(&check.secrets)).transpose(),
        || files.iter().try_for_each(|file| look::look(file, piped.as_deref(), &mut found, &mut report)),
    );
    looked?;
    let mut rules = rules?;
    if let Some(rules) = &rules {
        secrets::look(&check.paths, piped.as_deref(), rules, &mut report)?;
        set_aside(check, &mut report)?;
    }
    if rules.is_none() && !found.is_empty() {
        rules = Some(self::rules(&check.secrets)?);
    }
    if let Some(rules) = &rules {
        for one in &mut found {
            redact(rules, one);
        }
    }
    report.misconfigurations = misconfigurations.then_some(found);
    report.warnings.sort();
    report.unread.sort();
    let exit = if !check.fail_on.is_empty() {
        let (decision, exit) = decide(&check.fail_on, &report);
        report.decision = Some(decision);
        exit
    } else if report.unread.is_empty() {
        Exit::Done
    } else {
        // A file that was named and cannot be read is no success.
        Exit::Undetermined
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

/// Sets aside the secrets that exceptions name and an earlier report holds.
fn set_aside(check: &Check, report: &mut Report) -> anyhow::Result<()> {
    let decisions = exception::read(&check.ignore_file)?;
    let secrets = report.secrets.as_deref_mut().unwrap_or_default();
    let unused = decisions.exceptions.apply_to_secrets(secrets, &report.image, Timestamp::now());
    if let Some(path) = &check.baseline {
        Baseline::read(path)?.apply_to_secrets(secrets);
    }
    // The usual file speaks of images, too; what fits nothing here may fit there.
    if !check.ignore_file.is_empty() {
        report.warnings.extend(unused);
    }
    Ok(())
}

/// A line that is shown may hold a secret.
fn redact(rules: &SecretRules, one: &mut Misconfiguration) {
    for text in one.instruction.iter_mut().chain([&mut one.about]) {
        if let Some(redacted) = rules.redact(text) {
            *text = redacted;
        }
    }
}

fn decide(terms: &[Term], report: &Report) -> (Decision, Exit) {
    let mut reasons = Vec::new();
    for one in report.misconfigurations.iter().flatten() {
        if let Some(term) = terms.iter().find(|term| matches!(term, Term::Misconfig(level) if one.severity >= *level)) {
            reasons.push(Reason {
                rule: format!("fail-on {term}"),
                message: format!("{} line {}: {}", one.target, one.line.unwrap_or(1), one.title),
                subject: one.target.clone(),
                outcome: Outcome::Deny,
                link: Some(one.link.clone()),
            });
        }
    }
    if terms.contains(&Term::Secret) {
        reasons.extend(fail_on::secrets(report));
    }
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
    let policy = terms.iter().map(Term::to_string).collect::<Vec<_>>().join(" or ");
    (Decision { outcome, policy: format!("fail-on {policy}"), reasons, inputs: None }, exit)
}
