//! JUnit XML: a suite for each section, a case for each control. What could not be told is an error, what only people can
//! tell or what does not apply is skipped.

use std::fmt::Write as _;

use model::host::{Control, HostOutcome, HostReport};

use super::{number, sections};
use crate::junit::escape;

pub(super) fn render(report: &HostReport) -> Vec<u8> {
    let counts = |controls: &[Control]| {
        let skipped = number(controls, HostOutcome::Manual) + number(controls, HostOutcome::NotApplicable);
        (controls.len(), number(controls, HostOutcome::Fail), number(controls, HostOutcome::Undetermined), skipped)
    };
    let (tests, failures, errors, _) = counts(&report.controls);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ =
        writeln!(out, "<testsuites name=\"plimsoll\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\">");
    for controls in sections(report) {
        let (tests, failures, errors, skipped) = counts(controls);
        let name = controls.first().map(Control::heading);
        let _ = writeln!(
            out,
            " <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\" timestamp=\"{}\">",
            escape(&name.unwrap_or_default()),
            report.created.strftime("%Y-%m-%dT%H:%M:%S")
        );
        for control in controls {
            case(&mut out, control);
        }
        out.push_str(" </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out.into_bytes()
}

fn case(out: &mut String, control: &Control) {
    let name = format!("{} {}", control.number, control.title);
    let _ = write!(out, "  <testcase classname=\"{}\" name=\"{}\" time=\"0\"", escape(&control.id), escape(&name));
    let evidence = escape(&control.evidence);
    let _ = match control.outcome {
        HostOutcome::Pass => writeln!(out, "/>"),
        HostOutcome::Fail => {
            let details = control.items.iter().map(String::as_str).chain([control.fix.as_str()]).collect::<Vec<_>>().join("; ");
            writeln!(
                out,
                "><failure type=\"{}\" message=\"{evidence}\">{}</failure></testcase>",
                control.severity,
                escape(&details)
            )
        }
        HostOutcome::Undetermined => writeln!(out, "><error type=\"undetermined\" message=\"{evidence}\"/></testcase>"),
        HostOutcome::Manual | HostOutcome::NotApplicable => {
            writeln!(out, "><skipped message=\"{}: {evidence}\"/></testcase>", control.outcome.words())
        }
    };
}
