//! XML documents of feeds, one interesting element at a time.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::ParseError;

/// Deepest nesting read; OVAL criteria nest about ten deep.
const DEPTH_LIMIT: usize = 64;
/// Most elements inside one interesting element.
const ELEMENTS_LIMIT: usize = 2_000_000;

/// An element with what is inside it. Names are without their namespace prefix.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// The text directly inside, without that of children.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// An attribute's value, empty where there is none.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first child's text, without surrounding blanks; empty where there is none.
    pub(crate) fn child_text(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// All children of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Hands out every element whose name `wanted` accepts, whole, in document order; elements inside handed-out ones are not
/// handed out again. Entities other than XML's own are dropped: no document is asked for their meaning.
pub(crate) fn elements(
    bytes: &[u8],
    wanted: &dyn Fn(&str) -> bool,
    each: &mut dyn FnMut(Element) -> Result<(), ParseError>,
) -> Result<(), ParseError> {
    let bad = |error: &dyn std::fmt::Display| ParseError(format!("not well-formed XML: {error}"));
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    // Elements being built, outermost first; `outside` counts those around them that nobody asked for.
    let mut open: Vec<Element> = Vec::new();
    let mut outside = 0_usize;
    let mut count = 0_usize;
    let mut any = false;
    loop {
        match reader.read_event().map_err(|error| bad(&error))? {
            Event::Start(start) => {
                any = true;
                let element = element(&start)?;
                if open.is_empty() && !wanted(&element.name) {
                    outside += 1;
                } else {
                    count = if open.is_empty() { 1 } else { count + 1 };
                    open.push(element);
                }
                if open.len() + outside > DEPTH_LIMIT || count > ELEMENTS_LIMIT {
                    return Err(ParseError("its elements are nested too deep or too many".into()));
                }
            }
            Event::Empty(start) => {
                any = true;
                let element = element(&start)?;
                count += 1;
                if count > ELEMENTS_LIMIT {
                    return Err(ParseError("its elements are too many".into()));
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None if wanted(&element.name) => each(element)?,
                    None => count = 0,
                }
            }
            Event::End(_) => match open.pop() {
                Some(element) => match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => {
                        each(element)?;
                        count = 0;
                    }
                },
                None => outside = outside.saturating_sub(1),
            },
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.into_inner());
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(element) = open.last_mut() {
                    resolve(&reference, &mut element.text);
                }
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
    if !open.is_empty() || outside > 0 {
        return Err(ParseError("it ends in the middle of an element".into()));
    }
    if !any {
        return Err(ParseError("it is no XML document".into()));
    }
    Ok(())
}

fn element(start: &BytesStart<'_>) -> Result<Element, ParseError> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or(name).to_owned();
    let mut element = Element { name: local(start.name().as_ref()), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| ParseError(format!("not well-formed XML: {error}")))?;
        // A value with an unknown entity is kept as it is written.
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or(attribute.value.clone());
        element.attributes.push((local(attribute.key.as_ref()), value.into_owned()));
    }
    Ok(element)
}

/// Appends what a character reference or one of XML's five entities stands for.
fn resolve(reference: &BytesRef<'_>, text: &mut String) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        text.push(character);
    } else if let Some(known) = resolve_predefined_entity(&reference.xml10_content()) {
        text.push_str(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(xml: &str) -> Result<Vec<String>, ParseError> {
        let mut found = Vec::new();
        elements(xml.as_bytes(), &|name| name == "b", &mut |element| {
            found.push(format!("{}={}", element.attribute("k"), element.text));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn elements_are_found_at_any_depth() {
        let xml = r#"<?xml version="1.0"?><x:a><x:b k="1 &lt; 2">t &amp; &#65;</x:b><c><b k="2"/></c><b><b>inner</b></b></x:a>"#;
        assert_eq!(texts(xml).unwrap(), ["1 < 2=t & A", "2=", "="]);
    }

    #[test]
    fn hostile_documents_end() {
        assert!(texts(&"<b>".repeat(1000)).is_err());
        assert!(texts("<a><b>").is_err());
        assert!(texts("").is_err());
        assert!(texts("no xml").is_err());
        let laughs = r#"<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><b>&y;</b>"#;
        assert_eq!(texts(laughs).unwrap(), ["="]);
    }
}
