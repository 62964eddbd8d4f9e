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

/// By a content; what is no manifest is taken for a Dockerfile, which then says what is wrong.
pub(super) fn of_content(bytes: &[u8]) -> Kind {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
    let word = first.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let begins_build = word.eq_ignore_ascii_case(b"FROM") || word.eq_ignore_ascii_case(b"ARG");
    // A chart may render to nothing but its comments.
    if !begins_build && (manifest::may_be(bytes) || first.starts_with(b"---")) { Kind::Manifest } else { Kind::Dockerfile }
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

    use super::{Kind, of_content, of_name};

    #[test]
    fn names_and_contents_tell() {
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
        ] {
            assert_eq!(of_content(content.as_bytes()), kind, "{content}");
        }
    }
}
