//! A variable, a label or the history holds what looks like a secret.

use model::severity::Severity;

use crate::image_config::Step;
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
    let mut spots = by_name(config);
    let open = config.secrets.unwrap_or_default().iter().filter(|secret| secret.suppressed.is_none());
    for (secret, place) in open.flat_map(|secret| secret.locations.iter().map(move |place| (secret, place))) {
        let (step, place) = if let Some(place) = place.path.strip_prefix("config:") {
            (setter(config, place), place)
        } else if let Some(number) = place.path.strip_prefix("history:") {
            (number.parse().ok(), "")
        } else {
            continue;
        };
        // A name that says so already, and the step that set what the configuration holds.
        if spots.iter().any(|spot| spot.about == place || (place.is_empty() && spot.step == step)) {
            continue;
        }
        let about = if place.is_empty() { secret.title.clone() } else { format!("{place}: {}", secret.title) };
        spots.push(Spot { step, about });
    }
    spots
}

/// What names tell; the values are shown nowhere.
fn by_name(config: &ImageConfig<'_>) -> Vec<Spot> {
    let variables = config.image.env.iter().filter_map(|one| one.split_once('=')).map(|(name, value)| ("ENV", name, value));
    let labels = config.image.labels.iter().map(|(name, value)| ("LABEL", name.as_str(), value.as_str()));
    let held = variables.chain(labels).filter(|(_, name, value)| secret::is_written(name, value));
    let mut spots: Vec<Spot> = held
        .map(|(keyword, name, _)| {
            let place = format!("{keyword} {name}");
            Spot { step: setter(config, &place), about: place }
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

/// The last step that sets `ENV NAME` or `LABEL name`.
fn setter(config: &ImageConfig<'_>, place: &str) -> Option<usize> {
    let (keyword, name) = place.split_once(' ').unwrap_or((place, ""));
    let sets = |step: &Step<'_>| {
        step.keyword == keyword && (name.is_empty() || step.assignments().any(|(other, _)| other.trim_matches('"') == name))
    };
    config.steps.iter().rposition(sets)
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|one| one.is_ascii_alphanumeric() || one == '_')
}
