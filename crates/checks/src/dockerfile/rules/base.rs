//! What rules about base images and stages share.

use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Step};
use crate::rule::Hit;

/// The tag of an image, where it has one.
pub(super) fn tag(image: &str) -> Option<&str> {
    let image = image.split('@').next().unwrap_or(image);
    // A registry may have a port.
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split_once(':').map(|(_, tag)| tag)
}

/// Whether a stage begins with an image from outside: no earlier stage, not `scratch`.
pub(super) fn is_outside(document: &Dockerfile<'_>, stage: usize) -> bool {
    let image = document.stages[stage].image().to_ascii_lowercase();
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
