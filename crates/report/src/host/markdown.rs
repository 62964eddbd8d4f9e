//! Markdown for a job's summary: the counts of each section, what failed in the open, the rest folded away.

use std::fmt::Write as _;

use model::host::{Control, HostOutcome, HostReport};

use super::table::sign;
use super::{number, sections};
use crate::markdown::{text, write_reasons};
use crate::table::symbol;

/// Items of one control that are listed.
const ITEMS: usize = 10;

pub(super) fn render(report: &HostReport) -> Vec<u8> {
    let mut out = String::new();
    let failed = number(&report.controls, HostOutcome::Fail);
    let verdict = match &report.decision {
        Some(decision) => decision.outcome.name().to_owned(),
        None => format!("{failed} failed"),
    };
    let engine = report.engine.as_deref().unwrap_or("no engine could be asked");
    let _ = writeln!(out, "### Plimsoll: {verdict} · {} · {}\n", text(&report.benchmark), text(engine));
    write_reasons(&mut out, report.decision.as_ref());
    for warning in &report.warnings {
        let _ = writeln!(out, "> {}\n", text(warning));
    }
    out.push_str("| section |");
    for outcome in HostOutcome::ALL {
        let _ = write!(out, " {} {} |", sign(outcome), outcome.words());
    }
    out.push_str("\n|---|--:|--:|--:|--:|--:|\n");
    for controls in sections(report) {
        let name = controls.first().map(Control::heading);
        let _ = write!(out, "| {} |", text(&name.unwrap_or_default()));
        for outcome in HostOutcome::ALL {
            let _ = write!(out, " {} |", number(controls, outcome));
        }
        out.push('\n');
    }
    list(&mut out, report, HostOutcome::Fail);
    for outcome in [HostOutcome::Undetermined, HostOutcome::Manual, HostOutcome::Pass, HostOutcome::NotApplicable] {
        let number = number(&report.controls, outcome);
        if number > 0 {
            let _ = write!(out, "\n<details><summary>{number} {}</summary>\n", outcome.words());
            list(&mut out, report, outcome);
            out.push_str("\n</details>\n");
        }
    }
    out.into_bytes()
}

fn list(out: &mut String, report: &HostReport, outcome: HostOutcome) {
    let controls: Vec<&Control> = report.controls.iter().filter(|control| control.outcome == outcome).collect();
    if controls.is_empty() {
        return;
    }
    let failed = outcome == HostOutcome::Fail;
    out.push_str(if failed {
        "\n| | control | seen | what to do |\n|---|---|---|---|\n"
    } else {
        "\n| control | seen |\n|---|---|\n"
    });
    for control in controls {
        if failed {
            let _ = write!(out, "| {} {} ", symbol(control.severity), control.severity);
        }
        let _ = write!(out, "| {} {} | {}", control.number, text(&control.title), text(&control.evidence));
        for item in control.items.iter().take(ITEMS).filter(|_| failed) {
            let _ = write!(out, "<br>{}", text(item));
        }
        if failed && control.items.len() > ITEMS {
            let _ = write!(out, "<br>and {} more", control.items.len() - ITEMS);
        }
        if failed {
            let _ = write!(out, " | {}", text(&control.fix));
        }
        out.push_str(" |\n");
    }
}
