//! Services with what they extend put in (<https://docs.docker.com/reference/compose-file/services/#extends>).

use std::collections::HashMap;

use super::Service;
use super::interpolate::interpolate;
use crate::yaml::{Entry, Node, Value};

/// How many services may extend one another in a row.
const MAX_CHAIN: usize = 16;
/// Values that are put in by extending, in a file.
const MAX_VALUES: usize = 1_000_000;

/// Keys of which a list is replaced, not added to.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];

/// The services of a document, in its order.
pub(super) fn services(root: &Node) -> impl Iterator<Item = Service> {
    let written = root.get("services").map(Node::entries).unwrap_or_default();
    let by_name: HashMap<&str, (&Node, usize)> =
        written.iter().map(|entry| (entry.key.as_str(), (&entry.value, size(&entry.value)))).collect();
    let mut left = MAX_VALUES;
    written.iter().filter(|entry| !entry.value.entries().is_empty()).map(move |entry| {
        let (mut node, mut known) = (entry.value.clone(), true);
        let mut current = &entry.value;
        let mut seen = vec![entry.key.as_str()];
        while let Some(extends) = current.get("extends") {
            let name = extends.get("service").unwrap_or(extends).text();
            let base = name.filter(|_| extends.get("file").is_none()).and_then(|name| Some((name, by_name.get(name)?)));
            match base {
                Some((name, (base, size))) if seen.len() < MAX_CHAIN && !seen.contains(&name) && *size <= left => {
                    left -= size;
                    add(&mut node, base);
                    seen.push(name);
                    current = base;
                }
                // It is in another file, or nowhere.
                _ => {
                    known = false;
                    break;
                }
            }
        }
        interpolate(&mut node);
        // A file that is laid over another says only what differs.
        let known = known && (node.get("image").is_some() || node.get("build").is_some());
        Service { name: entry.key.clone(), line: entry.value.line, node, known }
    })
}

/// Puts in what a service does not say itself.
fn add(node: &mut Node, base: &Node) {
    let Value::Mapping(entries) = &mut node.value else { return };
    for other in base.entries() {
        match entries.iter_mut().find(|entry| entry.key == other.key) {
            None => entries.push(Entry { key: other.key.clone(), value: other.value.clone() }),
            Some(own) => match (&mut own.value.value, &other.value.value) {
                (Value::Mapping(_), Value::Mapping(_)) => add(&mut own.value, &other.value),
                (Value::Sequence(items), Value::Sequence(more)) if !REPLACED.contains(&other.key.as_str()) => {
                    items.extend(more.iter().cloned());
                }
                _ => {}
            },
        }
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Null | Value::Scalar(_) => 0,
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => entries.iter().map(|entry| size(&entry.value)).sum(),
    }
}
