//! The table: each section with its counts, what failed first and with what to do about it, what passed in one line.

use std::cmp::Reverse;

use model::host::{Control, HostOutcome, HostReport};

use super::{number, sections};
use crate::RenderOptions;
use crate::table::paint::{Paint, Style};
use crate::table::{NARROWEST, symbol, write_decision, write_parts};
use crate::text::{one_line, width, wrap};

/// Items of one control that are listed.
const ITEMS: usize = 5;

pub(super) fn render(report: &HostReport, options: &RenderOptions) -> Vec<u8> {
    let paint = Paint { color: options.color };
    let columns = options.width.max(NARROWEST);
    let mut out = String::new();
    let engine = report.engine.as_deref().unwrap_or("no engine could be asked");
    paint.push(&mut out, Style::Bold, &wrap(&one_line(&format!("{} · {engine}", report.benchmark)), columns, 2));
    out.push('\n');
    for warning in &report.warnings {
        paint.push(&mut out, Style::Warning, &format!("! {}", wrap(&one_line(warning), columns.saturating_sub(2), 2)));
        out.push('\n');
    }
    for controls in sections(report) {
        out.push('\n');
        write_section(&mut out, paint, columns, controls);
    }
    out.push('\n');
    write_counts(&mut out, paint, columns, "all:", &report.controls, report.skipped);
    write_decision(&mut out, paint, columns, report.decision.as_ref());
    out.into_bytes()
}

fn write_section(out: &mut String, paint: Paint, columns: usize, controls: &[Control]) {
    let Some(first) = controls.first() else { return };
    write_counts(out, paint, columns, &format!("{}:", first.heading()), controls, 0);
    let widest = controls.iter().map(|control| control.number.len()).max().unwrap_or(0);
    let of = |outcome| controls.iter().filter(move |control| control.outcome == outcome).collect::<Vec<_>>();
    let mut failed = of(HostOutcome::Fail);
    failed.sort_by_key(|control| Reverse(control.severity));
    for (number, control) in failed.iter().enumerate() {
        // What is to be done about several stands below the last of them.
        let again = failed.get(number + 1).is_some_and(|next| next.fix == control.fix);
        write_control(out, paint, columns, widest, control, !again);
    }
    write_undetermined(out, paint, columns, &of(HostOutcome::Undetermined));
    for control in of(HostOutcome::Manual) {
        write_control(out, paint, columns, widest, control, false);
    }
    for outcome in [HostOutcome::Pass, HostOutcome::NotApplicable] {
        let numbers: Vec<&str> =
            controls.iter().filter(|control| control.outcome == outcome).map(|control| control.number.as_str()).collect();
        if !numbers.is_empty() {
            let text = format!("{} {}: {}", sign(outcome), outcome.words(), numbers.join(" "));
            let style = if outcome == HostOutcome::Pass { Style::Good } else { Style::Dim };
            paint.push(out, style, &format!("  {}", wrap(&text, columns.saturating_sub(2), 4)));
            out.push('\n');
        }
    }
}

/// One reason mostly stands for many: each once, with the controls that it leaves open.
fn write_undetermined(out: &mut String, paint: Paint, columns: usize, controls: &[&Control]) {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for control in controls {
        match reasons.iter_mut().find(|(why, _)| *why == control.evidence) {
            Some((_, numbers)) => numbers.push(&control.number),
            None => reasons.push((&control.evidence, vec![&control.number])),
        }
    }
    for (why, numbers) in reasons {
        let outcome = HostOutcome::Undetermined;
        let text = format!("{} {}: {} ({})", sign(outcome), outcome.words(), numbers.join(" "), one_line(why));
        paint.push(out, Style::Warning, &format!("  {}", wrap(&text, columns.saturating_sub(2), 4)));
        out.push('\n');
    }
}

/// `  ✗ 5.5 ■ No container is privileged`, what was seen below it, and what to do.
fn write_control(out: &mut String, paint: Paint, columns: usize, widest: usize, control: &Control, fix: bool) {
    let failed = control.outcome == HostOutcome::Fail;
    let style = style(control);
    let severity = if failed { format!("{} {}  ", symbol(control.severity), control.severity) } else { String::new() };
    let head = format!("  {} {:widest$}  {severity}", sign(control.outcome), control.number);
    let indent = width(&format!("  {} {:widest$}  ", sign(control.outcome), control.number));
    paint.push(out, style, &head);
    let title = one_line(&control.title);
    let wrapped = wrap(&format!("{}{title}", "\u{a0}".repeat(width(&head))), columns, indent);
    out.push_str(wrapped.trim_start_matches('\u{a0}'));
    out.push('\n');
    let mut line = |style: Style, text: &str| {
        out.extend(std::iter::repeat_n(' ', indent));
        paint.push(out, style, &wrap(text, columns.saturating_sub(indent), indent));
        out.push('\n');
    };
    line(Style::Plain, &one_line(&control.evidence));
    for item in control.items.iter().take(ITEMS) {
        line(Style::Plain, &format!("- {}", one_line(item)));
    }
    if control.items.len() > ITEMS {
        line(Style::Plain, &format!("- and {} more", control.items.len() - ITEMS));
    }
    if fix {
        line(Style::Dim, &format!("→ {}", control.fix));
    }
}

fn write_counts(out: &mut String, paint: Paint, columns: usize, head: &str, controls: &[Control], skipped: usize) {
    let mut parts = vec![(Style::Bold, head.to_owned())];
    for outcome in HostOutcome::ALL {
        let number = number(controls, outcome);
        let style = match outcome {
            HostOutcome::Fail => Style::Alarm,
            HostOutcome::Undetermined => Style::Warning,
            HostOutcome::Pass => Style::Good,
            HostOutcome::Manual | HostOutcome::NotApplicable => Style::Plain,
        };
        if number > 0 {
            parts.push((style, format!("{} {number} {}", sign(outcome), outcome.words())));
        }
    }
    if skipped > 0 {
        parts.push((Style::Dim, format!("{skipped} left out")));
    }
    write_parts(out, paint, columns, "  ", &parts);
}

fn style(control: &Control) -> Style {
    match control.outcome {
        HostOutcome::Fail => Style::Severity(control.severity),
        HostOutcome::Undetermined => Style::Warning,
        HostOutcome::Manual => Style::Bold,
        HostOutcome::Pass => Style::Good,
        HostOutcome::NotApplicable => Style::Dim,
    }
}

/// A shape of its own for each, so that colour is never the only thing that tells them apart.
pub(super) fn sign(outcome: HostOutcome) -> &'static str {
    match outcome {
        HostOutcome::Fail => "✗",
        HostOutcome::Undetermined => "?",
        HostOutcome::Manual => "○",
        HostOutcome::Pass => "✓",
        HostOutcome::NotApplicable => "–",
    }
}
