//! From what layers and settings hold to secrets with all their places.

use std::collections::BTreeMap;

use model::image::ImageInfo;
use model::secret::{Secret, SecretLocation};

use super::{SecretMatch, SecretRules};
use crate::coalesce::{Layer, hides};

/// The secrets of layers alone.
pub fn of_layers(rules: &SecretRules, layers: &[Layer<'_>]) -> Vec<Secret> {
    gather(rules, in_layers(layers))
}

/// The secrets of an image: of its layers, deleted ones too, of its settings and of its history.
pub fn of_image(rules: &SecretRules, image: &ImageInfo, layers: &[Layer<'_>]) -> Vec<Secret> {
    gather(rules, in_layers(layers).chain(in_config(rules, image)))
}

/// The secrets of one file outside of any image.
pub fn of_file(rules: &SecretRules, path: &str, content: &[u8]) -> Vec<Secret> {
    of_files(rules, [(path, rules.search(path, content))])
}

/// The secrets of many files outside of any image, from what was found in each.
pub fn of_files<P: AsRef<str>>(rules: &SecretRules, files: impl IntoIterator<Item = (P, Vec<SecretMatch>)>) -> Vec<Secret> {
    gather(
        rules,
        files.into_iter().flat_map(|(path, found)| {
            let places = found.into_iter().map(|found| (place(path.as_ref(), &found, None), found));
            places.collect::<Vec<_>>()
        }),
    )
}

fn place(path: &str, found: &SecretMatch, layer: Option<model::digest::Digest>) -> SecretLocation {
    let path = match &found.inside {
        Some(member) => format!("{path}!{member}"),
        None => path.to_owned(),
    };
    SecretLocation { path, layer, line: Some(found.line), deleted_in: None }
}

fn in_layers<'a>(layers: &'a [Layer<'a>]) -> impl Iterator<Item = (SecretLocation, SecretMatch)> + 'a {
    layers.iter().enumerate().flat_map(move |(index, layer)| {
        layer.inventory.secrets.iter().map(move |found| {
            let deleted_in = layers[index + 1..].iter().find(|upper| hides(upper.inventory, &found.hashes));
            let mut location = place(&found.path, &found.secret, layer.diff_id);
            location.deleted_in = deleted_in.and_then(|upper| upper.diff_id);
            (location, found.secret.clone())
        })
    })
}

/// Environment, labels, command and history are texts as well; whoever pulls the image reads them.
fn in_config(rules: &SecretRules, image: &ImageInfo) -> impl Iterator<Item = (SecretLocation, SecretMatch)> {
    let variables = image.env.iter().map(|one| {
        let name = one.split('=').next().unwrap_or_default();
        (format!("config:ENV {name}"), None, one.clone())
    });
    let labels = image.labels.iter().map(|(name, value)| (format!("config:LABEL {name}"), None, format!("{name}={value}")));
    let command = (!image.command.is_empty()).then(|| ("config:CMD".to_owned(), None, image.command.join(" "))).into_iter();
    let history = image.history.iter().enumerate().map(|(number, step)| {
        (format!("history:{number}"), step.layer.and_then(|layer| image.layers.get(layer)?.diff_id), step.created_by.clone())
    });
    let texts: Vec<_> = variables.chain(labels).chain(command).chain(history).collect();
    texts
        .into_iter()
        .flat_map(|(path, layer, text)| {
            let found = rules.search(&path, text.as_bytes());
            found
                .into_iter()
                .map(move |found| (SecretLocation { path: path.clone(), layer, line: None, deleted_in: None }, found))
        })
        .collect::<Vec<_>>()
        .into_iter()
}

/// One secret for all places that hold it.
fn gather(rules: &SecretRules, found: impl Iterator<Item = (SecretLocation, SecretMatch)>) -> Vec<Secret> {
    let mut secrets: BTreeMap<(String, u64), (Secret, bool)> = BTreeMap::new();
    for (location, found) in found {
        let Some(facts) = rules.facts(&found.rule) else { continue };
        let (secret, ignored) = secrets.entry((found.rule.clone(), found.identity)).or_insert_with(|| {
            let secret = Secret {
                rule: found.rule.clone(),
                title: facts.name,
                severity: facts.severity,
                locations: Vec::new(),
                redacted: found.redacted.clone(),
                suppressed: None,
            };
            (secret, true)
        });
        if !secret.locations.contains(&location) {
            secret.locations.push(location);
        }
        // One place without a comment is enough.
        *ignored &= found.ignored;
    }
    let mut all: Vec<Secret> = secrets
        .into_values()
        .map(|(mut secret, ignored)| {
            secret.suppressed = ignored.then(|| "a comment beside it says so".to_owned());
            secret
        })
        .collect();
    all.sort_by(|left, right| {
        let key = |secret: &Secret| (std::cmp::Reverse(secret.severity), secret.rule.clone(), secret.locations.first().cloned());
        key(left).cmp(&key(right))
    });
    all
}
