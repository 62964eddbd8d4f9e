//! CycloneDX XML (<https://cyclonedx.org/docs/1.6/xml/>), read in one pass: what is not asked for costs no memory. No
//! document is asked for the meaning of entities other than XML's own; they are dropped.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::SbomError;
use super::super::component::MAX_PACKAGES;
use super::{Dependency, Document, Entry, FORMAT, License, NamedLicense, Property, Supplier};

/// Deepest nesting of elements, as serde_json has it for JSON: about sixty components within each other.
const MAX_DEPTH: usize = 128;
/// What every version's namespace begins with.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/1.";

/// Reads a document.
pub(in super::super) fn parse(text: &str) -> Result<Document, SbomError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk { reader, depth: 0, room: MAX_PACKAGES, too_many: false };
    let mut document = Document::default();
    let mut is_bom = false;
    walk.children(|walk, root| {
        if root.local_name().as_ref() != "bom" || !has_namespace(root) {
            return Err(SbomError::UnknownFormat);
        }
        is_bom = true;
        bom(walk, &mut document)
    })?;
    if !is_bom {
        return Err(SbomError::UnknownFormat);
    }
    FORMAT.clone_into(&mut document.format);
    if walk.too_many {
        document.unread = Some(format!("the SBOM lists more than {MAX_PACKAGES} components; the rest was not read"));
    }
    Ok(document)
}

fn has_namespace(root: &BytesStart<'_>) -> bool {
    // Without checks: those for attributes that come twice take the square of their number.
    root.attributes().with_checks(false).flatten().any(|attribute| {
        let name: &str = attribute.key.as_ref();
        (name == "xmlns" || name.starts_with("xmlns:")) && attribute.value.starts_with(NAMESPACE)
    })
}

fn bom(walk: &mut Walk<'_>, document: &mut Document) -> Result<(), SbomError> {
    walk.children(|walk, element| {
        match element.local_name().as_ref() {
            "metadata" => walk.children(|walk, element| {
                match element.local_name().as_ref() {
                    "component" => document.metadata.component = component(walk, element)?,
                    "properties" => properties(walk, &mut document.metadata.properties)?,
                    _ => {}
                }
                Ok(())
            })?,
            "components" => components(walk, &mut document.components)?,
            "dependencies" => dependencies(walk, &mut document.dependencies)?,
            "properties" => properties(walk, &mut document.properties)?,
            _ => {}
        }
        Ok(())
    })
}

fn components(walk: &mut Walk<'_>, list: &mut Vec<Entry>) -> Result<(), SbomError> {
    walk.children(|walk, element| {
        if element.local_name().as_ref() == "component" {
            list.extend(component(walk, element)?);
        }
        Ok(())
    })
}

/// One component with those inside it; `None` where there were too many before.
fn component(walk: &mut Walk<'_>, element: &BytesStart<'_>) -> Result<Option<Entry>, SbomError> {
    let Some(room) = walk.room.checked_sub(1) else {
        walk.too_many = true;
        return Ok(None);
    };
    walk.room = room;
    let mut entry = Entry { reference: attribute(element, "bom-ref"), kind: attribute(element, "type"), ..Entry::default() };
    walk.children(|walk, element| {
        match element.local_name().as_ref() {
            "group" => entry.group = walk.said()?,
            "name" => entry.name = walk.text()?,
            "version" => entry.version = walk.said()?,
            "description" => entry.description = walk.said()?,
            "publisher" => entry.publisher = walk.said()?,
            "supplier" => entry.supplier = Some(Supplier { name: walk.child_text("name")? }),
            "purl" => entry.purl = walk.said()?,
            "licenses" => licenses(walk, &mut entry.licenses)?,
            "properties" => properties(walk, &mut entry.properties)?,
            "components" => components(walk, &mut entry.components)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(Some(entry))
}

fn licenses(walk: &mut Walk<'_>, list: &mut Vec<License>) -> Result<(), SbomError> {
    walk.children(|walk, element| {
        match element.local_name().as_ref() {
            "expression" => list.push(License { expression: walk.said()?, ..License::default() }),
            "license" => {
                let mut named = NamedLicense::default();
                walk.children(|walk, element| {
                    match element.local_name().as_ref() {
                        "id" => named.id = walk.said()?,
                        "name" => named.name = walk.said()?,
                        _ => {}
                    }
                    Ok(())
                })?;
                list.push(License { license: Some(named), ..License::default() });
            }
            _ => {}
        }
        Ok(())
    })
}

fn properties(walk: &mut Walk<'_>, list: &mut Vec<Property>) -> Result<(), SbomError> {
    walk.children(|walk, element| {
        if element.local_name().as_ref() == "property" {
            list.push(Property { name: attribute(element, "name"), value: walk.text()? });
        }
        Ok(())
    })
}

/// Those of the dependency-graph extension, which came before version 1.2, look the same.
fn dependencies(walk: &mut Walk<'_>, list: &mut Vec<Dependency>) -> Result<(), SbomError> {
    walk.children(|walk, element| {
        if element.local_name().as_ref() == "dependency" {
            let mut dependency = Dependency { from: attribute(element, "ref"), depends_on: Vec::new() };
            walk.children(|_, element| {
                if element.local_name().as_ref() == "dependency" {
                    dependency.depends_on.push(attribute(element, "ref"));
                }
                Ok(())
            })?;
            list.push(dependency);
        }
        Ok(())
    })
}

/// An attribute's value, empty where there is none.
fn attribute(element: &BytesStart<'_>, name: &str) -> String {
    // As for the namespace.
    let mut all = element.attributes();
    let found = all.with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name);
    let Some(found) = found else { return String::new() };
    // A value with an unknown entity is kept as it is written.
    found.normalized_value(XmlVersion::Implicit1_0).unwrap_or(found.value.clone()).into_owned()
}

/// A way through the document.
struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    /// Elements that are open.
    depth: usize,
    /// Components that may follow yet.
    room: usize,
    too_many: bool,
}

impl<'a> Walk<'a> {
    fn next(&mut self) -> Result<Event<'a>, SbomError> {
        let event = self.reader.read_event().map_err(|error| SbomError::Damaged(format!("not well-formed XML: {error}")))?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            return Err(SbomError::Damaged(format!("its elements are nested deeper than {MAX_DEPTH}")));
        }
        Ok(event)
    }

    /// Hands out every element directly inside the one that is open. What `each` leaves of it is passed over.
    fn children(&mut self, mut each: impl FnMut(&mut Self, &BytesStart<'a>) -> Result<(), SbomError>) -> Result<(), SbomError> {
        let outside = self.depth;
        loop {
            match self.next()? {
                Event::Start(element) => {
                    each(self, &element)?;
                    while self.depth > outside {
                        self.pass()?;
                    }
                }
                Event::End(_) => return Ok(()),
                Event::Eof if outside == 0 => return Ok(()),
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
    }

    fn pass(&mut self) -> Result<(), SbomError> {
        if matches!(self.next()?, Event::Eof) { Err(cut()) } else { Ok(()) }
    }

    /// The text directly inside the element that is open, without surrounding blanks.
    fn text(&mut self) -> Result<String, SbomError> {
        let inside = self.depth;
        let mut text = String::new();
        loop {
            let event = self.next()?;
            match event {
                Event::Text(piece) if self.depth == inside => text.push_str(&piece.xml10_content()),
                Event::CData(piece) if self.depth == inside => text.push_str(&piece.into_inner()),
                Event::GeneralRef(reference) if self.depth == inside => resolve(&reference, &mut text),
                Event::End(_) if self.depth < inside => return Ok(text.trim().to_owned()),
                Event::Eof => return Err(cut()),
                _ => {}
            }
        }
    }

    /// The same; `None` where there is none, as JSON leaves out what XML has empty.
    fn said(&mut self) -> Result<Option<String>, SbomError> {
        Ok(Some(self.text()?).filter(|text| !text.is_empty()))
    }

    /// The text of the first child of this name.
    fn child_text(&mut self, name: &str) -> Result<Option<String>, SbomError> {
        let mut found = None;
        self.children(|walk, element| {
            if found.is_none() && element.local_name().as_ref() == name {
                found = walk.said()?;
            }
            Ok(())
        })?;
        Ok(found)
    }
}

fn cut() -> SbomError {
    SbomError::Damaged("it ends in the middle of an element".to_owned())
}

/// Appends what a character reference or one of XML's five entities stands for.
fn resolve(reference: &BytesRef<'_>, text: &mut String) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
    } else if let Some(known) = resolve_predefined_entity(&reference.xml10_content()) {
        text.push_str(known);
    }
}
