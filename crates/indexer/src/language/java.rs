//! Jars and their relatives: Maven coordinates from what the build put inside, archives inside archives included.
//!
//! `META-INF/maven/GROUP/ARTIFACT/pom.properties` is written by Maven itself
//! (<https://maven.apache.org/shared/maven-archiver/>); a jar that shades others holds one for each. Where there is none,
//! only what names group, artifact and version beyond doubt counts: the `pom.xml` beside it, the manifest of a Jenkins
//! plug-in, the folders of a Maven or Gradle repository. Titles, bundle names and file names do not: a wrong group makes a
//! vulnerable jar look clean. Such a jar is listed without coordinates, as one that no feed can judge.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use model::license::{self, Dialect};
use model::package::{Package, PackageType};

use super::archive::{Archive, Budget, Error, Member, while_held};
use super::pom::Pom;
use crate::extractor::{Claim, File, Found, Parser};

/// Archives inside archives that are followed: a jar in a war in an ear is three.
const MAX_DEPTH: usize = 6;

/// Bytes of `pom.properties`, `pom.xml` or a manifest.
const MAX_TEXT: u64 = 4 << 20;

/// Bytes of one archive inside another.
const MAX_INNER: u64 = 512 << 20;

/// Bytes of a name of an archive inside another.
const MAX_NAME: usize = 1024;

/// Coordinates that one archive may hold; the largest shaded jars hold some hundred.
const MAX_COORDINATES: usize = 10_000;

/// Damaged archives and members of one file that are named.
const MAX_PROBLEMS: usize = 100;

/// Java archives.
#[derive(Debug)]
pub struct Java;

const EXTENSIONS: [&str; 6] = [".jar", ".war", ".ear", ".par", ".jpi", ".hpi"];

impl Parser for Java {
    const ID: &'static str = "language/java";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[
        Claim::Extension(".jar"),
        Claim::Extension(".war"),
        Claim::Extension(".ear"),
        Claim::Extension(".par"),
        Claim::Extension(".jpi"),
        Claim::Extension(".hpi"),
    ];
    const MAX_SIZE: u64 = 512 << 20;

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut walk = Walk { file, found, texts: false, budget_said: false };
        walk.archive(content, "", &mut Budget::new(), 0);
    }
}

/// The same, and the texts of licences inside; it takes the place of [`Java`] where licences are asked for.
#[derive(Debug)]
pub(crate) struct JavaWithTexts;

impl Parser for JavaWithTexts {
    const ID: &'static str = "license/java";
    const VERSION: u32 = Java::VERSION;
    const CLAIMS: &'static [Claim] = Java::CLAIMS;
    const MAX_SIZE: u64 = Java::MAX_SIZE;

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let mut walk = Walk { file, found, texts: true, budget_said: false };
        walk.archive(content, "", &mut Budget::new(), 0);
    }
}

/// The walk through one file and what lies inside.
struct Walk<'a, 'f> {
    file: &'a File<'a>,
    found: &'f mut Found,
    /// Whether texts of licences are read.
    texts: bool,
    budget_said: bool,
}

/// What one archive says of itself.
#[derive(Default)]
struct Evidence {
    /// Folder below `META-INF/maven` → group, artifact, version.
    coordinates: BTreeMap<Vec<u8>, (String, String, String)>,
    licenses: BTreeMap<Vec<u8>, Vec<String>>,
    manifest: Manifest,
    /// Licences whose text lies in the archive.
    texts: BTreeSet<String>,
}

impl Evidence {
    /// What the archive as a whole says of its licence: its manifest, else the texts in it.
    fn license(&self) -> Vec<String> {
        if self.manifest.licenses.iter().any(|text| license::is_expression(text)) || self.texts.is_empty() {
            return license::any_of(self.manifest.licenses.iter().map(String::as_str), Dialect::General);
        }
        self.texts.iter().cloned().collect()
    }
}

impl Walk<'_, '_> {
    /// Reads an archive; `inner` is its place inside the file, empty for the file itself.
    fn archive(&mut self, content: &[u8], inner: &str, budget: &mut Budget, depth: usize) {
        let archive = match Archive::open(content) {
            Ok(archive) => archive,
            Err(error) => return self.problem(inner, &error),
        };
        let texts = self.texts;
        let (members, ended) = archive
            .members(budget, |name| is_maven(name) || is_manifest(name) || is_archive(name) || (texts && is_license(name)));
        if let Some(error) = ended {
            self.problem(inner, &error);
        }
        let evidence = self.evidence(&archive, &members, inner, budget);
        self.report(evidence, inner);
        for member in members.iter().filter(|member| is_archive(&member.name)) {
            self.descend(&archive, member, inner, budget, depth);
        }
    }

    /// Reads what the build left in `META-INF`.
    fn evidence(&mut self, archive: &Archive<'_>, members: &[Member], inner: &str, budget: &mut Budget) -> Evidence {
        let mut evidence = Evidence::default();
        for member in members.iter().filter(|member| !is_archive(&member.name)).take(3 * MAX_COORDINATES) {
            let text = is_license(&member.name);
            let content = match archive.read(member, if text { license::MAX_TEXT as u64 } else { MAX_TEXT }, budget) {
                Ok(content) => content,
                // A text that cannot be read hides no package.
                Err(_) if text => continue,
                Err(error) => {
                    self.problem(inner, &error);
                    continue;
                }
            };
            if text {
                evidence.texts.extend(license::of_text(&String::from_utf8_lossy(&content)));
                continue;
            }
            let folder = model::path::parent(&member.name).to_vec();
            if is_manifest(&member.name) {
                evidence.manifest = Manifest::parse(&content);
            } else if member.name.ends_with(b"/pom.properties") {
                if let Some(coordinates) = properties(&content) {
                    evidence.coordinates.insert(folder, coordinates);
                }
            } else {
                let (pom, _) = Pom::parse(&content);
                if let Some(coordinates) = pom.coordinates() {
                    // `pom.properties` holds what the build resolved, this may not.
                    evidence.coordinates.entry(folder.clone()).or_insert(coordinates);
                }
                evidence.licenses.insert(folder, pom.licenses);
            }
        }
        evidence
    }

    fn report(&mut self, mut evidence: Evidence, inner: &str) {
        let path = if inner.is_empty() { Cow::Owned(self.file.display()) } else { Cow::Borrowed(inner) };
        if evidence.coordinates.is_empty()
            && let Some(coordinates) = evidence.manifest.jenkins_plugin().or_else(|| repository(&path))
        {
            evidence.coordinates.insert(Vec::new(), coordinates);
        }
        let mut seen = BTreeSet::new();
        // The manifest speaks for the jar, not for what was shaded into it.
        let of_archive = evidence.license();
        let mut declared_in = std::mem::take(&mut evidence.licenses);
        let single = evidence.coordinates.len() == 1;
        for (folder, (group, artifact, version)) in evidence.coordinates.into_iter().take(MAX_COORDINATES) {
            if seen.insert((group.clone(), artifact.clone(), version.clone())) {
                let mut package = Package::new(PackageType::Maven, format!("{group}:{artifact}"), version, Java::ID);
                let declared = declared_in.remove(&folder).filter(|licenses| !licenses.is_empty());
                package.licenses = match declared {
                    // Who uses it may choose one (<https://maven.apache.org/pom.html#Licenses>).
                    Some(texts) => license::any_of(texts.iter().map(String::as_str), Dialect::General),
                    None if single => of_archive.clone(),
                    None => Vec::new(),
                };
                self.add(package, inner);
            }
        }
        if seen.is_empty() {
            let (name, version) = file_name(&path);
            let version = version.or(evidence.manifest.version).unwrap_or_default();
            let mut package = Package::new(PackageType::Maven, name, version, Java::ID);
            package.licenses = of_archive;
            package.unjudged = Some("jar without coordinates".to_owned());
            self.add(package, inner);
        }
    }

    fn add(&mut self, package: Package, inner: &str) {
        if inner.is_empty() {
            self.found.packages.push(package);
        } else {
            self.found.package_inside(package, self.file, inner);
        }
    }

    fn descend(&mut self, archive: &Archive<'_>, member: &Member, inner: &str, budget: &mut Budget, depth: usize) {
        let shown = model::path::display(&member.name);
        let name = shown.strip_prefix('/').unwrap_or(&shown);
        if name.len() > MAX_NAME || depth + 1 >= MAX_DEPTH || !budget.open_one() {
            return self.problem(inner, &Error::Budget);
        }
        let inner = if inner.is_empty() { name.to_owned() } else { format!("{inner}!{name}") };
        match archive.read(member, MAX_INNER, budget) {
            Ok(content) => while_held(content, budget, |content, budget| self.archive(content, &inner, budget, depth + 1)),
            Err(error) => self.problem(&inner, &error),
        }
    }

    fn problem(&mut self, inner: &str, error: &Error) {
        // Once the budget is spent every further archive would say so, and of many damaged members some are enough.
        let enough = match error {
            Error::Budget => std::mem::replace(&mut self.budget_said, true),
            _ => self.found.problems.len() >= MAX_PROBLEMS,
        };
        self.found.lost = true;
        if enough {
            return;
        }
        self.found.problems.push(if inner.is_empty() { error.to_string() } else { format!("{inner} {error}") });
    }
}

fn is_archive(name: &[u8]) -> bool {
    let ends_in = |extension: &str| {
        name.len()
            .checked_sub(extension.len())
            .and_then(|at| name.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(extension.as_bytes()))
    };
    EXTENSIONS.iter().any(|extension| ends_in(extension))
}

/// `LICENSE`, `META-INF/LICENSE.txt` and their like; not those of what is bundled, in folders of its own.
fn is_license(name: &[u8]) -> bool {
    let name = name.strip_prefix(b"META-INF/").unwrap_or(name).to_ascii_lowercase();
    matches!(name.as_slice(), b"license" | b"license.txt" | b"license.md" | b"licence" | b"licence.txt" | b"copying")
}

fn is_manifest(name: &[u8]) -> bool {
    name == b"META-INF/MANIFEST.MF"
}

/// `META-INF/maven/GROUP/ARTIFACT/pom.{properties,xml}`, also below `WEB-INF/classes` and `BOOT-INF/classes`.
fn is_maven(name: &[u8]) -> bool {
    let Some(folder) = name.strip_suffix(b"/pom.properties").or_else(|| name.strip_suffix(b"/pom.xml")) else { return false };
    let Some(below) = memchr::memmem::rfind(folder, b"META-INF/maven/").and_then(|at| folder.get(at + 15..)) else {
        return false;
    };
    memchr::memchr_iter(b'/', below).count() == 1
}

/// `groupId`, `artifactId` and `version` of a Java properties file; `None` where one is missing or was never filled in.
fn properties(content: &[u8]) -> Option<(String, String, String)> {
    let text = String::from_utf8_lossy(content);
    let value = |key: &str| {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.starts_with(['#', '!']))
            .filter_map(|line| line.split_once(['=', ':']))
            .find(|(name, _)| name.trim() == key)
            .map(|(_, value)| value.trim())
            .filter(|value| is_coordinate(value))
            .map(str::to_owned)
    };
    Some((value("groupId")?, value("artifactId")?, value("version")?))
}

fn is_coordinate(text: &str) -> bool {
    let plain =
        |character: char| !character.is_control() && !character.is_whitespace() && !matches!(character, ':' | '/' | '$' | '{');
    !text.is_empty() && text.len() <= 512 && text.chars().all(plain)
}

/// Group, artifact and version from the folders of a repository: `…/repository/GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.jar`
/// (`.m2/repository`, Debian's `usr/share/maven-repo`), `…/files-2.1/GROUP/ARTIFACT/VERSION/HASH/ARTIFACT-VERSION.jar` (Gradle).
fn repository(path: &str) -> Option<(String, String, String)> {
    let (folder, file) = path.rsplit_once('/')?;
    let stem = file.rsplit_once('.')?.0;
    if let Some((_, below)) = folder.rsplit_once("/files-2.1/") {
        let mut parts = below.split('/');
        let (group, artifact, version) = (parts.next()?, parts.next()?, parts.next()?);
        return named(stem, group.to_owned(), artifact, version);
    }
    let below = ["/.m2/repository/", "/maven-repo/", "/maven/repository/"]
        .iter()
        .find_map(|root| folder.rsplit_once(root).map(|(_, below)| below))?;
    let (rest, version) = below.rsplit_once('/')?;
    let (group, artifact) = rest.rsplit_once('/')?;
    named(stem, group.replace('/', "."), artifact, version)
}

/// The coordinates, where the file's name agrees with them; a classifier may follow.
fn named(stem: &str, group: String, artifact: &str, version: &str) -> Option<(String, String, String)> {
    let rest = stem.strip_prefix(artifact)?.strip_prefix('-')?.strip_prefix(version)?;
    let agrees =
        (rest.is_empty() || rest.starts_with('-')) && is_coordinate(&group) && is_coordinate(artifact) && is_coordinate(version);
    agrees.then(|| (group, artifact.to_owned(), version.to_owned()))
}

/// Name and version that a file name suggests, for people: never used to match. The version begins after the first `-`
/// that a digit follows.
fn file_name(path: &str) -> (String, Option<String>) {
    let file = path.rsplit(['/', '!']).next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let version = stem.match_indices('-').find(|(at, _)| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit));
    let (name, version) = match version {
        Some((at, _)) if at > 0 => (stem.get(..at).unwrap_or(stem), stem.get(at + 1..).map(str::to_owned)),
        _ => (stem, None),
    };
    (if name.is_empty() { file.to_owned() } else { name.to_owned() }, version)
}

/// The main section of a manifest, as far as it speaks of versions
/// (<https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest>).
#[derive(Debug, Default)]
struct Manifest {
    group: Option<String>,
    artifact: Option<String>,
    plugin_version: Option<String>,
    /// What the archive calls its version.
    version: Option<String>,
    /// Of `Bundle-License` (<https://docs.osgi.org/specification/osgi.core/8.0.0/framework.module.html#framework.module-bundle-license>).
    licenses: Vec<String>,
}

impl Manifest {
    fn parse(content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content);
        let mut manifest = Self::default();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if line.trim().is_empty() {
                break;
            }
            let Some((key, value)) = line.split_once(':') else { continue };
            let mut bundle_license = None;
            let slot = match key {
                "Bundle-License" => &mut bundle_license,
                "Group-Id" => &mut manifest.group,
                "Artifact-Id" => &mut manifest.artifact,
                "Short-Name" if manifest.artifact.is_none() => &mut manifest.artifact,
                "Plugin-Version" => &mut manifest.plugin_version,
                "Implementation-Version" => &mut manifest.version,
                "Bundle-Version" if manifest.version.is_none() => &mut manifest.version,
                _ => continue,
            };
            let mut value = value.trim().to_owned();
            // A line of more than 72 bytes goes on after a line break and a space.
            while let Some(more) = lines.next_if(|line| line.starts_with(' ')) {
                value.push_str(more.get(1..).unwrap_or_default().trim_end());
            }
            if key == "Bundle-License" {
                // Each clause is a name or an address; attributes follow a semicolon.
                let clauses = value.split(',').take(32).map(|clause| clause.split(';').next().unwrap_or(clause).trim());
                manifest.licenses = clauses
                    .filter(|text| !text.is_empty())
                    .map(|text| license::expression_or_text(text, Dialect::General))
                    .collect();
            } else if is_coordinate(&value) {
                *slot = Some(value);
            }
        }
        manifest
    }

    /// A Jenkins plug-in names its own coordinates (<https://www.jenkins.io/doc/developer/plugin-development/>).
    fn jenkins_plugin(&self) -> Option<(String, String, String)> {
        Some((self.group.clone()?, self.artifact.clone()?, self.plugin_version.clone()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maven_places() {
        for (name, expected) in [
            ("META-INF/maven/org.a/b/pom.properties", true),
            ("WEB-INF/classes/META-INF/maven/org.a/b/pom.xml", true),
            ("META-INF/maven/pom.properties", false),
            ("src/test/pom.properties", false),
            ("META-INF/maven/a/b/c/pom.properties", false),
        ] {
            assert_eq!(is_maven(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn property_files() {
        let text = b"#Generated by Maven\n#Mon\nversion=1.2.3\r\ngroupId = org.a\nartifactId:b\n";
        assert_eq!(properties(text), Some(("org.a".into(), "b".into(), "1.2.3".into())));
        assert_eq!(properties(b"version=${project.version}\ngroupId=a\nartifactId=b"), None);
        assert_eq!(properties(b"groupId=a\nartifactId=b"), None);
    }

    #[test]
    fn repositories() {
        let gav = |group: &str, artifact: &str, version: &str| Some((group.to_owned(), artifact.to_owned(), version.to_owned()));
        for (path, expected) in [
            ("/home/app/.m2/repository/org/slf4j/slf4j-api/1.7.32/slf4j-api-1.7.32.jar", gav("org.slf4j", "slf4j-api", "1.7.32")),
            ("/home/app/.m2/repository/io/netty/netty/4.1/netty-4.1-linux-x86_64.jar", gav("io.netty", "netty", "4.1")),
            ("/home/app/.gradle/caches/modules-2/files-2.1/a.b/c/1.0/da39a3ee/c-1.0.jar", gav("a.b", "c", "1.0")),
            ("/usr/share/maven-repo/junit/junit/4.x/junit-4.13.jar", None),
            ("/opt/app/lib/log4j-core-2.14.1.jar", None),
        ] {
            assert_eq!(repository(path), expected, "{path}");
        }
    }

    #[test]
    fn manifests() {
        let manifest =
            Manifest::parse(b"Manifest-Version: 1.0\r\nGroup-Id: org.jenkins-ci.pl\r\n ugins\r\nShort-Name: git\r\nPlugin-Version: 4.11.3\r\n\r\nName: x\r\nGroup-Id: y\r\n");
        assert_eq!(manifest.jenkins_plugin(), Some(("org.jenkins-ci.plugins".into(), "git".into(), "4.11.3".into())));
        assert_eq!(Manifest::parse(b"Implementation-Title: x\nBundle-Version: 1.0\n").jenkins_plugin(), None);
    }

    #[test]
    fn file_names() {
        for (path, name, version) in [
            ("/usr/share/java/commons-logging-1.2.jar", "commons-logging", Some("1.2")),
            ("/a/app.war!WEB-INF/lib/ant.jar", "ant", None),
            ("/a/-1.jar", "-1", None),
            ("/a/.jar", ".jar", None),
        ] {
            assert_eq!(file_name(path), (name.to_owned(), version.map(str::to_owned)), "{path}");
        }
    }
}
