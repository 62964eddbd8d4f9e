//! Secrets as alerts: at their lines in files of the checkout, or below the root of the image.

use std::collections::BTreeMap;

use model::report::Report;
use model::secret::{Secret, SecretLocation};
use model::severity::Severity;
use serde::Serialize;

use super::{
    Alert, AlertProperties, ArtifactLocation, Configuration, Help, Location, PhysicalLocation, ROOT, Rating, Region, Rule,
    Suppression, Text, level, markdown, security_severity,
};
use crate::sbom::short_hash;
use crate::secrets::{file, place, places, rule_id, what};
use crate::text::{one_line, percent_encode};

#[derive(Serialize)]
pub(super) struct SecretProperties<'a> {
    redacted: &'a str,
    severity: Severity,
}

/// Adds their rules and alerts to the others.
pub(super) fn write<'a>(report: &'a Report, rules: &mut Vec<Rule<'a>>, alerts: &mut Vec<Alert<'a>>) {
    let secrets = report.secrets.as_deref().unwrap_or_default();
    let by_rule: BTreeMap<&str, &Secret> = secrets.iter().map(|secret| (secret.rule.as_str(), secret)).collect();
    let first = rules.len();
    let index: BTreeMap<&str, usize> = by_rule.keys().enumerate().map(|(number, id)| (*id, first + number)).collect();
    rules.extend(by_rule.into_values().map(rule));
    let base = (report.image.source != "source").then_some(ROOT);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for secret in secrets {
        let path = secret.locations.first().map(|location| &location.path);
        let identity = serde_json::json!([secret.rule, path, secret.redacted]).to_string();
        // Alike ones are told apart by their order, so that lines above them may come and go.
        let number = seen.entry(identity.clone()).or_default();
        *number += 1;
        let fingerprint = short_hash(&format!("{identity} {number}"), 16);
        alerts.push(alert(secret, index.get(secret.rule.as_str()).copied().unwrap_or_default(), base, fingerprint));
    }
}

fn rule(secret: &Secret) -> Rule<'_> {
    let title = one_line(&secret.title);
    let tags = ["secret", "security", secret.severity.name(), "external/cwe/cwe-798"];
    Rule {
        id: rule_id(secret).into(),
        name: "Secret",
        short_description: Text { text: title.clone() },
        full_description: Text { text: format!("{title}. {}", Secret::FIX) },
        help_uri: None,
        help: Help {
            text: format!("{title}\nSeverity: {}.\n{}", secret.severity, Secret::FIX),
            markdown: format!("**{}**\n\n{}", markdown(&title), markdown(Secret::FIX)),
        },
        default_configuration: Configuration { level: level(secret.severity) },
        properties: Rating {
            precision: "high",
            security_severity: security_severity(&[], secret.severity),
            tags: tags.map(str::to_owned).into(),
        },
    }
}

fn alert<'a>(secret: &'a Secret, rule_index: usize, base: Option<&'static str>, fingerprint: String) -> Alert<'a> {
    Alert {
        rule_id: rule_id(secret).into(),
        rule_index,
        level: level(secret.severity),
        message: Text { text: format!("{} in {}. {}", what(secret), places(secret), Secret::FIX) },
        locations: secret.locations.iter().map(|location| at(location, base)).collect(),
        partial_fingerprints: [("plimsoll/v1", fingerprint)].into(),
        rank: None,
        suppressions: secret
            .suppressed
            .iter()
            .map(|why| Suppression { kind: "external", status: "accepted", justification: one_line(why) })
            .collect(),
        properties: AlertProperties::Secret(SecretProperties { redacted: &secret.redacted, severity: secret.severity }),
    }
}

fn at(location: &SecretLocation, base: Option<&'static str>) -> Location {
    let layer = location.layer.map(|layer| format!(" in layer {layer}")).unwrap_or_default();
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: percent_encode(&file(location)), uri_base_id: base },
            region: Region { start_line: location.line.map_or(1, |line| line as usize), snippet: None },
        },
        logical_locations: Vec::new(),
        message: Some(Text { text: format!("{}{layer}", place(location)) }),
    }
}
