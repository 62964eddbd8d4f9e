//! Python: `requirements.txt` (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::python::normalize;

/// Requirements pinned to one version; a range says nothing of what will be installed.
#[derive(Debug)]
pub(super) struct Requirements;

impl Parser for Requirements {
    const ID: &'static str = "language/lock/requirements";
    const VERSION: u32 = 2;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".txt")];
    const MAX_SIZE: u64 = 16 << 20;

    /// `requirements.txt`, `requirements-dev.txt`, `dev-requirements.txt`, `requirements/base.txt`.
    fn accepts(file: &File<'_>) -> bool {
        let name = file.name();
        name.starts_with(b"requirements")
            || name.ends_with(b"requirements.txt")
            || model::path::file_name(model::path::parent(file.path)) == b"requirements"
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Pypi, Self::ID);
        let mut unpinned = 0_usize;
        for line in text.trim_start_matches('\u{feff}').lines() {
            match pinned(line) {
                Some((name, version)) => {
                    list.add(normalize(name), version);
                }
                None => unpinned += usize::from(requires(line)),
            }
        }
        drop(list);
        if unpinned > 0 {
            let (requirements, they) = if unpinned == 1 { ("requirement", "it") } else { ("requirements", "they") };
            found.lost(format!("{unpinned} {requirements} without an exact version; which {they} brought is not known"));
        }
    }
}

/// Whether a line asks for something: it is no comment and no option but an editable install.
fn requires(line: &str) -> bool {
    let line = line.trim();
    let option = line.starts_with('-') && !line.starts_with("-e") && !line.starts_with("--editable");
    !line.is_empty() && !line.starts_with('#') && !option
}

/// Name and version of `name[extra] == 1.0 ; marker --hash=… # comment`.
fn pinned(line: &str) -> Option<(&str, &str)> {
    let line = match line.find('#') {
        Some(0) => return None,
        Some(at) if line.get(..at)?.ends_with([' ', '\t']) => line.get(..at)?,
        _ => line,
    };
    let (name, rest) = line.split_once("==")?;
    let name = name.split('[').next().unwrap_or(name).trim();
    let version = rest.trim_start_matches('=').trim_start();
    let version = version.split([' ', '\t', ';', ',', '\\']).next().unwrap_or(version);
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    // `== 1.*` is a range, `{{ … }}` a template.
    let is_version = !version.is_empty() && !version.contains(['*', '{', '$', '<', '>', '!', '~']);
    (is_name(name) && is_version).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, expected) in [
            ("requests==2.31.0", Some(("requests", "2.31.0"))),
            ("Django [argon2] == 2.2 ; python_version < '3.9'  # why", Some(("Django", "2.2"))),
            ("idna===3.4 \\", Some(("idna", "3.4"))),
            ("six==1.15.0 --hash=sha256:aa==", Some(("six", "1.15.0"))),
            ("six>=1.0,==1.*", None),
            ("six==1.*", None),
            ("# six==1.0", None),
            ("six>=1.0", None),
            ("-r other.txt", None),
            ("--index-url https://x/?a==b", None),
            ("six==", None),
        ] {
            assert_eq!(pinned(line), expected, "{line}");
        }
    }
}
