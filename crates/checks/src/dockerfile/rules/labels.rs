//! What rules about labels share. The keys of the image specification say what their values are
//! (<https://github.com/opencontainers/image-spec/blob/main/annotations.md>), so that nobody has to configure it.

use parse_dockerfile::Instruction;

use super::pairs::{Pair, pairs};
use crate::dockerfile::Dockerfile;
use crate::rule::Hit;

/// All labels with their lines.
pub(super) fn labels<'d>(document: &'d Dockerfile<'_>) -> impl Iterator<Item = (usize, Pair<'d>)> {
    document.steps().flat_map(|step| match &step.instruction {
        Instruction::Label(label) => pairs(&label.arguments.value).into_iter().map(|pair| (step.line, pair)).collect(),
        _ => Vec::new(),
    })
}

/// Where a label of the image specification is as it should not be, by the end of its key and its value. What is filled in at
/// build time is passed over.
pub(super) fn annotations(document: &Dockerfile<'_>, wrong: impl Fn(&str, &str) -> bool) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (line, label) in labels(document) {
        let Some(name) = label.key.strip_prefix("org.opencontainers.image.") else { continue };
        let filled_in = label.value.contains('$') || label.value.contains("{{") || label.value.contains("%%");
        if !filled_in && wrong(name, label.value.trim()) {
            hits.push(Hit::about(line, &label.key));
        }
    }
    hits
}
