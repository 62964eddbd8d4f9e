//! Patterns of packages: a purl, at the level of detail that one wants, or a purl with `*` in it.

use model::purl::pattern::Pattern;

/// Bytes of a pattern.
const MAX_LENGTH: usize = 512;

/// Patterns of which one is enough.
#[derive(Clone, Debug, Default)]
pub(crate) struct PurlPatterns(Vec<PurlPattern>);

#[derive(Clone, Debug)]
enum PurlPattern {
    Purl(Pattern),
    /// The parts between the stars.
    Glob(Vec<String>),
}

impl PurlPatterns {
    /// Reads patterns; on error says what is wrong with which.
    pub(crate) fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let read = |text: &str| {
            let bad = || format!("`{text}` is no pattern of packages; write one as `pkg:deb/debian/bash` or `pkg:npm/%40team/*`");
            if !text.starts_with("pkg:") || text.len() > MAX_LENGTH || text.chars().any(char::is_whitespace) {
                return Err(bad());
            }
            if text.contains('*') {
                return Ok(PurlPattern::Glob(text.split('*').map(str::to_owned).collect()));
            }
            Pattern::parse(text).map(PurlPattern::Purl).ok_or_else(bad)
        };
        texts.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether one means the package of a purl.
    pub(crate) fn matches(&self, purl: &str) -> bool {
        // Parsed where a pattern needs it.
        let package = std::cell::OnceCell::new();
        self.0.iter().any(|pattern| match pattern {
            PurlPattern::Purl(pattern) => {
                package.get_or_init(|| Pattern::parse(purl)).as_ref().is_some_and(|package| pattern.means(package))
            }
            PurlPattern::Glob(parts) => {
                // Qualifiers say more than who it is.
                fits(parts, purl.split('?').next().unwrap_or(purl))
            }
        })
    }
}

fn fits(parts: &[String], text: &str) -> bool {
    let Some((first, rest)) = parts.split_first() else { return false };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
    for part in middle {
        match text.find(part.as_str()) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages() {
        let bash = "pkg:deb/debian/bash@5.2-1?arch=amd64&distro=debian-12";
        for (pattern, purl, expected) in [
            ("pkg:deb/debian/bash", bash, true),
            ("pkg:deb/debian/bash@5.2-1", bash, true),
            ("pkg:deb/debian/bash@5.1", bash, false),
            ("pkg:deb/debian/*", bash, true),
            ("pkg:deb/*/bash@5.*", bash, true),
            ("pkg:deb/debian/*amd64", bash, false),
            ("pkg:npm/*", bash, false),
            ("pkg:npm/%40team/*", "pkg:npm/%40team/a@1.0.0", true),
        ] {
            assert_eq!(PurlPatterns::new([pattern]).unwrap().matches(purl), expected, "{pattern}");
        }
        for bad in ["", "bash", "pkg:", "pkg:deb/a b"] {
            assert!(PurlPatterns::new([bad]).is_err(), "{bad}");
        }
    }
}
