//! A file holds credentials by its name.

use std::collections::BTreeMap;

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I008",
    aliases: &["CIS-DI-0010", "CIS-Docker-4.10"],
    severity: Severity::High,
    title: "A file holds credentials by its name",
    why: "Whoever pulls the image reads every file of every layer, those that a later one deletes too.",
    fix: "Issue new credentials, name the file in `.dockerignore`, and mount it in builds, as in `RUN --mount=type=secret,id=netrc,target=/root/.netrc`.",
    link: "https://docs.docker.com/build/building/secrets/",
    check,
    bad: r#"{"notable": [{"path": "/root/.aws/credentials", "kind": "credentials"}]}
"#,
    good: r#"{"notable": []}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let open = config.secrets.unwrap_or_default().iter().filter(|secret| secret.suppressed.is_none());
    let places = open.flat_map(|secret| secret.locations.iter().map(|place| (place.path.as_str(), secret.title.as_str())));
    let known: BTreeMap<&str, &str> = places.collect();
    config.files(|file| {
        (file.kind == Notable::Credentials).then(|| match known.get(file.path.as_str()) {
            Some(title) => format!("{} ({title})", file.path),
            None => file.path.clone(),
        })
    })
}
