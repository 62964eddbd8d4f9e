//! A variable, a label or the history holds what looks like a secret.

use std::collections::{BTreeMap, BTreeSet};

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};
use crate::secret;

pub(super) const RULE: Rule = Rule {
    id: "PLM-I005",
    aliases: &["CIS-DI-0010", "CIS-Docker-4.10", "DS-0031"],
    severity: Severity::High,
    title: "A variable, a label or the history holds what looks like a secret",
    why: "Whoever has the image reads its configuration and history, and so does `docker inspect`.",
    fix: "Issue a new one; mount it in builds (`RUN --mount=type=secret,id=token …`) and hand it to the container when it starts.",
    link: "https://docs.docker.com/build/building/secrets/",
    check,
    bad: r#"{"image": {"env": ["PATH=/bin", "DB_PASSWORD=correct-horse"]}}
"#,
    good: r#"{"image": {"env": ["PATH=/bin", "DB_PASSWORD_FILE=/run/secrets/db"]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let setters = setters(config);
    let mut spots = by_name(config, &setters);
    let named: BTreeSet<String> = spots.iter().map(|spot| spot.about.clone()).collect();
    let open = config.secrets.unwrap_or_default().iter().filter(|secret| secret.suppressed.is_none());
    let places = open.flat_map(|secret| secret.locations.iter().map(|place| (secret.title.as_str(), place.path.as_str())));
    let (mut held, mut told) = (Vec::new(), Vec::new());
    for (title, place) in places {
        if let Some(place) = place.strip_prefix("config:") {
            held.push((title, place));
        } else if let Some(number) = place.strip_prefix("history:").and_then(|number| number.parse().ok()) {
            told.push((title, number));
        }
    }
    // A name may say so already.
    for (title, place) in held.into_iter().filter(|(_, place)| !named.contains(*place)) {
        spots.push(Spot { step: setters.get(place).copied(), about: format!("{place}: {title}") });
    }
    // So may the step that set what the configuration holds.
    let steps: BTreeSet<Option<usize>> = spots.iter().map(|spot| spot.step).collect();
    let told = told.into_iter().map(|(title, number)| Spot { step: Some(number), about: title.to_owned() });
    spots.extend(told.filter(|spot| !steps.contains(&spot.step)));
    spots
}

/// What names tell; the values are shown nowhere.
fn by_name(config: &ImageConfig<'_>, setters: &BTreeMap<String, usize>) -> Vec<Spot> {
    let variables = config.image.env.iter().filter_map(|one| one.split_once('=')).map(|(name, value)| ("ENV", name, value));
    let labels = config.image.labels.iter().map(|(name, value)| ("LABEL", name.as_str(), value.as_str()));
    let held = variables.chain(labels).filter(|(_, name, value)| secret::is_written(name, value));
    let mut spots: Vec<Spot> = held
        .map(|(keyword, name, _)| {
            let place = format!("{keyword} {name}");
            Spot { step: setters.get(&place).copied(), about: place }
        })
        .collect();
    for (number, step) in config.steps.iter().enumerate().filter(|(_, step)| matches!(step.keyword, "ARG" | "RUN")) {
        let given = step.assignments().map(|(name, value)| ("ARG", name, value));
        let words = step.commands.iter().flat_map(|command| &command.words).filter_map(|word| word.split_once('='));
        let set = words.filter(|(name, _)| is_variable(name)).map(|(name, value)| ("RUN", name, value));
        let written = given.chain(set).filter(|(_, name, value)| !value.starts_with('$') && secret::is_written(name, value));
        spots.extend(written.map(|(keyword, name, _)| Spot { step: Some(number), about: format!("{keyword} {name}") }));
    }
    spots
}

/// The last step that sets `ENV NAME` or `LABEL name`, or writes `CMD`.
fn setters(config: &ImageConfig<'_>) -> BTreeMap<String, usize> {
    let mut setters = BTreeMap::new();
    for (number, step) in config.steps.iter().enumerate() {
        match step.keyword {
            "ENV" | "LABEL" => {
                let names = step.assignments().map(|(name, _)| format!("{} {}", step.keyword, name.trim_matches('"')));
                setters.extend(names.map(|place| (place, number)));
            }
            "CMD" => drop(setters.insert("CMD".to_owned(), number)),
            _ => {}
        }
    }
    setters
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
}
