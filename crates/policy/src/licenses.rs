//! What a policy's lists of licences say of each licence, told beside the decision so that a report shows it.

use std::collections::{BTreeMap, BTreeSet};

use model::license::{LicenseVerdict, Verdict};

use crate::rule::Policy;

impl Policy {
    /// Whether a rule speaks of licences, so that they must be looked at.
    pub fn asks_for_licenses(&self) -> bool {
        let names = |text: &str| text.contains("licenses") || text.contains(".license");
        self.rules.iter().flat_map(|rule| &rule.clauses).any(|clause| names(&clause.cel))
    }

    /// The licences of an image with what the rules say that are about it there; of several rules, the worst word counts.
    /// A package that a rule spares is allowed by it. Where no rule has lists, nothing is said.
    pub fn judge_licenses(
        &self,
        licenses: Vec<LicenseVerdict>,
        reference: &str,
        gate: &str,
        environment: Option<&str>,
    ) -> Vec<LicenseVerdict> {
        let in_scope = self.rules.iter().filter(|rule| rule.scope.covers(reference, gate, environment));
        let lists: Vec<_> = in_scope.filter_map(|rule| rule.license_lists.as_ref()).collect();
        if lists.is_empty() {
            return licenses;
        }
        let mut judged: BTreeMap<(String, Verdict), BTreeSet<String>> = BTreeMap::new();
        for LicenseVerdict { expression, packages, .. } in licenses {
            let verdicts: Vec<Verdict> = lists.iter().map(|list| list.terms.judge(&expression)).collect();
            for purl in packages {
                let spared = |list: &crate::short_form::LicenseLists| list.except.matches(&purl);
                let each =
                    lists.iter().zip(&verdicts).map(|(list, verdict)| if spared(list) { Verdict::Allow } else { *verdict });
                let worst = each.max().unwrap_or_default();
                judged.entry((expression.clone(), worst)).or_default().insert(purl);
            }
        }
        let row = |((expression, verdict), packages): ((String, Verdict), BTreeSet<String>)| LicenseVerdict {
            expression,
            packages: packages.into_iter().collect(),
            verdict,
        };
        judged.into_iter().map(row).collect()
    }
}
