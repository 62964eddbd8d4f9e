//! Patterns of image references, as `registry.example.com/**` and `debian:12*`: `*` stands for anything within a part of the
//! path, `**` for anything at all (<https://docs.rs/globset>).

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use model::reference::Reference;

/// Bytes of a pattern.
const MAX_LENGTH: usize = 512;
/// Patterns in one list.
const MAX_PATTERNS: usize = 1000;

/// Patterns of which one is enough.
#[derive(Clone, Debug)]
pub(crate) struct ImagePatterns {
    set: GlobSet,
    /// For people.
    pub(crate) texts: Vec<String>,
}

impl ImagePatterns {
    /// Reads patterns; on error says what is wrong with which.
    pub(crate) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut builder = GlobSetBuilder::new();
        let mut kept = Vec::new();
        for text in texts {
            if text.is_empty() || text.len() > MAX_LENGTH || text.chars().any(char::is_whitespace) {
                return Err(format!("`{text}` is no image pattern; write one as `registry.example.com/team/*` or `debian:12*`"));
            }
            let glob = GlobBuilder::new(text).literal_separator(true).build();
            let glob = glob.map_err(|error| format!("`{text}` is no image pattern: {}", error.kind()))?;
            builder.add(glob);
            kept.push(text.to_owned());
        }
        if kept.is_empty() {
            return Err("the list of image patterns is empty, so no image is ever meant; name one or leave it away".to_owned());
        }
        if kept.len() > MAX_PATTERNS {
            return Err(format!("there are more than {MAX_PATTERNS} image patterns"));
        }
        let set = builder.build().map_err(|error| format!("the image patterns are too large together: {}", error.kind()))?;
        Ok(Self { set, texts: kept })
    }

    /// Whether one matches a reference, however either is spelled: `debian`, `debian:12`, `docker.io/library/debian:12`.
    pub(crate) fn matches(&self, reference: &str) -> bool {
        spellings(reference).iter().any(|spelling| self.set.is_match(spelling))
    }
}

/// A reference as it may be written, with and without registry, tag and digest.
fn spellings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    let Ok(reference) = text.parse::<Reference>() else { return all };
    let mut names = vec![format!("{}/{}", reference.registry, reference.repository)];
    if reference.registry == "docker.io" {
        names.push(reference.repository.clone());
        names.extend(reference.repository.strip_prefix("library/").map(str::to_owned));
    }
    for name in names {
        if let Some(tag) = &reference.tag {
            all.push(format!("{name}:{tag}"));
        }
        if let Some(digest) = &reference.digest {
            all.push(format!("{name}@{digest}"));
        }
        all.push(name);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_image_has_many_spellings() {
        for (pattern, reference, expected) in [
            ("debian", "debian:12", true),
            ("debian", "docker.io/library/debian:12", true),
            ("debian:12*", "docker.io/library/debian:12-slim", true),
            ("debian:12*", "debian:11", false),
            ("docker.io/library/debian", "debian:12", true),
            ("index.docker.io/debian", "debian", false),
            ("registry.example.com/**", "registry.example.com/a/b:1", true),
            ("registry.example.com/*", "registry.example.com/a/b:1", false),
            ("registry.example.com/*", "registry.example.com.evil.org/a:1", false),
            ("*.tar", "app.tar", true),
        ] {
            assert_eq!(ImagePatterns::new([pattern]).unwrap().matches(reference), expected, "{pattern} {reference}");
        }
        for bad in ["", "a b", "[", "{a"] {
            assert!(ImagePatterns::new([bad]).is_err(), "{bad}");
        }
        assert!(ImagePatterns::new([]).is_err());
    }
}
