//! VOLUME covers a folder of the system.

use model::severity::Severity;
use parse_dockerfile::{Instruction, JsonOrStringArray};

use crate::dockerfile::{Dockerfile, Rule};
use crate::rule::Hit;

pub(super) const RULE: Rule = Rule {
    id: "PLM-D073",
    aliases: &["DKL-DI-0002"],
    severity: Severity::Medium,
    title: "VOLUME covers a folder of the system",
    why: "What is mounted there hides the programs and settings of the image, or gives its container those of the machine.",
    fix: "Name a folder of your own data, as in `VOLUME /var/lib/app`.",
    link: "https://docs.docker.com/reference/dockerfile/#volume",
    check,
    bad: "FROM debian:12\nVOLUME /etc\n",
    good: "FROM debian:12\nVOLUME /var/lib/app\n",
};

const FOLDERS: &[&str] = &["", "/bin", "/boot", "/dev", "/etc", "/lib", "/proc", "/sbin", "/sys", "/usr"];

fn check(document: &Dockerfile<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let Instruction::Volume(volume) = &step.instruction else { continue };
        let (JsonOrStringArray::Json(parse_dockerfile::Spanned { value: paths, .. }) | JsonOrStringArray::String(paths)) =
            &volume.arguments;
        for path in paths {
            let path = path.value.trim_matches(['"', '\'']);
            if path.starts_with('/') && FOLDERS.contains(&path.trim_end_matches('/')) {
                hits.push(Hit::about(step.line, path));
            }
        }
    }
    hits
}
