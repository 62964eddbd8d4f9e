//! One entry held against one package.

use std::cmp::Ordering;

use model::advisory::{Affected, End, Range, Status};
use model::package::{Package, PackageType};
use model::version::{self, Scheme};

use crate::binary;
use crate::plan::Plan;

/// What one entry says of one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The package is in what the entry calls vulnerable.
    Affected(Interval),
    /// The entry says that this package is not affected: the end of this vulnerability, whatever other entries say.
    NotAffected,
    /// The entry does not speak of this package.
    Out(Out),
    /// It cannot be told.
    Unknown(Unknown),
}

/// Which part of an entry holds the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    /// The entry names every version.
    Every,
    /// One of its ranges, by position.
    Range(usize),
    /// A version named by itself.
    Named,
}

/// Why an entry of the right name does not speak of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Out {
    /// It is of another package type.
    Kind,
    /// It is of another architecture.
    Architecture,
    /// It is of another module or stream, or one of the two is outside modules.
    Module,
    /// The version lies outside.
    Version,
    /// The vulnerable symbols are not linked.
    Symbols,
}

impl Out {
    /// As `--explain` says it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Kind => "the entry is of another package type",
            Self::Architecture => "the entry is of another architecture",
            Self::Module => "the entry is of another module stream, or only one of the two is built in a module",
            Self::Version => "the version is outside the range",
            Self::Symbols => "none of the vulnerable symbols is linked into the program",
        }
    }
}

/// Why it cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// The package carries no version.
    NoVersion,
    /// The version, or the range's, does not follow the ecosystem's rules.
    Incomparable,
    /// Built in a module, but the stream of one of the two is not told.
    Stream,
    /// What the feed says of this version could not be read.
    Unread,
}

impl Unknown {
    /// As the coverage and `--explain` say it.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::NoVersion => "no version to compare",
            Self::Incomparable => "the version cannot be compared",
            Self::Stream => "the module stream is not told",
            Self::Unread => "what the feed says of this version could not be read",
        }
    }
}

/// Holds an entry against a package.
pub(crate) fn judge(affected: &Affected, package: &Package, plan: &Plan<'_>) -> Verdict {
    if affected.kind.is_some_and(|kind| kind != package.kind) {
        return Verdict::Out(Out::Kind);
    }
    if let (false, Some(architecture)) = (affected.architectures.is_empty(), &package.architecture)
        && !affected.architectures.contains(architecture)
    {
        return Verdict::Out(Out::Architecture);
    }
    let stream_known = match stream(affected, package) {
        Stream::Other => return Verdict::Out(Out::Module),
        Stream::Same => true,
        Stream::Untold => false,
    };
    match interval(affected, plan) {
        Err(unknown) => Verdict::Unknown(unknown),
        Ok(None) => Verdict::Out(Out::Version),
        Ok(Some(_)) if !stream_known => Verdict::Unknown(Unknown::Stream),
        Ok(Some(_)) if affected.status == Status::NotAffected => Verdict::NotAffected,
        Ok(Some(_)) if affected.status == Status::Unread => Verdict::Unknown(Unknown::Unread),
        Ok(Some(_)) if !binary::links_vulnerable_symbol(affected, package) => Verdict::Out(Out::Symbols),
        Ok(Some(interval)) => Verdict::Affected(interval),
    }
}

/// Where in the entry the version lies; `None` where it lies outside.
fn interval(affected: &Affected, plan: &Plan<'_>) -> Result<Option<Interval>, Unknown> {
    if affected.ranges.is_empty() && affected.versions.is_empty() {
        return Ok(Some(Interval::Every));
    }
    if affected.ranges.iter().any(is_everything) {
        return Ok(Some(Interval::Every));
    }
    // What Go stamps into a program built from a working tree, and no version at all.
    if plan.version.is_empty() || plan.version == "(devel)" {
        return Err(Unknown::NoVersion);
    }
    let mut unknown = false;
    for (position, range) in affected.ranges.iter().enumerate() {
        match plan.scheme.and_then(|scheme| version::contains(scheme, range, plan.version)) {
            Some(true) => return Ok(Some(Interval::Range(position))),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if affected.versions.iter().any(|named| is_same(plan.scheme, named, plan.version)) {
        return Ok(Some(Interval::Named));
    }
    if unknown { Err(Unknown::Incomparable) } else { Ok(None) }
}

fn is_same(scheme: Option<Scheme>, left: &str, right: &str) -> bool {
    // Feeds name versions by the hundred: most are told apart without reading them as versions.
    let maybe = || significant(left).eq(significant(right));
    left == right || scheme.is_some_and(|scheme| maybe() && scheme.compare(left, right) == Some(Ordering::Equal))
}

/// The digits other than zero before a `+`. Versions that are equal in any order share them: what equal versions may be
/// written with or without is zeros, words, signs and build metadata.
fn significant(version: &str) -> impl Iterator<Item = u8> {
    version.bytes().take_while(|byte| *byte != b'+').filter(|byte| matches!(byte, b'1'..=b'9'))
}

fn is_everything(range: &Range) -> bool {
    range.after.is_none() && range.first().is_none() && range.end == End::Open
}

/// The first version of a range, without the ways in which feeds write "from the beginning".
enum Stream {
    Same,
    Other,
    Untold,
}

/// Modules of RPM families: two streams of one module share package names and are unrelated otherwise.
fn stream(affected: &Affected, package: &Package) -> Stream {
    if package.kind != PackageType::Rpm {
        return Stream::Same;
    }
    let installed = package.module.as_deref().and_then(name_and_stream);
    // The release of a modular build says so even where the label is lost (`.module+el8.6.0`, `.module_el8`).
    let installed_in_module = installed.is_some() || package.version.contains(".module");
    let entry_in_module = affected.module.is_some() || affected.ranges.iter().any(|range| end_text(range).contains(".module"));
    match (installed, affected.module.as_deref()) {
        _ if installed_in_module != entry_in_module => Stream::Other,
        (Some(installed), Some(named)) if installed == named => Stream::Same,
        (Some(_), Some(_)) => Stream::Other,
        _ if installed_in_module => Stream::Untold,
        _ => Stream::Same,
    }
}

/// `nodejs:18` of `nodejs:18:8090020230301:rhel8:x86_64`.
fn name_and_stream(label: &str) -> Option<&str> {
    let (name, rest) = label.split_once(':')?;
    let stream = rest.split(':').next().unwrap_or_default();
    label.get(..name.len() + 1 + stream.len())
}

fn end_text(range: &Range) -> &str {
    match &range.end {
        End::Open => "",
        End::Fixed(version) | End::LastAffected(version) => version,
    }
}

/// The interval in words: `openssl >= 3.0.0, < 3.0.14-1~deb12u1`.
pub(crate) fn range_text(affected: &Affected, interval: Interval, version: &str) -> String {
    let name = &affected.name;
    match interval {
        Interval::Every => format!("{name}, every version"),
        Interval::Named => format!("{name} = {version}"),
        Interval::Range(position) => affected.ranges.get(position).map_or_else(|| name.clone(), |range| one_range(name, range)),
    }
}

/// All that the entry says of versions, as `--explain` shows it.
pub(crate) fn entry_text(affected: &Affected) -> String {
    const NAMED: usize = 5;
    if affected.ranges.is_empty() && affected.versions.is_empty() {
        return format!("{}, every version", affected.name);
    }
    let mut parts: Vec<String> = affected.ranges.iter().map(|range| one_range(&affected.name, range)).collect();
    if !affected.versions.is_empty() {
        let mut text = format!("{} = {}", affected.name, affected.versions[..affected.versions.len().min(NAMED)].join(", "));
        if affected.versions.len() > NAMED {
            text = format!("{text} and {} more", affected.versions.len() - NAMED);
        }
        parts.push(text);
    }
    parts.join(" or ")
}

fn one_range(name: &str, range: &Range) -> String {
    match (range.first(), &range.after, &range.end) {
        (None, None, End::Open) => format!("{name}, {range}"),
        _ => format!("{name} {range}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(version: &str) -> Vec<Range> {
        vec![Range { end: End::Fixed(version.into()), ..Range::default() }]
    }

    fn rpm(version: &str, label: Option<&str>) -> Package {
        let mut package = Package::new(PackageType::Rpm, "nodejs", version, "os/rpm");
        package.module = label.map(str::to_owned);
        package.architecture = Some("x86_64".into());
        package
    }

    fn of(affected: &Affected, package: &Package) -> Verdict {
        let mut plan = crate::language::plan(package);
        plan.refusal = None;
        judge(affected, package, &plan)
    }

    #[test]
    fn modules_match_their_stream_alone() {
        let label = Some("nodejs:18:8090020230301:rhel8:x86_64");
        let modular = "1:18.1.0-1.module+el8.9.0+1";
        let entry = |module: Option<&str>, end: &str| Affected {
            name: "nodejs".into(),
            module: module.map(str::to_owned),
            ranges: fixed(end),
            ..Affected::default()
        };
        let inside = Verdict::Affected(Interval::Range(0));
        for (package, affected, expected) in [
            (rpm(modular, label), entry(Some("nodejs:18"), "1:18.9.0-1.module+el8.9.0+2"), inside),
            (rpm(modular, label), entry(Some("nodejs:20"), "1:20.9.0-1.module+el8.9.0+2"), Verdict::Out(Out::Module)),
            (rpm(modular, label), entry(Some("nodejs:1"), "1:18.9.0-1.module+el8.9.0+2"), Verdict::Out(Out::Module)),
            (rpm(modular, label), entry(None, "1:20.9.0-1.el8"), Verdict::Out(Out::Module)),
            (rpm(modular, None), entry(None, "1:20.9.0-1.el8"), Verdict::Out(Out::Module)),
            (rpm("1:16.0.0-1.el9", None), entry(Some("nodejs:18"), "1:18.9.0-1.module+el9"), Verdict::Out(Out::Module)),
            (rpm("1:16.0.0-1.el9", None), entry(None, "1:18.9.0-1.module_el9"), Verdict::Out(Out::Module)),
            (rpm("1:16.0.0-1.el9", None), entry(None, "1:18.9.0-1.el9"), inside),
            (rpm(modular, None), entry(Some("nodejs:18"), "1:18.9.0-1.module+el8.9.0+2"), Verdict::Unknown(Unknown::Stream)),
            (rpm(modular, label), entry(None, "1:18.9.0-1.module_el8"), Verdict::Unknown(Unknown::Stream)),
            (rpm(modular, label), entry(None, "1:18.0.0-1.module_el8"), Verdict::Out(Out::Version)),
        ] {
            assert_eq!(of(&affected, &package), expected, "{} {:?} {affected:?}", package.version, package.module);
        }
    }

    #[test]
    fn architectures() {
        let mut affected = Affected { name: "nodejs".into(), ranges: fixed("9-1"), ..Affected::default() };
        affected.architectures = vec!["aarch64".into()];
        assert_eq!(of(&affected, &rpm("1-1", None)), Verdict::Out(Out::Architecture));
        affected.architectures.push("x86_64".into());
        assert_eq!(of(&affected, &rpm("1-1", None)), Verdict::Affected(Interval::Range(0)));
    }

    #[test]
    fn without_a_version_only_every_version_can_be_told() {
        let mut affected = Affected { name: "example.org/m".into(), ranges: fixed("1.2.3"), ..Affected::default() };
        for version in ["", "(devel)"] {
            let package = Package::new(PackageType::Golang, "example.org/m", version, "binary/go");
            affected.ranges = fixed("1.2.3");
            assert_eq!(of(&affected, &package), Verdict::Unknown(Unknown::NoVersion));
            affected.ranges = vec![Range { introduced: Some("0".into()), ..Range::default() }];
            assert_eq!(of(&affected, &package), Verdict::Affected(Interval::Every));
            affected.ranges.clear();
            assert_eq!(of(&affected, &package), Verdict::Affected(Interval::Every));
        }
        affected.ranges = fixed("1.2.3");
        let package = Package::new(PackageType::Golang, "example.org/m", "what is this", "binary/go");
        assert_eq!(of(&affected, &package), Verdict::Unknown(Unknown::Incomparable));
    }

    #[test]
    fn named_versions_compare_as_the_ecosystem_does() {
        let affected = Affected { name: "x".into(), versions: vec!["1.0".into()], ..Affected::default() };
        let package = Package::new(PackageType::Pypi, "x", "1.0.0", "language/python");
        assert_eq!(of(&affected, &package), Verdict::Affected(Interval::Named));
        let package = Package::new(PackageType::Pypi, "x", "1.0.1", "language/python");
        assert_eq!(of(&affected, &package), Verdict::Out(Out::Version));
        for (kind, named, installed) in [
            (PackageType::Pypi, "1.0.post1", "v1.0-1"),
            (PackageType::Pypi, "1.0a0", "0!1.0alpha"),
            (PackageType::Npm, "1.2.3", "1.2.3+20240101"),
            (PackageType::Maven, "1.0-alpha-1", "1-a1"),
            (PackageType::Nuget, "1.0", "1.0.0.0"),
            (PackageType::Golang, "v2.0.0+incompatible", "2.0.0"),
        ] {
            let affected = Affected { name: "x".into(), versions: vec![named.into()], ..Affected::default() };
            let package = Package::new(kind, "x", installed, "test");
            assert_eq!(of(&affected, &package), Verdict::Affected(Interval::Named), "{kind} {named} {installed}");
        }
    }

    #[test]
    fn ranges_in_words() {
        let mut affected = Affected { name: "openssl".into(), ..Affected::default() };
        assert_eq!(entry_text(&affected), "openssl, every version");
        affected.ranges = vec![
            Range { introduced: Some("3.0".into()), after: None, end: End::Fixed("3.0.14".into()) },
            Range { introduced: None, after: Some("3.1".into()), end: End::LastAffected("3.1.4".into()) },
            Range { introduced: Some("0".into()), after: None, end: End::Fixed("1.1".into()) },
        ];
        affected.versions = ["1", "2", "3", "4", "5", "6"].map(String::from).to_vec();
        assert_eq!(
            entry_text(&affected),
            "openssl >= 3.0, < 3.0.14 or openssl > 3.1, <= 3.1.4 or openssl < 1.1 or openssl = 1, 2, 3, 4, 5 and 1 more"
        );
        assert_eq!(range_text(&affected, Interval::Range(2), "1.0"), "openssl < 1.1");
        assert_eq!(range_text(&affected, Interval::Named, "6"), "openssl = 6");
    }
}
