//! `plimsoll.host/v1`: a host, for programs. `v1` only grows.

use jiff::Timestamp;
use model::host::{Control, HostOutcome, HostReport};
use serde::Serialize;

use crate::ReportError;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    created: Timestamp,
    benchmark: &'a str,
    engine: Option<&'a str>,
    controls: &'a [Control],
    summary: Summary,
    decision: Option<Decision<'a>>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Summary {
    fail: usize,
    undetermined: usize,
    manual: usize,
    pass: usize,
    not_applicable: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct Decision<'a> {
    outcome: &'static str,
    policy: &'a str,
    reasons: Vec<Reason<'a>>,
}

#[derive(Serialize)]
struct Reason<'a> {
    rule: &'a str,
    message: &'a str,
    subject: &'a str,
}

pub(super) fn render(report: &HostReport) -> Result<Vec<u8>, ReportError> {
    let number = |outcome| super::number(&report.controls, outcome);
    let document = Document {
        schema: "plimsoll.host/v1",
        tool: Tool { name: "plimsoll", version: &report.tool_version },
        created: report.created,
        benchmark: &report.benchmark,
        engine: report.engine.as_deref(),
        controls: &report.controls,
        summary: Summary {
            fail: number(HostOutcome::Fail),
            undetermined: number(HostOutcome::Undetermined),
            manual: number(HostOutcome::Manual),
            pass: number(HostOutcome::Pass),
            not_applicable: number(HostOutcome::NotApplicable),
            skipped: report.skipped,
        },
        decision: report.decision.as_ref().map(|decision| Decision {
            outcome: decision.outcome.name(),
            policy: &decision.policy,
            reasons: decision
                .reasons
                .iter()
                .map(|reason| Reason { rule: &reason.rule, message: &reason.message, subject: &reason.subject })
                .collect(),
        }),
        warnings: &report.warnings,
    };
    let mut bytes = serde_json::to_vec_pretty(&document)?;
    bytes.push(b'\n');
    Ok(bytes)
}
