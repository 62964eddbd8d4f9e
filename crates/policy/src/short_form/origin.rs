//! Short forms about what an image is built from and how it is set up.

use super::{Part, list, part, quoted};
use crate::pattern::ImagePatterns;

/// `base-image-allowed`. A base that is not known is not allowed.
pub(super) fn base_image_allowed(patterns: &[&str]) -> Result<Vec<Part>, String> {
    ImagePatterns::new(patterns.iter().copied())?;
    Ok(vec![
        part("image.base == null || image.base.name == null", "not looked at: it is not known which image this one is built on"),
        part(
            format!(
                "image.base != null && image.base.name != null && !image.base.name.imageMatches({})",
                list(patterns.iter().copied())
            ),
            "built on an image that is not allowed as a base",
        ),
    ])
}

/// `not-end-of-life`.
pub(super) fn not_end_of_life() -> Vec<Part> {
    vec![
        part("findings.exists(f, f.suppressed == null && f.kind == \"end_of_life\")", "gets no more fixes"),
        part("os != null && os.eol != null && now >= os.eol", "the distribution gets no more fixes"),
    ]
}

/// `no-root`: no user, `root`, `0`, either with a group.
pub(super) fn no_root() -> Vec<Part> {
    vec![part("image.user == null || image.user.matches(\"^(root|0*)(:.*)?$\")", "the image runs as root")]
}

/// `no-secrets`.
pub(super) fn no_secrets() -> Vec<Part> {
    vec![
        part("secrets == null", "not looked at: nobody looked for secrets"),
        part("secrets != null && size(secrets) > 0", "secrets are in the image"),
    ]
}

/// `license-deny`: an identifier, alone or in an expression.
pub(super) fn license_deny(licenses: &[&str]) -> Result<Vec<Part>, String> {
    if licenses.is_empty() {
        return Err("the list of licences is empty; name one as `GPL-3.0-only`".to_owned());
    }
    let mut words = Vec::new();
    for license in licenses {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b':');
        if license.is_empty() || !license.bytes().all(valid) {
            return Err(format!("`{license}` is no SPDX identifier; write one as `GPL-3.0-only` (https://spdx.org/licenses)"));
        }
        words.push(license.replace('.', "\\.").replace('+', "\\+"));
    }
    let pattern = format!("(^|[ (])({})($|[ )])", words.join("|"));
    Ok(vec![
        part("licenses == null", "not looked at: nobody looked at licences"),
        part(
            format!("licenses != null && licenses.exists(l, l.expression.matches({}))", quoted(&pattern)),
            "a licence that is not allowed",
        ),
    ])
}
