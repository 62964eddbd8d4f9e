//! From a subject to its report: matched, ranked, set aside where somebody says so, decided, filtered. `scan` and `gate` go
//! the same way.

use std::path::Path;

use matcher::MatchOptions;
use model::digest::Digest;
use model::finding::Finding;
use model::report::{Decision, FeedInfo, Report};
use model::usage::Usage;
use model::vex::VexDocument;

use crate::args::scan::Told;
use crate::baseline::Baseline;
use crate::command::scan::inventory_report;
use crate::exit::Exit;
use crate::fail_on::Term;
use crate::filter::Filter;
use crate::gate::Asked;
use crate::subject::Subject;
use crate::{database, exception, fail_on, gate, in_use};

/// How subjects are judged.
pub struct Judge<'a> {
    /// By which database.
    pub chosen: &'a database::Chosen,
    /// At which time.
    pub options: &'a MatchOptions,
    /// `--fail-on`.
    pub fail_on: &'a [Term],
    /// `--allow-undetermined`.
    pub allow_undetermined: bool,
    /// `--policy`.
    pub policy: Option<&'a Asked<'a>>,
    /// What is shown.
    pub filter: &'a Filter<'a>,
    /// `--in-use`.
    pub usage: Option<&'a Usage>,
    /// `--vex` and `--ignore-file`.
    pub setting_aside: &'a SettingAside,
    /// Digest of the index the subjects come from.
    pub index_digest: Option<Digest>,
}

impl Judge<'_> {
    /// Matches, ranks and decides; hides what the filters hide last, so that they open no gate.
    pub fn run(&self, subject: Subject) -> anyhow::Result<(Report, Exit)> {
        let Subject { image, inventory, claims } = subject;
        let mut matched = matcher::match_inventory(&inventory, &self.chosen.database, self.options)?;
        let usage = self.usage.filter(|usage| in_use::is_of(usage, &image));
        matcher::rank(&mut matched.findings, &matcher::Context { image: &image, inventory: &inventory, usage });
        let mut report = inventory_report(image, &inventory)?;
        report.database = self.chosen.database.info().clone();
        report.coverage = matched.coverage;
        report.warnings.extend(matched.warnings);
        report.warnings.extend(self.chosen.warnings.iter().cloned());
        let unused = self.setting_aside.apply(&mut matched.findings, claims.as_ref(), &report, self)?;
        report.warnings.extend(unused);
        report.warnings.sort();
        report.warnings.dedup();
        let mut exit = Exit::Done;
        if !self.fail_on.is_empty() {
            let options = self.options;
            let doubt = |feed: &FeedInfo| model::coverage::too_old(&feed.name, &feed.as_of, options.now, options.max_db_age);
            let (decision, answer) =
                fail_on::judge(self.fail_on, &report, &matched.findings, &inventory.unread, &doubt, self.allow_undetermined);
            report.decision = Some(decision);
            exit = answer;
        }
        report.findings = Some(matched.findings);
        if let Some(asked) = self.policy {
            let decision = asked.decide(&report, self.options);
            exit = worse(exit, gate::exit(&decision));
            report.decision = Some(match report.decision.take() {
                Some(terms) => both(decision, terms),
                None => decision,
            });
        }
        let (shown, hidden) = self.filter.apply(report.findings.as_deref().unwrap_or_default());
        report.findings = Some(shown);
        report.hidden_by_filters = hidden;
        Ok((report, exit))
    }
}

/// A policy's decision and that of `--fail-on`: the worse of both, for the reasons of both.
fn both(mut policy: Decision, terms: Decision) -> Decision {
    policy.outcome = policy.outcome.max(terms.outcome);
    policy.policy = format!("{} and {}", policy.policy, terms.policy);
    policy.reasons.extend(terms.reasons);
    policy
}

/// What says that findings need not count.
pub struct SettingAside {
    vex: Vec<VexDocument>,
    decisions: exception::Decisions,
    baseline: Option<Baseline>,
}

impl SettingAside {
    /// Reads VEX documents, exceptions and the baseline.
    pub fn read(told: &Told, baseline: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self {
            vex: advisory::vex::read(&told.vex)?,
            decisions: exception::read(&told.ignore_file)?,
            baseline: baseline.map(Baseline::read).transpose()?,
        })
    }

    /// Sets findings aside and says what could not be used. A document that was named for this scan goes before what the
    /// database holds, and both before exceptions: where the vendor says why, nobody else needs to.
    fn apply(
        &self,
        findings: &mut [Finding],
        claims: Option<&VexDocument>,
        report: &Report,
        judge: &Judge<'_>,
    ) -> anyhow::Result<Vec<String>> {
        let subject =
            matcher::vex::Subject { image: &report.image, index_digest: judge.index_digest, packages: &report.packages };
        if let Some(claims) = claims {
            matcher::vex::claim(findings, &subject, std::slice::from_ref(claims));
        }
        let of_database = matcher::vex::from_database(findings, &judge.chosen.database)?;
        let mut warnings = matcher::vex::apply(findings, &subject, &self.vex, &of_database);
        warnings.extend(self.decisions.exceptions.apply(findings, &report.image, judge.options.now));
        warnings.extend(self.decisions.warnings.iter().cloned());
        // Last, so that a reason goes before mere habit.
        if let Some(baseline) = &self.baseline {
            baseline.apply(findings);
        }
        Ok(warnings)
    }
}

/// A definite no outweighs an answer that cannot be given.
pub fn worse(left: Exit, right: Exit) -> Exit {
    let rank = |exit| match exit {
        Exit::Done => 0,
        Exit::Undetermined => 1,
        Exit::Refused => 2,
    };
    if rank(left) >= rank(right) { left } else { right }
}
