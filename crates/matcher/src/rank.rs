//! The order of work: one number from 0 to 100 for each finding, and the terms that made it in plain words.
//!
//! ```text
//! threat = 1 − Π (1 − tᵢ)                     over what is known of exploitation, see the constants
//! impact = CVSS base score / 10, held to the band of the chosen severity; the middle of the band without a score
//! risk   = 100 · min(1, (0.35 · impact + 0.65 · threat · (0.6 + 0.4 · impact)) · use · exposure · fix)
//! ```
//!
//! - Evidence adds up: one more piece of it never lowers the number, and a fact that is missing adds nothing and takes
//!   nothing away; `why` says that it is missing.
//! - Impact alone reaches 35: a vulnerability that is critical on paper stands behind one of medium impact that is exploited
//!   (70 and more).
//! - `use`, `exposure` and `fix` are 1 where nothing is known. What was not seen in use falls, known exploited ones by
//!   little: they are never hidden by silence.
//!
//! A malicious package is 100: it is the attack. The end of life of a release is 40 and an unmaintained package 5: both say
//! that fixes will be missing, not that one is.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use model::finding::{Finding, FindingKind, FindingStatus};
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::package::PackageType;
use model::severity::{Cvss, Severity};
use model::usage::{Usage, UseEvidence};

use crate::fold::sort_findings;

/// Known to be exploited, by CISA's word.
const KEV: f64 = 0.97;
/// The same, and ransomware uses it.
const KEV_RANSOMWARE: f64 = 0.99;
/// CISA's SSVC says that it is exploited.
const SSVC_ACTIVE: f64 = 0.8;
/// A Metasploit module: anybody can.
const WEAPONISED: f64 = 0.7;
/// An exploit in a collection that is looked through before it is published.
const EXPLOIT: f64 = 0.4;
/// SSVC knows of a proof of concept.
const SSVC_POC: f64 = 0.1;
/// Links to code that nobody has looked at: most lead to lists and scanners.
const LINKS: f64 = 0.03;

/// Factor for what was seen in use.
const IN_USE: f64 = 1.2;
/// Factors for what was not, known exploited and others, after a time in which most of what an image does was seen.
const NOT_SEEN_EXPLOITED: f64 = 0.95;
const NOT_SEEN: f64 = 0.6;
/// How long that is; before it, silence says nothing.
const LONG_ENOUGH: SignedDuration = SignedDuration::from_hours(24);
/// Factor for what is reached over the network, in an image that listens on a port.
const EXPOSED: f64 = 1.1;
/// Factor for the program that the image starts.
const STARTED: f64 = 1.1;
/// Factor for code that runs as root.
const AS_ROOT: f64 = 1.05;
/// Factor for what nothing can be done about yet.
const NO_FIX: f64 = 0.95;

/// What the ranking knows beside the findings.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// How containers of the image are run.
    pub image: &'a ImageInfo,
    /// What is in it: which package owns a file that was in use.
    pub inventory: &'a Inventory,
    /// What was seen in use; `None` where nobody looked.
    pub usage: Option<&'a Usage>,
}

/// Ranks findings and puts them into the order of work.
pub fn rank(findings: &mut [Finding], context: &Context<'_>) {
    let uses = context.usage.map(|usage| Uses::new(usage, context.inventory));
    for finding in findings.iter_mut() {
        let seen = uses.as_ref().and_then(|uses| uses.of(finding));
        // A release runs with everything that is in it.
        finding.in_use = context.usage.filter(|_| finding.kind != FindingKind::EndOfLife).map(|_| seen.is_some());
        let (risk, why) = judge(finding, context, seen);
        finding.risk = Some(risk);
        finding.why = why;
    }
    sort_findings(findings);
}

/// The number and its terms.
fn judge(finding: &Finding, context: &Context<'_>, seen: Option<UseEvidence>) -> (f64, Vec<String>) {
    let mut why = Vec::new();
    match finding.kind {
        FindingKind::Malicious => return (100.0, vec!["the package itself is the attack".to_owned()]),
        FindingKind::EndOfLife => return (40.0, vec!["no more fixes will come".to_owned()]),
        FindingKind::Unmaintained => return (5.0, vec!["nobody maintains it".to_owned()]),
        FindingKind::Vulnerability => {}
    }
    let threat = threat(finding, &mut why);
    let impact = impact(finding, &mut why);
    let factor = use_factor(finding, context, seen, &mut why)
        * exposure_factor(finding, context.image, &mut why)
        * fix_factor(finding, &mut why);
    let risk = (0.35 * impact + 0.65 * threat * (0.6 + 0.4 * impact)) * factor;
    // One decimal: more would feign an accuracy that no term has.
    ((risk.min(1.0) * 1000.0).round() / 10.0, why)
}

/// How likely it is to be exploited, 0 to 1.
fn threat(finding: &Finding, why: &mut Vec<String>) -> f64 {
    let mut none = 1.0;
    let mut add = |weight: f64, text: String| {
        none *= 1.0 - weight;
        why.push(text);
    };
    let exploited = finding.exploited.as_ref();
    if let Some(kev) = exploited.and_then(|exploited| exploited.kev.as_ref()) {
        if kev.ransomware {
            add(KEV_RANSOMWARE, format!("known to be exploited, also by ransomware (CISA KEV, since {})", kev.date_added));
        } else {
            add(KEV, format!("known to be exploited (CISA KEV, since {})", kev.date_added));
        }
    }
    match finding.ssvc.as_ref().map(|ssvc| (ssvc.exploitation.as_str(), ssvc.automatable)) {
        Some(("active", _)) => add(SSVC_ACTIVE, "actively exploited (CISA SSVC)".to_owned()),
        Some(("poc", true)) => add(SSVC_POC, "proof of concept, can be automated (CISA SSVC)".to_owned()),
        Some(("poc", false)) => add(SSVC_POC, "proof of concept (CISA SSVC)".to_owned()),
        _ => {}
    }
    match exploited.and_then(|exploited| exploited.exploit_code.as_deref()) {
        Some("metasploit") => add(WEAPONISED, "public exploit, ready to use (Metasploit)".to_owned()),
        Some("poc") => add(LINKS, "links to exploit code (weak: not looked at)".to_owned()),
        Some(source) => add(EXPLOIT, format!("public exploit ({source})")),
        None => {}
    }
    match &finding.epss {
        Some(epss) => {
            let percent = epss.score * 100.0;
            let digits = usize::from(percent < 10.0);
            add(epss.score.clamp(0.0, 1.0), format!("EPSS {percent:.digits$} % within 30 days (of {})", epss.date));
        }
        None => why.push("no EPSS score is known".to_owned()),
    }
    if exploited.is_none() {
        why.push("whether it is exploited was not looked for".to_owned());
    }
    1.0 - none
}

/// How much harm it does, 0 to 1.
fn impact(finding: &Finding, why: &mut Vec<String>) -> f64 {
    let (from, to) = band(finding.severity);
    let source = if finding.severity_source.is_empty() { String::new() } else { format!(" by {}", finding.severity_source) };
    if finding.severity == Severity::Unknown && finding.cvss.is_empty() {
        why.push("nobody has rated it: taken for medium".to_owned());
        return 0.55;
    }
    match chosen_vector(finding) {
        Some(cvss) => {
            let held = cvss.score.clamp(from, to);
            why.push(if (held - cvss.score).abs() < f64::EPSILON {
                format!("CVSS {} ({})", cvss.score, cvss.source)
            } else {
                format!("rated {}{source}; CVSS {} ({}) counts as {held}", finding.severity, cvss.score, cvss.source)
            });
            held / 10.0
        }
        None => {
            why.push(format!("rated {}{source}", finding.severity));
            f64::midpoint(from, to) / 10.0
        }
    }
}

/// The scores that a level stands for (CVSS v3.1, section 5).
fn band(severity: Severity) -> (f64, f64) {
    match severity {
        Severity::Critical => (9.0, 10.0),
        Severity::High => (7.0, 8.9),
        Severity::Medium => (4.0, 6.9),
        Severity::Low => (0.1, 3.9),
        Severity::Negligible => (0.0, 1.0),
        Severity::Unknown => (0.0, 10.0),
    }
}

/// The vector of whoever chose the severity, else the newest standard's, else the highest; v2 only where there is no other.
fn chosen_vector(finding: &Finding) -> Option<&Cvss> {
    finding.cvss.iter().max_by(|left, right| {
        let key = |cvss: &Cvss| (cvss.source == finding.severity_source, !cvss.version.starts_with('2'));
        key(left).cmp(&key(right)).then_with(|| left.score.total_cmp(&right.score))
    })
}

fn use_factor(finding: &Finding, context: &Context<'_>, seen: Option<UseEvidence>, why: &mut Vec<String>) -> f64 {
    let Some(usage) = context.usage else { return 1.0 };
    if let Some(evidence) = seen {
        why.push(format!("in use: {}", evidence.words()));
        return IN_USE;
    }
    let watched = usage.observed.duration();
    if watched < LONG_ENOUGH {
        why.push(format!("not seen in use, but watched for {} alone", span(watched)));
        return 1.0;
    }
    why.push(format!("not seen in use in {}", span(watched)));
    if finding.is_known_exploited() { NOT_SEEN_EXPLOITED } else { NOT_SEEN }
}

fn span(duration: SignedDuration) -> String {
    let hours = duration.as_hours();
    let (count, unit) = if hours >= 48 { (hours / 24, "day") } else { (hours, "hour") };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

fn exposure_factor(finding: &Finding, image: &ImageInfo, why: &mut Vec<String>) -> f64 {
    let mut factor = 1.0;
    let network = finding.cvss.iter().any(|cvss| cvss.vector.contains("AV:N"));
    if network && let Some(port) = image.exposed_ports.first() {
        let more = if image.exposed_ports.len() > 1 { " and more" } else { "" };
        why.push(format!("reached over the network, and the image listens on {port}{more}"));
        factor *= EXPOSED;
    }
    let files = finding.evidence.iter().map(|evidence| evidence.path.split('!').next().unwrap_or_default());
    if let Some(path) = files.into_iter().find(|path| image.command.iter().any(|argument| argument == path)) {
        why.push(format!("in what the image starts ({path})"));
        factor *= STARTED;
    }
    // Only a configuration says so: folders and SBOMs have none.
    if image.config_digest.is_some() && is_root(image.user.as_deref().unwrap_or_default()) {
        why.push("runs as root".to_owned());
        factor *= AS_ROOT;
    }
    factor
}

/// Whether a `USER` is root, by name or number, with or without a group.
fn is_root(user: &str) -> bool {
    matches!(user.split(':').next().unwrap_or_default(), "" | "root" | "0")
}

fn fix_factor(finding: &Finding, why: &mut Vec<String>) -> f64 {
    if finding.status != FindingStatus::Fixed {
        why.push("no fix yet".to_owned());
        return NO_FIX;
    }
    why.push(match finding.fix_available_since {
        Some(since) => format!("a fix is available since {}", since.strftime("%F")),
        None => "a fix is available".to_owned(),
    });
    1.0
}

/// What a purl names, however it is encoded and whatever qualifiers it has.
type Key = (PackageType, String, String);

fn key(purl: &str) -> Option<Key> {
    model::purl::parse(purl).map(|package| (package.kind, package.name, package.version))
}

/// What was in use, by package and by file.
struct Uses<'a> {
    packages: HashMap<Key, UseEvidence>,
    /// Sorted, so that what lies below a folder is one look-up.
    paths: BTreeMap<&'a str, UseEvidence>,
    /// Packages of the distribution that own files which were in use.
    owners: HashMap<&'a str, UseEvidence>,
}

impl<'a> Uses<'a> {
    fn new(usage: &'a Usage, inventory: &'a Inventory) -> Self {
        let mut uses = Self { packages: HashMap::new(), paths: BTreeMap::new(), owners: HashMap::new() };
        for one in &usage.uses {
            let stronger = |known: &mut UseEvidence| *known = (*known).max(one.evidence);
            if let Some(key) = one.purl.as_deref().and_then(key) {
                uses.packages.entry(key).and_modify(stronger).or_insert(one.evidence);
            }
            if let Some(path) = &one.path {
                uses.paths.entry(path).and_modify(stronger).or_insert(one.evidence);
                if let Some(owner) = inventory.owners.get(path) {
                    uses.owners.entry(owner).and_modify(stronger).or_insert(one.evidence);
                }
            }
        }
        uses
    }

    /// The strongest evidence that a finding's package was in use.
    fn of(&self, finding: &Finding) -> Option<UseEvidence> {
        let by_purl = key(&finding.purl).and_then(|key| self.packages.get(&key)).copied();
        let by_owner = finding.package_type.is_os().then(|| self.owners.get(finding.package.as_str()).copied()).flatten();
        let by_path = finding.evidence.iter().filter_map(|evidence| self.below(&evidence.path)).max();
        by_purl.max(by_owner).max(by_path)
    }

    /// What was seen of the file a package was found in, or, where that is the package's record, of the folder it describes.
    fn below(&self, path: &str) -> Option<UseEvidence> {
        let file = path.split_once('!').map_or(path, |(file, _)| file);
        let direct = self.paths.get(file).copied();
        let Some(folder) = file.strip_suffix("package.json") else { return direct };
        let inside = |(used, evidence): (&&str, &UseEvidence)| {
            let rest = used.strip_prefix(folder)?;
            // What lies in a nested package belongs to that one.
            (!rest.starts_with("node_modules/")).then_some(*evidence)
        };
        self.paths.range(folder..).take_while(|(used, _)| used.starts_with(folder)).filter_map(inside).max().max(direct)
    }
}
