//! Why a finding is set aside, as it goes over the wire.

use jiff::civil::Date;
use model::suppression::Suppression;
use serde::Serialize;

use super::said;

#[derive(Serialize)]
pub(super) struct SuppressionRow<'a> {
    kind: &'static str,
    source: &'a str,
    line: Option<u32>,
    id: Option<&'a str>,
    author: Option<&'a str>,
    reason: Option<&'a str>,
    status: Option<&'static str>,
    justification: Option<&'a str>,
    expires: Option<Date>,
}

impl<'a> SuppressionRow<'a> {
    pub(super) fn new(suppression: &'a Suppression) -> Self {
        Self {
            kind: suppression.kind.name(),
            source: &suppression.source,
            line: suppression.line,
            id: said(&suppression.id),
            author: said(&suppression.author),
            reason: said(&suppression.reason),
            status: suppression.status.map(model::vex::VexStatus::name),
            justification: said(&suppression.justification),
            expires: suppression.expires,
        }
    }
}
