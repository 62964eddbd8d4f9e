//! From a subject to its report: matched, ranked, set aside where somebody says so, decided, filtered. `scan` and `gate` go
//! the same way.

use advisory::database::Database;
use matcher::MatchOptions;
use model::digest::Digest;
use model::finding::Finding;
use model::report::{Decision, FeedInfo, Report};
use model::secret::Secret;
use model::usage::Usage;
use model::vex::VexDocument;

use crate::args::scan::Told;
use crate::baseline::Baseline;
use crate::command::scan::inventory_report;
use crate::exit::Exit;
use crate::fail_on::Term;
use crate::filter::Filter;
use crate::gate::{Asked, StoredIn};
use crate::subject::Subject;
use crate::{database, exception, fail_on, gate, in_use, stored as stored_report};

/// How subjects and stored reports are judged.
pub struct Judge<'a> {
    /// At which time.
    pub options: &'a MatchOptions,
    /// `--fail-on` and `--policy`.
    pub gates: Gates<'a>,
    /// What is shown.
    pub filter: &'a Filter<'a>,
    /// `--in-use`.
    pub usage: Option<&'a Usage>,
    /// `--vex`, `--ignore-file` and `--baseline`.
    pub setting_aside: &'a SettingAside,
    /// Digest of the index the subjects come from.
    pub index_digest: Option<Digest>,
    /// Whether licences are looked at.
    pub licenses: bool,
}

/// What may refuse.
#[derive(Clone, Copy, Default)]
pub struct Gates<'a> {
    /// `--fail-on`.
    pub fail_on: &'a [Term],
    /// `--allow-undetermined`.
    pub allow_undetermined: bool,
    /// `--policy`.
    pub policy: Option<&'a Asked<'a>>,
}

impl<'a> Gates<'a> {
    /// As the command line says.
    pub fn new(gates: &'a crate::args::scan::Gates, policy: Option<&'a Asked<'a>>) -> Self {
        Self { fail_on: &gates.fail_on, allow_undetermined: gates.allow_undetermined, policy }
    }
}

impl Judge<'_> {
    /// Matches and ranks what is in an image, and goes on as with a stored report. Without a database nobody looks for
    /// vulnerabilities.
    pub fn run(&self, subject: Subject, chosen: Option<&database::Chosen>) -> anyhow::Result<(Report, Exit)> {
        let Subject { image, inventory, claims, misconfigurations } = subject;
        let Some(chosen) = chosen else {
            let mut report = inventory_report(image, &inventory)?;
            report.misconfigurations = misconfigurations;
            if self.licenses {
                report.look_at_licenses();
            }
            return self.conclude(report, claims.as_ref(), None, None);
        };
        let mut matched = matcher::match_inventory(&inventory, &chosen.database, self.options)?;
        let usage = self.usage.filter(|usage| in_use::is_of(usage, &image));
        matcher::rank(&mut matched.findings, &matcher::Context { image: &image, inventory: &inventory, usage });
        let mut report = inventory_report(image, &inventory)?;
        report.database = chosen.database.info().clone();
        report.coverage = matched.coverage;
        report.warnings.extend(matched.warnings);
        report.warnings.extend(chosen.warnings.iter().cloned());
        report.findings = Some(matched.findings);
        report.misconfigurations = misconfigurations;
        if self.licenses {
            report.look_at_licenses();
        }
        self.conclude(report, claims.as_ref(), Some(&chosen.database), None)
    }

    /// Sets aside and decides; hides what the filters hide last, so that they open no gate.
    pub fn conclude(
        &self,
        mut report: Report,
        claims: Option<&VexDocument>,
        database: Option<&Database>,
        stored: Option<&StoredIn>,
    ) -> anyhow::Result<(Report, Exit)> {
        let mut findings = report.findings.take();
        if let Some(findings) = &mut findings {
            let unused = self.setting_aside.apply(findings, claims, &report, self, database)?;
            report.warnings.extend(unused);
        }
        if let Some(mut secrets) = report.secrets.take() {
            let unused = self.setting_aside.apply_to_secrets(&mut secrets, &report, self);
            report.warnings.extend(unused);
            report.secrets = Some(secrets);
        }
        report.warnings.sort();
        report.warnings.dedup();
        let mut exit = Exit::Done;
        let (mut decision, gates) = (None, self.gates);
        if !gates.fail_on.is_empty() {
            let options = self.options;
            let doubt = |feed: &FeedInfo| model::coverage::too_old(&feed.name, &feed.as_of, options.now, options.max_db_age);
            let mut unread = report.unread.clone();
            let packages = gates.fail_on.iter().any(|term| term.is_about_packages());
            // Filters hide secrets, too.
            if packages || gates.fail_on.contains(&Term::Secret) {
                unread.extend(unseen(&report, findings.is_some() || !packages));
            }
            let found = findings.as_deref().unwrap_or_default();
            let coverage = report.coverage.clone();
            if stored.is_some() {
                stored_report::age(&mut report.coverage, options);
            }
            let (terms, answer) = fail_on::judge(gates.fail_on, &report, found, &unread, &doubt, gates.allow_undetermined);
            report.coverage = coverage;
            decision = Some(terms);
            exit = answer;
        }
        report.findings = findings;
        if let Some(asked) = gates.policy {
            asked.judge_licenses(&mut report);
            let by_policy = asked.decide(&report, self.options, stored);
            exit = worse(exit, gate::exit(&by_policy));
            decision = Some(match decision {
                Some(terms) => both(by_policy, terms),
                None => by_policy,
            });
        }
        // A stored report keeps the decision it has until another is asked for.
        report.decision = decision.or(report.decision);
        if let Some(findings) = &report.findings {
            let (shown, hidden) = self.filter.apply(findings);
            report.findings = Some(shown);
            report.hidden_by_filters += hidden;
        }
        if let Some(secrets) = &report.secrets {
            let (shown, hidden) = self.filter.apply_to_secrets(secrets);
            report.secrets = Some(shown);
            report.hidden_by_filters += hidden;
        }
        Ok((report, exit))
    }
}

/// What a stored report keeps from a gate; in a scan there is no such thing.
fn unseen(report: &Report, holds_findings: bool) -> Option<String> {
    if !holds_findings {
        return Some("the report holds an inventory alone: nobody looked for vulnerabilities".to_owned());
    }
    let hidden = report.hidden_by_filters;
    (hidden > 0).then(|| format!("filters hide {hidden} findings from the report; write it without them"))
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
    /// Reads VEX documents and exceptions.
    pub fn read(told: &Told, baseline: Option<Baseline>) -> anyhow::Result<Self> {
        Ok(Self { vex: advisory::vex::read(&told.vex)?, decisions: exception::read(&told.ignore_file)?, baseline })
    }

    /// Sets secrets aside. No VEX document speaks of them.
    fn apply_to_secrets(&self, secrets: &mut [Secret], report: &Report, judge: &Judge<'_>) -> Vec<String> {
        let warnings = self.decisions.exceptions.apply_to_secrets(secrets, &report.image, judge.options.now);
        if let Some(baseline) = &self.baseline {
            baseline.apply_to_secrets(secrets);
        }
        warnings
    }

    /// Sets findings aside and says what could not be used. A document that was named for this scan goes before what the
    /// database holds, and both before exceptions: where the vendor says why, nobody else needs to.
    fn apply(
        &self,
        findings: &mut [Finding],
        claims: Option<&VexDocument>,
        report: &Report,
        judge: &Judge<'_>,
        database: Option<&Database>,
    ) -> anyhow::Result<Vec<String>> {
        let subject =
            matcher::vex::Subject { image: &report.image, index_digest: judge.index_digest, packages: &report.packages };
        if let Some(claims) = claims {
            matcher::vex::claim(findings, &subject, std::slice::from_ref(claims));
        }
        let of_database = match database {
            Some(database) => matcher::vex::from_database(findings, database)?,
            None => Vec::new(),
        };
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
