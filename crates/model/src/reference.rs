//! Names of images at registries, as the Docker tools read and normalise them
//! (<https://github.com/distribution/reference>): `[host[:port]/]path[:tag][@digest]`.

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;

/// A fully spelled-out reference. `alpine` reads as `docker.io/library/alpine:latest`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// Host with optional port.
    pub registry: String,
    /// Repository path at that host.
    pub repository: String,
    /// Tag; `latest` where neither tag nor digest is given.
    pub tag: Option<String>,
    /// Digest, which decides where both are given.
    pub digest: Option<Digest>,
}

/// A text that is not an image reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an image reference: {reason}")]
pub struct ReferenceError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let fail = |reason| Err(ReferenceError { text: text.to_owned(), reason });
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => match digest.parse() {
                Ok(digest) => (rest, Some(digest)),
                Err(_) => return fail("the part after `@` is no sha256 or sha512 digest"),
            },
            None => (text, None),
        };
        let (rest, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
            _ => (rest, None),
        };
        if let Some(tag) = &tag {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if tag.is_empty()
                || tag.len() > 128
                || !word(tag.as_bytes()[0])
                || !tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
            {
                return fail("the tag may hold letters, digits, `_`, `.` and `-` only, 128 at most");
            }
        }
        let (registry, repository) = match rest.split_once('/') {
            Some((host, path)) if host.contains(['.', ':']) || host == "localhost" || host.chars().any(char::is_uppercase) => {
                (host.to_owned(), path.to_owned())
            }
            _ => ("docker.io".to_owned(), rest.to_owned()),
        };
        let registry = if registry == "index.docker.io" { "docker.io".to_owned() } else { registry };
        let repository = if registry == "docker.io" && !repository.contains('/') && !repository.is_empty() {
            format!("library/{repository}")
        } else {
            repository
        };
        if repository.is_empty() {
            return fail("it names no repository");
        }
        if repository.len() > 255 {
            return fail("the repository name is longer than 255 bytes");
        }
        if !repository.split('/').all(valid_component) {
            return fail("repository names are lower-case letters and digits, separated by `.`, `_`, `__`, `-` or `/`");
        }
        let tag = if tag.is_none() && digest.is_none() { Some("latest".to_owned()) } else { tag };
        Ok(Self { registry, repository, tag, digest })
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn valid_component(component: &str) -> bool {
    let bytes = component.as_bytes();
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    if !word(first) || !word(last) {
        return false;
    }
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|&byte| !word(byte)) {
        let length = rest[start..].iter().take_while(|&&byte| !word(byte)).count();
        let separator = &rest[start..start + length];
        if !(matches!(separator, b"." | b"_" | b"__") || separator.iter().all(|&byte| byte == b'-')) {
            return false;
        }
        rest = &rest[start + length..];
    }
    true
}

impl Reference {
    /// What a manifest request names: the digest where given, else the tag.
    pub fn identifier(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, Some(tag)) => tag.clone(),
            (None, None) => "latest".to_owned(),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.as_ref().map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_as_docker_does() {
        for (given, expected) in [
            ("alpine", "docker.io/library/alpine:latest"),
            ("alpine:3.20", "docker.io/library/alpine:3.20"),
            ("index.docker.io/library/alpine", "docker.io/library/alpine:latest"),
            ("team/app", "docker.io/team/app:latest"),
            ("localhost:5000/app", "localhost:5000/app:latest"),
            ("localhost/app:1", "localhost/app:1"),
            ("ghcr.io/a/b/c:v1.2_x", "ghcr.io/a/b/c:v1.2_x"),
        ] {
            assert_eq!(given.parse::<Reference>().unwrap().to_string(), expected);
        }
        let pinned = format!("a/b@sha256:{}", "0".repeat(64));
        let reference: Reference = pinned.parse().unwrap();
        assert_eq!((reference.tag.as_deref(), reference.identifier().len()), (None, 71));
    }

    #[test]
    fn refuses() {
        for bad in ["", ":", "a//b", "a:b:c d", "a@sha256:00", "a/-b", "a/b___c", "docker.io/", "a:"] {
            assert!(bad.parse::<Reference>().is_err(), "{bad}");
        }
    }
}
