//! What was decided about a vulnerability (<https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis>).

use model::suppression::Suppression;
use model::vex::VexStatus;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Analysis {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<[&'static str; 1]>,
    detail: String,
}

impl Analysis {
    pub(super) fn new(suppression: &Suppression) -> Self {
        let justification = justification(&suppression.justification);
        let state = match suppression.status {
            Some(VexStatus::NotAffected) => "not_affected",
            Some(VexStatus::Fixed) => "resolved",
            Some(VexStatus::Affected) => "exploitable",
            Some(VexStatus::UnderInvestigation) => "in_triage",
            // An exception lives with what is there, unless it says why nothing is.
            None if justification.is_some() => "not_affected",
            None => "exploitable",
        };
        Self {
            state,
            justification: justification.filter(|_| state == "not_affected"),
            response: (state == "exploitable").then_some(["will_not_fix"]),
            detail: format!("suppressed: {}", suppression.words()),
        }
    }
}

/// The format's word for one of OpenVEX's.
fn justification(word: &str) -> Option<&'static str> {
    Some(match word {
        "component_not_present" | "vulnerable_code_not_present" | "code_not_present" => "code_not_present",
        "vulnerable_code_not_in_execute_path" | "vulnerable_code_cannot_be_controlled_by_adversary" | "code_not_reachable" => {
            "code_not_reachable"
        }
        "inline_mitigations_already_exist" | "protected_by_mitigating_control" => "protected_by_mitigating_control",
        "requires_configuration" => "requires_configuration",
        "requires_dependency" => "requires_dependency",
        "requires_environment" => "requires_environment",
        "protected_by_compiler" => "protected_by_compiler",
        "protected_at_runtime" => "protected_at_runtime",
        "protected_at_perimeter" => "protected_at_perimeter",
        _ => return None,
    })
}
