//! OVAL definitions of Linux distributions (<https://oval-community-guidelines.readthedocs.io/>): the core that the vendors'
//! documents share, and what is special about each.
//!
//! A definition's criteria combine tests; a test names an object (a package) and a state (`evr` less than a version). The
//! tests that hold the platform (`Oracle Linux 8 is installed`), its architecture and module streams surround those of
//! packages, and are told by their comments.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::advisory::{Advisory, Affected, End, Namespace, Range, Status};
use model::package::PackageType;
use model::severity::Severity;

use super::osv::ecosystem::suse;
use super::record::{is_cve, title};
use super::xml::{self, Element};
use super::{ParseError, Sink, rating, time};

/// Most package tests of one definition; the largest known (a kernel in all of SUSE's products) has about 5,000.
const HITS_LIMIT: usize = 20_000;

/// A definition's package test with everything that its surroundings demand.
struct Hit {
    package: String,
    end: Option<End>,
    status: Status,
    platforms: Vec<String>,
    architecture: Option<String>,
    module: Option<String>,
}

/// What surrounds a test.
#[derive(Clone, Default)]
struct Context {
    platforms: Vec<String>,
    architecture: Option<String>,
    module: Option<String>,
}

impl Context {
    /// A package test in these surroundings.
    fn hit(&self, package: String, end: Option<End>, status: Status) -> Hit {
        let Self { platforms, architecture, module } = self.clone();
        Hit { package, end, status, platforms, architecture, module }
    }
}

/// A state's demand on a package's version: the operation and the version.
type Evr = (String, String);

/// A document's tests, objects and states, by id.
#[derive(Default)]
struct Tables {
    /// Test → object and state.
    tests: HashMap<String, (String, String)>,
    /// Object → package name.
    objects: HashMap<String, String>,
    /// State → `evr`, where it has one.
    states: HashMap<String, Evr>,
}

/// Reads one document of any of the vendors below.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let mut tables = Tables::default();
    let mut definitions = Vec::new();
    let mut generated = None;
    let wanted = |name: &str| {
        name == "definition" || name == "generator" || ["_test", "_object", "_state"].iter().any(|end| name.ends_with(end))
    };
    xml::elements(bytes, &wanted, &mut |element| {
        let id = element.attribute("id").to_owned();
        match element.name.as_str() {
            "definition" => definitions.push(element),
            "generator" => generated = time::leading_day(element.child_text("timestamp")),
            test if test.ends_with("_test") => {
                let object = element.child("object").map_or("", |child| child.attribute("object_ref")).to_owned();
                let state = element.child("state").map_or("", |child| child.attribute("state_ref")).to_owned();
                tables.tests.insert(id, (object, state));
            }
            object if object.ends_with("_object") => {
                tables.objects.insert(id, element.child_text("name").to_owned());
            }
            _ => {
                if let Some(evr) = element.child("evr") {
                    tables.states.insert(id, (evr.attribute("operation").to_owned(), evr.text.trim().to_owned()));
                }
            }
        }
        Ok(())
    })?;
    if definitions.is_empty() {
        return Err(ParseError("it holds no OVAL definitions".into()));
    }
    for definition in definitions {
        emit(name, &definition, &tables, generated, sink);
    }
    Ok(())
}

/// Turns one definition into advisories.
fn emit(name: &str, definition: &Element, tables: &Tables, generated: Option<Date>, sink: &mut dyn Sink) {
    let empty = Element::default();
    let metadata = definition.child("metadata").unwrap_or(&empty);
    let details = metadata.child("advisory").unwrap_or(&empty);
    let date_of = |element: &Element, name: &str| element.child(name).and_then(|child| time::timestamp(child.attribute("date")));
    let issued = date_of(details, "issued").or_else(|| time::timestamp(metadata.child_text("advisory_date")));
    let updated = date_of(details, "updated").or(issued);
    sink.record(generated.or(updated.map(time::day)));
    let vendor = Vendor::of(definition.attribute("id"));
    // Red Hat counts definitions of CVEs that do not touch the release in documents of their own class.
    let not_applicable =
        metadata.child_text("patchable") == "Not Applicable" || definition.attribute("id").contains(":unaffected:");
    let mut hits = Vec::new();
    if let Some(criteria) = definition.child("criteria") {
        collect(criteria, &Context::default(), tables, &mut hits);
    }
    let platforms: Vec<&str> = metadata
        .child("affected")
        .map(|affected| affected.all("platform").map(|platform| platform.text.trim()).collect())
        .unwrap_or_default();
    let mut affected: Vec<Affected> = Vec::new();
    let mut unknown = None;
    if hits.len() > HITS_LIMIT {
        sink.problem(format!("{}: it tests more than {HITS_LIMIT} packages", title(definition.attribute("id"))));
        return;
    }
    for hit in hits {
        let namespaces = vendor.namespaces(name, &hit, &platforms);
        if namespaces.is_empty() {
            unknown = Some(hit.package.clone());
        }
        for namespace in namespaces {
            add(&mut affected, namespace, &hit, if not_applicable { Status::NotAffected } else { hit.status }, issued);
        }
    }
    if affected.is_empty() {
        if let Some(package) = unknown {
            sink.problem(format!("{}: no known release for {package}", title(definition.attribute("id"))));
        }
        return;
    }
    let references = || metadata.all("reference").map(|reference| reference.attribute("ref_id"));
    let mut cves: Vec<String> = details.all("cve").map(|cve| cve.text.trim().to_owned()).collect();
    // `CVE-2024-1`, `Mitre CVE-2024-1`, `CVE:00001:CVE-2019-1`
    cves.extend(references().map(|id| id.rsplit([' ', ':']).next().unwrap_or(id).to_owned()));
    cves.retain(|id| is_cve(id));
    cves.sort_unstable();
    cves.dedup();
    let errata: Vec<String> = vendor.erratum(metadata).into_iter().collect();
    let severity =
        if details.child_text("severity").is_empty() { metadata.child_text("severity") } else { details.child_text("severity") };
    let advisory = Advisory {
        title: vendor.title(metadata),
        url: metadata.child("reference").map_or("", |reference| reference.attribute("ref_url")).to_owned(),
        modified: updated,
        ratings: rating::ratings(vendor.name(), Severity::from_vendor_word(severity), [], &mut 0),
        affected,
        ..Advisory::default()
    };
    if cves.is_empty() {
        if let Some(id) = errata.into_iter().next() {
            sink.advisory(Advisory { id, published: issued, ..advisory });
        } else {
            sink.problem(format!("{}: it names neither a vulnerability nor an erratum", title(definition.attribute("id"))));
        }
        return;
    }
    for id in cves {
        sink.advisory(Advisory { id, errata: errata.clone(), ..advisory.clone() });
    }
}

/// Adds one hit; the same package for another architecture joins its entry.
fn add(affected: &mut Vec<Affected>, namespace: Namespace, hit: &Hit, status: Status, issued: Option<Timestamp>) {
    let ranges: Vec<Range> = match (&hit.end, status) {
        (_, Status::NotAffected) | (None, _) => Vec::new(),
        (Some(end), _) => vec![Range { end: end.clone(), ..Range::default() }],
    };
    let fixed_at = issued.filter(|_| matches!(hit.end, Some(End::Fixed(_))) && status == Status::Affected);
    let entry = Affected {
        namespace,
        kind: Some(PackageType::Rpm),
        name: hit.package.clone(),
        module: hit.module.clone(),
        architectures: hit.architecture.iter().cloned().collect(),
        status,
        ranges,
        fixed_at,
        ..Affected::default()
    };
    let same = affected.iter_mut().find(|known| {
        known.namespace == entry.namespace
            && known.name == entry.name
            && known.module == entry.module
            && known.ranges == entry.ranges
            && known.status == entry.status
    });
    match same {
        // No architecture means all.
        Some(known) if known.architectures.is_empty() || entry.architectures.is_empty() => known.architectures.clear(),
        Some(known) => {
            for architecture in entry.architectures {
                if !known.architectures.contains(&architecture) {
                    known.architectures.push(architecture);
                }
            }
        }
        None => affected.push(entry),
    }
}

/// Walks criteria. Inside AND, what the criterions demand of the system holds for the packages beside and below them; an
/// OR whose members all demand a platform gives a choice of platforms.
fn collect(criteria: &Element, context: &Context, tables: &Tables, hits: &mut Vec<Hit>) {
    let mut context = context.clone();
    let all_must_hold = criteria.attribute("operator") != "OR";
    if all_must_hold {
        for child in &criteria.children {
            match child.name.as_str() {
                "criterion" => demand(child.attribute("comment"), &mut context),
                "criteria" if child.attribute("operator") == "OR" && child.children.iter().all(is_platform) => {
                    context.platforms = child
                        .children
                        .iter()
                        .filter_map(|child| platform(child.attribute("comment")))
                        .map(str::to_owned)
                        .collect();
                }
                _ => {}
            }
        }
    }
    for child in &criteria.children {
        match child.name.as_str() {
            "criteria" => collect(child, &context, tables, hits),
            "criterion" => hits.extend(hit(child, &context, tables)),
            _ => {}
        }
    }
}

fn is_platform(criterion: &Element) -> bool {
    criterion.name == "criterion" && platform(criterion.attribute("comment")).is_some()
}

/// `Oracle Linux 8 is installed`; `kernel earlier than … is currently running` and packages that are installed are none.
fn platform(comment: &str) -> Option<&str> {
    let name = comment.strip_suffix(" is installed")?;
    ["Linux", "Leap", "Photon", "Tumbleweed", "SUSE", "Red Hat", "Ubuntu"].iter().any(|word| name.contains(word)).then_some(name)
}

/// What a criterion demands of the system.
fn demand(comment: &str, context: &mut Context) {
    if let Some(name) = platform(comment) {
        context.platforms = vec![name.to_owned()];
    } else if let Some((_, architecture)) = comment.split_once(" arch is ") {
        context.architecture = Some(architecture.trim().to_owned());
    } else if let Some(module) = comment.strip_prefix("Module ").and_then(|rest| rest.strip_suffix(" is enabled")) {
        context.module = Some(module.to_owned());
    }
}

/// What a criterion says of a package; `None` where it is about something else (signatures, the system).
fn hit(criterion: &Element, context: &Context, tables: &Tables) -> Option<Hit> {
    let comment = criterion.attribute("comment");
    let (object, state) = tables.tests.get(criterion.attribute("test_ref")).map_or(("", ""), |(object, state)| (object, state));
    let Some(package) = tables.objects.get(object).filter(|name| !name.is_empty()).cloned() else {
        // Comments are made by the same program and say the same; excerpts of documents lack the tables.
        let (package, version) = comment.split_once(" is earlier than ")?;
        return Some(context.hit(package.to_owned(), Some(End::Fixed(plain(version))), Status::Affected));
    };
    let (end, status) = match tables.states.get(state) {
        Some((operation, version)) => match operation.as_str() {
            // `0` is how Red Hat says "any version" of packages that are not affected.
            "less than" => (Some(End::Fixed(plain(version))), Status::Affected),
            "less than or equal" => (Some(End::LastAffected(plain(version))), Status::Affected),
            _ => return None,
        },
        None if comment.ends_with(" is not affected") => (None, Status::NotAffected),
        None if comment.ends_with(" is affected") => (Some(End::Open), Status::Affected),
        // Red Hat's "including unpatched" stream: what is installed is affected.
        None if comment.ends_with(" is installed") && platform(comment).is_none() => (Some(End::Open), Status::Affected),
        None => return None,
    };
    Some(context.hit(package, end, status))
}

/// Epoch 0 is not written in versions of installed packages.
fn plain(version: &str) -> String {
    version.strip_prefix("0:").unwrap_or(version).to_owned()
}

/// Whose definitions they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vendor {
    AzureLinux,
    Oracle,
    Photon,
    RedHat,
    Suse,
    Other,
}

impl Vendor {
    /// By the id of a definition, which names its author.
    fn of(id: &str) -> Self {
        const AUTHORS: [(&str, Vendor); 6] = [
            ("oval:com.microsoft.", Vendor::AzureLinux),
            ("oval:com.oracle.", Vendor::Oracle),
            ("oval:com.vmware.", Vendor::Photon),
            ("oval:com.redhat.", Vendor::RedHat),
            ("oval:org.opensuse.", Vendor::Suse),
            ("oval:com.suse.", Vendor::Suse),
        ];
        AUTHORS.iter().find(|(author, _)| id.starts_with(author)).map_or(Self::Other, |(_, vendor)| *vendor)
    }

    fn name(self) -> &'static str {
        match self {
            Self::AzureLinux => "azurelinux",
            Self::Oracle => "oracle",
            Self::Photon => "photon",
            Self::RedHat => "redhat",
            Self::Suse => "suse",
            Self::Other => "oval",
        }
    }

    /// The release lines that a hit is about.
    fn namespaces(self, document: &str, hit: &Hit, platforms: &[&str]) -> Vec<Namespace> {
        let own: Vec<&str> = hit.platforms.iter().map(String::as_str).collect();
        let platforms = if own.is_empty() { platforms } else { own.as_slice() };
        let mut found: Vec<Namespace> = match self {
            Self::AzureLinux => azure(document, hit).into_iter().collect(),
            Self::Oracle => numbered("oracle", "Oracle Linux ", platforms),
            Self::Photon => numbered("photon", "Photon ", platforms)
                .into_iter()
                .chain(numbered("photon", "Photon OS ", platforms))
                // `Photon 3` is release 3.0.
                .map(|namespace| if namespace.contains('.') { namespace } else { namespace + ".0" })
                .collect(),
            Self::RedHat => numbered("rhel", "Red Hat Enterprise Linux ", platforms),
            Self::Suse => platforms.iter().filter_map(|platform| suse(platform)).collect(),
            Self::Other => Vec::new(),
        };
        // Builds with live patching are compared among themselves alone.
        if self == Self::Oracle && matches!(&hit.end, Some(End::Fixed(version)) if version.contains(".ksplice")) {
            found = found.into_iter().map(|namespace| namespace + "+ksplice").collect();
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The erratum that a definition describes.
    fn erratum(self, metadata: &Element) -> Option<String> {
        let reference = |source: &str| {
            metadata
                .all("reference")
                .find(|reference| reference.attribute("source").eq_ignore_ascii_case(source))
                .map(|reference| reference.attribute("ref_id").to_owned())
        };
        match self {
            Self::Oracle => reference("elsa"),
            Self::RedHat => reference("RHSA"),
            // `PHSA-2020:00001 sqlite Security Update. (Important)`
            Self::Photon => {
                metadata.child_text("title").split_whitespace().next().filter(|word| word.starts_with("PHSA-")).map(str::to_owned)
            }
            Self::Suse => metadata
                .all("reference")
                .map(|reference| reference.attribute("ref_id"))
                .find(|id| id.starts_with("SUSE-SU-"))
                .map(str::to_owned),
            Self::AzureLinux | Self::Other => None,
        }
    }

    /// One line of what it is; titles that only repeat ids and versions are none.
    fn title(self, metadata: &Element) -> String {
        let text = metadata.child_text("title");
        match self {
            Self::AzureLinux | Self::Suse | Self::Other => String::new(),
            // `RHSA-2020:5624: thunderbird security update (Important)`
            Self::RedHat | Self::Oracle => title(text.split_once(": ").map_or(text, |(_, rest)| rest)),
            Self::Photon => title(text.split_once(' ').map_or(text, |(_, rest)| rest)),
        }
    }
}

/// `oracle:8` for `Oracle Linux 8`.
fn numbered(id: &str, prefix: &str, platforms: &[&str]) -> Vec<Namespace> {
    let release = |platform: &&str| {
        let word = platform.strip_prefix(prefix)?.split_whitespace().next()?;
        word.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("{id}:{word}"))
    };
    platforms.iter().filter_map(release).collect()
}

/// Microsoft's platform names have no number: the build's distribution tag has (`.azl3`, `.cm2`), else the document's name.
fn azure(document: &str, hit: &Hit) -> Option<Namespace> {
    let version = match &hit.end {
        Some(End::Fixed(version) | End::LastAffected(version)) => version.as_str(),
        _ => "",
    };
    let tagged = |tag: &str| {
        version.rsplit_once(tag).map(|(_, number)| number.chars().take_while(char::is_ascii_digit).collect::<String>())
    };
    if let Some(number) = tagged(".azl").filter(|number| !number.is_empty()) {
        return Some(format!("azurelinux:{number}.0"));
    }
    if let Some(number) = tagged(".cm").filter(|number| !number.is_empty()) {
        return Some(format!("mariner:{number}.0"));
    }
    let id = if document.contains("mariner") { "mariner" } else { "azurelinux" };
    let number =
        document.split(['-', '/', '_']).find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(".0"))?;
    Some(format!("{id}:{number}"))
}
