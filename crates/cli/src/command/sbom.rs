//! `plimsoll sbom IMAGE`: the inventory alone.

use std::collections::BTreeSet;

use report::Format;

use crate::args::Global;
use crate::args::scan::Sbom;
use crate::command::scan::inventory_report;
use crate::exit::Exit;
use crate::output::Outputs;
use crate::subject::Looking;
use crate::{printer, subject};

/// Runs the verb.
pub fn run(global: &Global, sbom: &Sbom) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&sbom.output, Format::CycloneDx)?;
    // The texts cost a second reading of every layer that an earlier scan knows.
    let notices = outputs.wanted().iter().any(|(format, _)| *format == Format::Notices);
    let subjects = subject::take(global, &sbom.target, Looking { licenses: notices, ..Looking::default() })?;
    let mut reports = Vec::with_capacity(subjects.all.len());
    for subject in subjects.all {
        let mut report = inventory_report(subject.image, &subject.inventory)?;
        if notices {
            report.notices = Some(subject.inventory.notices);
        }
        reports.push(report);
    }
    if !global.quiet {
        // Children of one index often say the same.
        for warning in reports.iter().flat_map(|report| &report.warnings).collect::<BTreeSet<_>>() {
            printer::note(&format!("warning: {warning}"));
        }
    }
    outputs.write(global, &reports, subjects.is_index.then_some(report::Index { digest: subjects.index_digest }))?;
    Ok(Exit::Done)
}
