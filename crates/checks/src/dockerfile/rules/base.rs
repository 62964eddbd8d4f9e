//! What rules about base images and stages share.

use parse_dockerfile::Instruction;

use super::pairs::variables;
use crate::dockerfile::{Dockerfile, Step};
use crate::rule::Hit;

/// The tag of an image, where it has one.
pub(super) fn tag(image: &str) -> Option<&str> {
    let image = image.split('@').next().unwrap_or(image);
    // A registry may have a port.
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split_once(':').map(|(_, tag)| tag)
}

/// Bytes of an image, and of what an argument puts into it; real ones are far shorter.
const MAX_IMAGE: usize = 1000;

/// The image of a stage, with what the arguments before the first FROM hold by default.
pub(super) fn image(document: &Dockerfile<'_>, stage: usize) -> String {
    let written = document.stages[stage].image();
    if !written.contains('$') || written.len() > MAX_IMAGE {
        return written.to_owned();
    }
    let mut image = written.to_owned();
    for name in variables(written) {
        let Some(value) = document.defaults.get(name).filter(|value| value.len() <= MAX_IMAGE) else { continue };
        image = image.replacen(&format!("${{{name}}}"), value, 1);
        // `$A` is not the beginning of `$AB`.
        let ends = |rest: &str| !rest.starts_with(|one: char| one.is_ascii_alphanumeric() || one == '_');
        if let Some((before, rest)) = image.split_once(&format!("${name}")).filter(|(_, rest)| ends(rest)) {
            image = format!("{before}{value}{rest}");
        }
    }
    image
}

/// Whether a stage begins with an image from outside: no earlier stage, not `scratch`.
pub(super) fn is_outside(document: &Dockerfile<'_>, stage: usize) -> bool {
    let image = image(document, stage).to_ascii_lowercase();
    image != "scratch" && !document.names_before(stage).contains(&image)
}

/// `--from` of a COPY.
pub(super) fn from<'s>(step: &'s Step<'_>) -> Option<&'s str> {
    let Instruction::Copy(copy) = &step.instruction else { return None };
    let flag = copy.options.iter().find(|flag| flag.name.value.eq_ignore_ascii_case("from"))?;
    Some(flag.value.as_ref()?.value.as_ref())
}

/// Instructions of a kind of which only the last of a stage counts: all but that one.
pub(super) fn without_effect(document: &Dockerfile<'_>, is: impl Fn(&Instruction<'_>) -> bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for stage in &document.stages {
        let lines: Vec<usize> =
            stage.steps.iter().filter(|step| !step.onbuild && is(&step.instruction)).map(|step| step.line).collect();
        hits.extend(lines.split_last().into_iter().flat_map(|(_, before)| before).map(|line| Hit::at(*line)));
    }
    hits
}
