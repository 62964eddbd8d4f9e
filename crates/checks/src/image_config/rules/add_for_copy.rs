//! ADD where COPY does.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I023",
    aliases: &["CIS-DI-0009", "CIS-Docker-4.9", "DS-0005"],
    severity: Severity::Low,
    title: "ADD where COPY does",
    why: "ADD unpacks archives and fetches addresses; what only copies should say so.",
    fix: "Write COPY.",
    link: "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    check,
    bad: r#"{"image": {"history": [{"created_by": "ADD app /app # buildkit"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "/bin/sh -c #(nop) ADD file:5f70bf18a086007016e9 in / "}, {"created_by": "COPY app /app # buildkit"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let such = config.of("ADD").filter(|(_, step)| {
        let words: Vec<&str> = step.words().filter(|word| !word.starts_with("--")).collect();
        let Some((_, sources)) = words.split_last() else { return false };
        let is_classic = sources.last() == Some(&"in");
        // The classic builder tells of a folder that it is one; a file may be an archive.
        sources.iter().any(|source| if is_classic { source.starts_with("dir:") } else { is_copied(source) })
    });
    such.map(|(number, _)| Spot { step: Some(number), about: String::new() }).collect()
}

/// Neither fetched nor unpacked.
fn is_copied(source: &str) -> bool {
    let name = source.to_ascii_lowercase();
    let fetched = ["http://", "https://", "git@", "git://", "ssh://", "$", "file:", "multi:"];
    let unpacked = [".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".lzma", ".z"];
    !name.contains(".tar")
        && !fetched.iter().any(|start| name.starts_with(start))
        && !unpacked.iter().any(|end| name.ends_with(end))
}
