//! `updateinfo.xml` of RPM repositories (<https://openbuildservice.org/help/manuals/obs-user-guide/>, "updateinfo"): errata with
//! the packages that fix them, as Amazon, Rocky, AlmaLinux, Oracle, Fedora and openSUSE publish them beside their packages.

use model::advisory::{Advisory, Affected, End, Namespace, Range};
use model::package::PackageType;
use model::severity::Severity;

use super::record::{cves_in, is_cve, title};
use super::xml::{self, Element};
use super::{ParseError, Sink, rating, time};

/// Most packages of one erratum; the largest known has about 2,000.
const PACKAGES_LIMIT: usize = 20_000;

/// Reads one document. It does not say which release it is of: the folder that it lies in does (`updateinfo/amazon-2023/…`).
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let namespace = namespace(name).ok_or_else(|| ParseError("its folder does not name a release".into()))?;
    xml::elements(bytes, &|name| name == "update", &mut |update| {
        emit(&namespace, &update, sink);
        Ok(())
    })
}

/// `amazon:2023` for `updateinfo/amazon-2023/updateinfo.xml.gz`.
fn namespace(name: &str) -> Option<Namespace> {
    let folder = name.rsplit('/').nth(1)?;
    let (id, release) = folder.rsplit_once('-')?;
    (!id.is_empty() && release.starts_with(|c: char| c.is_ascii_digit())).then(|| format!("{id}:{release}"))
}

fn emit(namespace: &str, update: &Element, sink: &mut dyn Sink) {
    let date = |name: &str| update.child(name).and_then(|child| time::timestamp(child.attribute("date")));
    let issued = date("issued");
    let changed = date("updated").or(issued);
    sink.record(changed.map(time::day));
    let references =
        update.child("references").map(|references| references.all("reference").collect::<Vec<_>>()).unwrap_or_default();
    let mut cves: Vec<String> = Vec::new();
    for reference in &references {
        if is_cve(reference.attribute("id")) {
            cves.push(reference.attribute("id").to_owned());
        } else if reference.attribute("type") == "cve" {
            cves.extend(cves_in(reference.attribute("title")));
            cves.extend(cves_in(reference.attribute("href")));
        }
    }
    // Fedora names vulnerabilities in the titles of its bugs alone.
    if cves.is_empty() {
        cves.extend(references.iter().flat_map(|reference| cves_in(reference.attribute("title"))));
    }
    cves.sort_unstable();
    cves.dedup();
    // Bug fixes and enhancements are no advisories, unless they fix a vulnerability by the way.
    if cves.is_empty() && update.attribute("type") != "security" {
        return;
    }
    let id = update.child_text("id").to_owned();
    if id.is_empty() {
        sink.problem("an erratum has no id".to_owned());
        return;
    }
    let mut affected: Vec<Affected> = Vec::new();
    for collection in update.child("pkglist").into_iter().flat_map(|list| list.all("collection")) {
        let module =
            collection.child("module").map(|module| format!("{}:{}", module.attribute("name"), module.attribute("stream")));
        for package in collection.all("package").filter(|package| package.attribute("arch") != "src") {
            if affected.len() >= PACKAGES_LIMIT {
                sink.problem(format!("{id}: it fixes more than {PACKAGES_LIMIT} packages"));
                return;
            }
            let (version, release) = (package.attribute("version"), package.attribute("release"));
            if package.attribute("name").is_empty() || version.is_empty() {
                sink.problem(format!("{id}: a package has no name or version"));
                continue;
            }
            let epoch = Some(package.attribute("epoch")).filter(|epoch| !epoch.is_empty() && *epoch != "0");
            let version = format!("{}{version}-{release}", epoch.map(|epoch| format!("{epoch}:")).unwrap_or_default());
            let architecture = package.attribute("arch");
            let entry = Affected {
                namespace: namespace.to_owned(),
                kind: Some(PackageType::Rpm),
                name: package.attribute("name").to_owned(),
                module: module.clone(),
                ranges: vec![Range { end: End::Fixed(version), ..Range::default() }],
                fixed_at: issued,
                ..Affected::default()
            };
            let same = affected
                .iter_mut()
                .find(|known| (&known.name, &known.module, &known.ranges) == (&entry.name, &entry.module, &entry.ranges));
            match same {
                Some(known) if known.architectures.iter().any(|known| known == architecture) => {}
                Some(known) => known.architectures.push(architecture.to_owned()),
                None => affected.push(Affected { architectures: vec![architecture.to_owned()], ..entry }),
            }
        }
    }
    for entry in &mut affected {
        if entry.architectures.iter().any(|architecture| architecture == "noarch" || architecture.is_empty()) {
            entry.architectures.clear();
        }
    }
    if affected.is_empty() {
        return;
    }
    let distribution = namespace.split(':').next().unwrap_or(namespace);
    let level = Severity::from_vendor_word(update.child_text("severity"));
    let template = Advisory {
        title: title(update.child_text("title")),
        url: references
            .iter()
            .find(|reference| reference.attribute("type") == "self")
            .map_or("", |reference| reference.attribute("href"))
            .to_owned(),
        modified: changed,
        ratings: rating::ratings(distribution, level, [], &mut 0),
        affected,
        ..Advisory::default()
    };
    if cves.is_empty() {
        sink.advisory(Advisory { id, published: issued, ..template });
        return;
    }
    for cve in cves {
        sink.advisory(Advisory { id: cve, errata: vec![id.clone()], ..template.clone() });
    }
}
