//! What a file is, by its name and, where that does not tell, by its content.

use std::path::Path;

use checks::manifest;

/// What a file is checked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It builds an image.
    Dockerfile,
    /// It says how containers run: Kubernetes, Compose.
    Manifest,
}

/// By a name.
pub(super) fn of_name(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    if is_dockerfile(&name) {
        Some(Kind::Dockerfile)
    } else if [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) {
        Some(Kind::Manifest)
    } else {
        None
    }
}

/// Whether a file is a Compose file by its name.
pub(super) fn is_compose(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| {
        ["compose", "docker-compose"].iter().any(|word| stem == *word || stem.starts_with(&format!("{word}.")))
    })
}

/// By a content.
pub(super) fn of_content(bytes: &[u8]) -> Kind {
    // A chart may render to nothing but its comments.
    let is_stream = || manifest::may_be(bytes) || first_line(bytes).starts_with(b"---");
    if !begins_build(bytes) && is_stream() { Kind::Manifest } else { Kind::Dockerfile }
}

/// Whether a content begins as Dockerfiles do.
pub(super) fn begins_build(bytes: &[u8]) -> bool {
    let word = first_line(bytes).split(u8::is_ascii_whitespace).next().unwrap_or_default();
    word.eq_ignore_ascii_case(b"FROM") || word.eq_ignore_ascii_case(b"ARG")
}

/// The first line that says something.
fn first_line(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default()
}

/// `Dockerfile`, `Dockerfile.dev`, `dev.Dockerfile`, `Containerfile`, ….
fn is_dockerfile(name: &str) -> bool {
    let ignore = name.ends_with("ignore") || name.ends_with('~');
    let is = |word: &str| name == word || name.starts_with(&format!("{word}.")) || name.ends_with(&format!(".{word}"));
    !ignore && (is("dockerfile") || is("containerfile"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Kind, is_compose, of_content, of_name};

    #[test]
    fn names_and_contents_tell() {
        for (name, compose) in
            [("compose.yml", true), ("a/docker-compose.prod.yaml", true), ("composer.yaml", false), ("compose.json", false)]
        {
            assert_eq!(is_compose(Path::new(name)), compose, "{name}");
        }
        for (name, kind) in [
            ("a/Dockerfile", Some(Kind::Dockerfile)),
            ("dev.dockerfile", Some(Kind::Dockerfile)),
            ("Containerfile.x", Some(Kind::Dockerfile)),
            ("Dockerfile.dockerignore", None),
            ("compose.yaml", Some(Kind::Manifest)),
            ("pod.json", Some(Kind::Manifest)),
            ("readme.md", None),
        ] {
            assert_eq!(of_name(Path::new(name)), kind, "{name}");
        }
        for (content, kind) in [
            ("FROM a\nRUN cat <<EOF > x\napiVersion: v1\nkind: Pod\nEOF\n", Kind::Dockerfile),
            ("# syntax=docker/dockerfile:1\narg A\nFROM b\n", Kind::Dockerfile),
            ("---\n# Source: a\napiVersion: v1\nkind: Pod\n", Kind::Manifest),
            ("services:\n  a: {}\n", Kind::Manifest),
            ("---\n# nothing\n", Kind::Manifest),
            ("\u{feff}FROM a\n", Kind::Dockerfile),
        ] {
            assert_eq!(of_content(content.as_bytes()), kind, "{content}");
        }
    }
}
