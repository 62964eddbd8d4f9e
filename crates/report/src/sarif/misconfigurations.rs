//! Misconfigurations as alerts: in files of the checkout, at their lines.

use std::collections::{BTreeMap, BTreeSet};

use model::misconfiguration::Misconfiguration;
use model::severity::Severity;
use serde::Serialize;

use super::{
    Alert, AlertProperties, ArtifactLocation, Configuration, Help, Location, PhysicalLocation, Rating, Region, Rule, Text, level,
    markdown, security_severity,
};
use crate::misconfigurations::what;
use crate::sbom::short_hash;
use crate::text::{one_line, percent_encode, web_address};

#[derive(Serialize)]
pub(super) struct RuleProperties<'a> {
    aliases: &'a [String],
    severity: Severity,
}

/// Adds their rules and alerts to those of packages.
pub(super) fn write<'a>(places: &'a [Misconfiguration], rules: &mut Vec<Rule<'a>>, alerts: &mut Vec<Alert<'a>>) {
    let by_id: BTreeMap<&str, &Misconfiguration> = places.iter().map(|one| (one.id.as_str(), one)).collect();
    let first = rules.len();
    let index: BTreeMap<&str, usize> = by_id.keys().enumerate().map(|(number, id)| (*id, first + number)).collect();
    rules.extend(by_id.into_iter().map(|(id, one)| rule(id, one)));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for one in places {
        let identity = serde_json::json!([one.id, one.target, one.about, one.instruction]).to_string();
        // Alike ones are told apart by their order, so that lines above them may come and go.
        let number = seen.entry(identity.clone()).or_default();
        *number += 1;
        let fingerprint = short_hash(&format!("{identity} {number}"), 16);
        alerts.push(alert(one, index.get(one.id.as_str()).copied().unwrap_or_default(), fingerprint));
    }
}

fn rule<'a>(id: &'a str, one: &'a Misconfiguration) -> Rule<'a> {
    let title = one_line(&one.title);
    let address = web_address(&one.link);
    let link = address.map_or_else(String::new, |address| format!("\n\n<{address}>"));
    let (why, fix) = (one_line(&one.why), one_line(&one.fix));
    let tags: BTreeSet<String> = ["security", "misconfiguration", one.severity.name()]
        .into_iter()
        .map(str::to_owned)
        .chain(one.aliases.iter().cloned())
        .collect();
    Rule {
        id: id.into(),
        name: "Misconfiguration",
        short_description: Text { text: title.clone() },
        full_description: Text { text: format!("{title}. {why}") },
        help_uri: address,
        help: Help {
            text: format!("{title}\nSeverity: {}.\n{why}\n{fix}", one.severity),
            markdown: format!("**{}**\n\n{}\n\n{}{link}", markdown(&title), markdown(&why), markdown(&fix)),
        },
        default_configuration: Configuration { level: level(one.severity) },
        properties: Rating {
            precision: "very-high",
            security_severity: security_severity(&[], one.severity),
            tags: tags.into_iter().collect(),
        },
    }
}

fn alert(one: &Misconfiguration, rule_index: usize, fingerprint: String) -> Alert<'_> {
    Alert {
        rule_id: one.id.as_str().into(),
        rule_index,
        level: level(one.severity),
        message: Text { text: format!("{}. {}", what(one), one_line(&one.fix)) },
        locations: vec![Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: percent_encode(&one.target), uri_base_id: None },
                region: Region {
                    start_line: one.line.unwrap_or(1),
                    snippet: one.instruction.as_ref().map(|text| Text { text: one_line(text) }),
                },
            },
            logical_locations: Vec::new(),
            message: None,
        }],
        partial_fingerprints: [("plimsoll/v1", fingerprint)].into(),
        rank: None,
        suppressions: Vec::new(),
        properties: AlertProperties::Rule(RuleProperties { aliases: &one.aliases, severity: one.severity }),
    }
}
