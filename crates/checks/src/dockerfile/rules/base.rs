//! What rules about base images and stages share.

use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, Step};

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
