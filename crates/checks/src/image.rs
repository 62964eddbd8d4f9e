//! Names of images as manifests write them.

/// An image's name, `registry.example/app:1.2@sha256:…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Image<'a> {
    /// Without tag and digest.
    pub(crate) name: &'a str,
    /// The tag, where one is written.
    pub(crate) tag: Option<&'a str>,
    /// Whether a digest is written.
    pub(crate) digest: bool,
}

impl<'a> Image<'a> {
    /// `None` for what is put in later (templates, variables).
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.contains(['\0', '$', '{']) || text.contains(char::is_whitespace) {
            return None;
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, _)) => (name, true),
            None => (text, false),
        };
        // A colon before a slash is a registry's port.
        let (name, tag) = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (name, None),
        };
        Some(Self { name, tag, digest })
    }

    /// Whether nothing says which version it is.
    pub(crate) fn is_latest(&self) -> bool {
        !self.digest && matches!(self.tag, None | Some("latest"))
    }

    /// Whether its tag moves by custom.
    pub(crate) fn is_moving(&self) -> bool {
        let moves = ["main", "master", "stable", "edge", "nightly", "dev", "develop", "canary", "rolling", "unstable"];
        self.is_latest() || !self.digest && self.tag.is_some_and(|tag| moves.contains(&tag))
    }

    /// The last part of its name, `postgres` of `docker.io/library/postgres`.
    pub(crate) fn short(&self) -> &'a str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Image;

    #[test]
    fn names_are_told_apart() {
        for (text, name, tag, digest) in [
            ("nginx", "nginx", None, false),
            ("registry.example:5000/a/b", "registry.example:5000/a/b", None, false),
            ("registry.example:5000/a/b:1.2", "registry.example:5000/a/b", Some("1.2"), false),
            ("a:1@sha256:00", "a", Some("1"), true),
        ] {
            assert_eq!(Image::parse(text), Some(Image { name, tag, digest }));
        }
        assert_eq!(Image::parse("{{ .Values.image }}"), None);
        assert_eq!(Image::parse("app:${TAG}"), None);
    }
}
