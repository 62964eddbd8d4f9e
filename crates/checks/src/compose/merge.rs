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
    let binds = binds(root);
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
        put_in_binds(&mut node, &binds);
        // A file that is laid over another says only what differs.
        let known = known && (node.get("image").is_some() || node.get("build").is_some());
        Service { name: entry.key.clone(), line: entry.value.line, node, known }
    })
}

/// Named volumes that are folders of the host by another name.
fn binds(root: &Node) -> HashMap<&str, &str> {
    let volumes = root.get("volumes").map(Node::entries).unwrap_or_default();
    let is_bind = |volume: &Node| {
        let options = volume.at("driver_opts.o").and_then(Node::text).unwrap_or_default();
        options.split(',').any(|option| matches!(option, "bind" | "rbind"))
    };
    let bound = volumes.iter().filter(|volume| is_bind(&volume.value));
    bound.filter_map(|volume| Some((volume.key.as_str(), volume.value.at("driver_opts.device")?.text()?))).collect()
}

/// Writes the folder where a service mounts such a volume.
fn put_in_binds(node: &mut Node, binds: &HashMap<&str, &str>) {
    let Value::Mapping(entries) = &mut node.value else { return };
    let Some(volumes) = entries.iter_mut().find(|entry| entry.key == "volumes") else { return };
    let Value::Sequence(items) = &mut volumes.value.value else { return };
    for item in items {
        let Value::Scalar(text) = &mut item.value else { continue };
        if let Some((name, rest)) = text.split_once(':')
            && let Some(device) = binds.get(name)
        {
            *text = format!("{device}:{rest}");
        }
    }
}

/// Puts in what a service does not say itself.
fn add(node: &mut Node, base: &Node) {
    let Value::Mapping(entries) = &mut node.value else { return };
    let places: HashMap<String, usize> = (0..).zip(&*entries).map(|(at, entry)| (entry.key.clone(), at)).collect();
    for other in base.entries() {
        let Some(own) = places.get(&other.key).and_then(|at| entries.get_mut(*at)) else {
            entries.push(Entry { key: other.key.clone(), value: other.value.clone() });
            continue;
        };
        match (&mut own.value.value, &other.value.value) {
            (Value::Mapping(_), Value::Mapping(_)) => add(&mut own.value, &other.value),
            (Value::Sequence(items), Value::Sequence(more)) if !REPLACED.contains(&other.key.as_str()) => {
                items.extend(more.iter().cloned());
            }
            _ => {}
        }
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Null => 0,
        Value::Scalar(text) => text.len() / 64,
        Value::Sequence(items) => items.iter().map(size).sum(),
        Value::Mapping(entries) => entries.iter().map(|entry| size(&entry.value)).sum(),
    }
}
