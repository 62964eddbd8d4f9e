//! Maven project descriptions (<https://maven.apache.org/pom.html>), as far as the file itself says what it means.

use model::license::{self, Dialect};
use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Elements below each other that are followed; what is looked for lies at five.
const MAX_DEPTH: usize = 256;

/// A project.
#[derive(Debug, Default)]
pub(super) struct Pom {
    group: String,
    artifact: String,
    version: String,
    parent_group: String,
    parent_version: String,
    properties: BTreeMap<String, String>,
    /// Licences, each an SPDX expression, or its name as declared.
    pub(super) licenses: Vec<String>,
    license_name: String,
    license_url: String,
    /// `dependencies`, in their order.
    pub(super) dependencies: Vec<Dependency>,
    /// `dependencyManagement`: versions for dependencies that have none.
    pub(super) managed: Vec<Dependency>,
}

/// A dependency as written, properties not yet replaced.
#[derive(Clone, Debug, Default)]
pub(super) struct Dependency {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    pub(super) scope: String,
}

impl Pom {
    /// Reads a project; the error says where the XML ends to be one.
    pub(super) fn parse(content: &[u8]) -> (Self, Option<String>) {
        let mut pom = Self::default();
        let content = String::from_utf8_lossy(content);
        let mut reader = Reader::from_str(&content);
        let mut path: Vec<String> = Vec::new();
        let mut text = String::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    if path.len() >= MAX_DEPTH {
                        return (pom, Some(format!("elements are nested deeper than {MAX_DEPTH}")));
                    }
                    path.push(start.local_name().as_ref().to_owned());
                    text.clear();
                    pom.begin(&path);
                }
                Ok(Event::Text(piece)) => text.push_str(&piece),
                Ok(Event::CData(piece)) => text.push_str(&piece),
                Ok(Event::GeneralRef(reference)) => {
                    match (reference.resolve_char_ref(), quick_xml::escape::resolve_xml_entity(&reference)) {
                        (Ok(Some(character)), _) => text.push(character),
                        (_, Some(entity)) => text.push_str(entity),
                        _ => {}
                    }
                }
                Ok(Event::End(_)) => {
                    pom.end(&path, text.trim());
                    path.pop();
                    text.clear();
                }
                Ok(Event::Eof) => return (pom, None),
                Ok(_) => {}
                Err(error) => return (pom, Some(format!("is not valid XML: {error}"))),
            }
        }
    }

    fn begin(&mut self, path: &[String]) {
        match path_of(path).as_slice() {
            ["project", "dependencies", "dependency"] => self.dependencies.push(Dependency::default()),
            ["project", "dependencyManagement", "dependencies", "dependency"] => self.managed.push(Dependency::default()),
            _ => {}
        }
    }

    fn end(&mut self, path: &[String], text: &str) {
        let set = |slot: &mut String| text.clone_into(slot);
        match path_of(path).as_slice() {
            ["project", "groupId"] => set(&mut self.group),
            ["project", "artifactId"] => set(&mut self.artifact),
            ["project", "version"] => set(&mut self.version),
            ["project", "parent", "groupId"] => set(&mut self.parent_group),
            ["project", "parent", "version"] => set(&mut self.parent_version),
            ["project", "licenses", "license", "name"] => set(&mut self.license_name),
            ["project", "licenses", "license", "url"] => set(&mut self.license_url),
            ["project", "licenses", "license"] => {
                let (name, url) = (std::mem::take(&mut self.license_name), std::mem::take(&mut self.license_url));
                // Names are free text; the address of the licence is often the more exact of both.
                let exact = [&name, &url].into_iter().find_map(|text| license::expression(text, Dialect::General));
                self.licenses.extend(exact.or(Some(name)).filter(|text| !text.is_empty()));
            }
            ["project", "properties", name] => {
                self.properties.insert((*name).to_owned(), text.to_owned());
            }
            ["project", "dependencies", "dependency", field] => {
                if let Some(dependency) = self.dependencies.last_mut() {
                    dependency.set(field, text);
                }
            }
            ["project", "dependencyManagement", "dependencies", "dependency", field] => {
                if let Some(dependency) = self.managed.last_mut() {
                    dependency.set(field, text);
                }
            }
            _ => {}
        }
    }

    /// Group, artifact and version of the project, the parent's where it inherits them; `None` where this file alone
    /// does not say.
    pub(super) fn coordinates(&self) -> Option<(String, String, String)> {
        let group = self.resolve(self.own_group())?;
        let artifact = self.resolve(&self.artifact)?;
        let version = self.resolve(self.own_version())?;
        Some((group, artifact, version))
    }

    fn own_group(&self) -> &str {
        if self.group.is_empty() { &self.parent_group } else { &self.group }
    }

    fn own_version(&self) -> &str {
        if self.version.is_empty() { &self.parent_version } else { &self.version }
    }

    /// Replaces `${…}` by what this file says; `None` where it does not, or where nothing is left.
    pub(super) fn resolve(&self, text: &str) -> Option<String> {
        /// Bytes of a resolved value; properties that double each other would grow without it.
        const MAX_LENGTH: usize = 1024;
        let mut text = text.to_owned();
        // Each round replaces one reference: a chain is short, a loop ends here.
        for _ in 0..16 {
            if text.len() > MAX_LENGTH {
                return None;
            }
            let Some(start) = text.find("${") else { return Some(text).filter(|text| !text.is_empty()) };
            let (before, rest) = text.split_at(start);
            let (name, after) = rest.get(2..)?.split_once('}')?;
            let value = match name.strip_prefix("pom.").or_else(|| name.strip_prefix("project.")).unwrap_or(name) {
                "groupId" => self.own_group(),
                "version" => self.own_version(),
                "artifactId" => &self.artifact,
                "parent.groupId" => &self.parent_group,
                "parent.version" => &self.parent_version,
                _ => self.properties.get(name)?,
            };
            text = format!("{before}{value}{after}");
        }
        None
    }
}

impl Dependency {
    fn set(&mut self, field: &str, text: &str) {
        let slot = match field {
            "groupId" => &mut self.group,
            "artifactId" => &mut self.artifact,
            "version" => &mut self.version,
            "scope" => &mut self.scope,
            _ => return,
        };
        text.clone_into(slot);
    }
}

/// The innermost five names tell apart what is looked for; deeper paths are none of it.
fn path_of(path: &[String]) -> Vec<&str> {
    if path.len() > 5 { Vec::new() } else { path.iter().map(String::as_str).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inherits_and_resolves() {
        let (pom, problem) = Pom::parse(
            br#"<?xml version="1.0"?><!-- x --><project xmlns="http://maven.apache.org/POM/4.0.0">
            <parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1.2</version></parent>
            <artifactId>a</artifactId>
            <licenses><license><name>Apache &amp; Co&#33;</name></license></licenses>
            <properties><x.version>${y}</x.version><y>3</y><loop>${loop}</loop><big>${big}${big}</big></properties>
            <dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>b</artifactId><version>${x.version}.0</version>
              <exclusions><exclusion><groupId>no</groupId></exclusion></exclusions></dependency></dependencies></project>"#,
        );
        assert_eq!(problem, None);
        assert_eq!(pom.coordinates(), Some(("org.example".into(), "a".into(), "1.2".into())));
        assert_eq!(pom.licenses, ["Apache & Co!"]);
        let dependency = &pom.dependencies[0];
        assert_eq!(pom.resolve(&dependency.group).as_deref(), Some("org.example"));
        assert_eq!(pom.resolve(&dependency.version).as_deref(), Some("3.0"));
        for bad in ["${loop}", "${big}", "${unknown}", "${", ""] {
            assert_eq!(pom.resolve(bad), None, "{bad}");
        }
    }

    #[test]
    fn bad_xml_is_said() {
        assert!(Pom::parse(b"<project><a></b>").1.is_some());
        assert!(Pom::parse("<a>".repeat(100_000).as_bytes()).1.is_some());
    }
}
