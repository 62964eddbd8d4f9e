//! A label that holds licences holds no SPDX expression.

use model::severity::Severity;
use spdx::{Expression, ParseMode};

use super::labels::annotations;
use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D060",
    aliases: &["DL3054"],
    severity: Severity::Negligible,
    title: "A label that holds licences holds no SPDX expression",
    why: "Registries and scanners read it as that, and show or follow nothing otherwise.",
    fix: "Write identifiers of the SPDX list, as in `Apache-2.0 OR MIT`.",
    link: "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
    check,
    bad: r#"FROM debian:12
LABEL org.opencontainers.image.licenses="Apache License 2.0"
"#,
    good: "FROM debian:12\nLABEL org.opencontainers.image.licenses=Apache-2.0\n",
};

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    annotations(document, |name, value| name == "licenses" && !value.is_empty() && !is_expression(value))
}

/// Identifiers that are deprecated are still of the list.
fn is_expression(value: &str) -> bool {
    let known = ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };
    Expression::parse_mode(value, known).is_ok()
}
