//! Which distribution a root file system is, from `os-release` and its older relatives, and which release line of the
//! advisory feeds speaks of it.

use serde::{Deserialize, Serialize};

/// A distribution as `os-release` describes it
/// (<https://www.freedesktop.org/software/systemd/man/latest/os-release.html>).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distro {
    /// `ID`, lower case: `debian`, `alpine`, `rhel`, ….
    pub id: String,
    /// `ID_LIKE`, in its order.
    pub id_like: Vec<String>,
    /// `VERSION_ID`; empty for rolling releases that have none.
    pub version_id: String,
    /// `VERSION_CODENAME`, or the code name in `VERSION`/`PRETTY_NAME` where older files keep it.
    pub codename: Option<String>,
    /// `PRETTY_NAME`.
    pub pretty_name: String,
}

impl Distro {
    /// Reads the text of an `os-release` file: shell-like assignments, quotes removed, unknown names ignored.
    /// `None` where the text names no `ID` and no `NAME`.
    pub fn from_os_release(text: &str) -> Option<Self> {
        let mut distro = Self::default();
        let (mut name, mut version) = (String::new(), String::new());
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once('=') else { continue };
            let value = unquote(value);
            match key {
                "ID" => distro.id = value.to_ascii_lowercase(),
                "ID_LIKE" => distro.id_like = value.split_whitespace().map(str::to_ascii_lowercase).collect(),
                "VERSION_ID" => distro.version_id = value,
                "VERSION_CODENAME" if !value.is_empty() => distro.codename = Some(value),
                "PRETTY_NAME" => distro.pretty_name = value,
                "NAME" => name = value,
                "VERSION" => version = value,
                _ => {}
            }
        }
        if distro.id.is_empty() {
            distro.id = match name.to_ascii_lowercase().split_whitespace().next() {
                Some(word) => word.to_owned(),
                None => return None,
            };
        }
        if distro.codename.is_none() {
            // Debian 8 and Ubuntu 14.04 keep it in VERSION alone: `8 (jessie)`, `14.04.6 LTS, Trusty Tahr`.
            distro.codename = version
                .split_once('(')
                .and_then(|(_, rest)| rest.split_once(')'))
                .or_else(|| version.split_once(", "))
                .map(|(name, rest)| if version.contains('(') { name } else { rest })
                .and_then(|name| name.split_whitespace().next())
                .map(str::to_ascii_lowercase);
        }
        // Debian testing and sid carry no VERSION_ID; the code name stands in PRETTY_NAME ("… trixie/sid").
        if distro.id == "debian" && distro.version_id.is_empty() && distro.codename.is_none() {
            distro.codename = distro
                .pretty_name
                .rsplit(' ')
                .next()
                .map(|word| word.rsplit('/').next().unwrap_or(word).to_owned())
                .filter(|word| !word.is_empty());
        }
        if distro.pretty_name.is_empty() {
            distro.pretty_name = format!("{name} {version}").trim().to_owned();
        }
        Some(distro)
    }

    /// The release line that advisory databases are keyed by, `id:release`, or `None` where no feed can speak of this
    /// distribution. Derivatives that rebuild another's packages unchanged are *not* mapped to it; those with feeds of
    /// their own have their own id.
    ///
    /// - Debian, by number (`debian:12`), `debian:sid` without one (testing has `VERSION_CODENAME`: its number where
    ///   the table knows it);
    /// - Ubuntu `ubuntu:22.04`; Alpine `alpine:3.20`, `alpine:edge`;
    /// - RHEL, AlmaLinux, Rocky, Oracle, CentOS, SUSE by major version (`almalinux:9`), CentOS Stream `centos-stream:9`;
    /// - Azure Linux and CBL-Mariner `azurelinux:3.0`, `mariner:2.0`; Photon `photon:3.0`; Amazon `amazon:2023`;
    /// - Arch, Wolfi and Chainguard roll: `arch`, `wolfi`, `chainguard`.
    pub fn namespace(&self) -> Option<String> {
        let major = || self.version_id.split('.').next().unwrap_or_default();
        let major_minor = || {
            let mut parts = self.version_id.splitn(3, ['.', '_']);
            match (parts.next(), parts.next()) {
                (Some(major), Some(minor)) => format!("{major}.{minor}"),
                (Some(major), None) => major.to_owned(),
                _ => String::new(),
            }
        };
        let release = match self.id.as_str() {
            "debian" => match (major(), self.codename.as_deref()) {
                ("", Some(codename)) => debian_number(codename).unwrap_or("sid").to_owned(),
                ("", None) => "sid".to_owned(),
                (number, _) => number.to_owned(),
            },
            "ubuntu" => major_minor(),
            "alpine" if self.version_id.contains("_alpha") || self.version_id.is_empty() || self.pretty_name.contains("edge") => {
                "edge".to_owned()
            }
            "alpine" => major_minor(),
            "centos" if self.pretty_name.contains("Stream") => return Some(format!("centos-stream:{}", major())),
            "rhel" | "almalinux" | "rocky" | "centos" | "fedora" => major().to_owned(),
            "ol" => return Some(format!("oracle:{}", major())),
            "amzn" => return Some(format!("amazon:{}", major())),
            "azurelinux" | "mariner" | "photon" => major_minor(),
            "opensuse-leap" | "sles" | "sled" | "sle_hpc" | "sl-micro" | "sle-micro" => self.version_id.clone(),
            "opensuse-tumbleweed" | "arch" | "wolfi" | "chainguard" => return Some(self.id.clone()),
            _ => return None,
        };
        (!release.is_empty()).then(|| format!("{}:{release}", self.id))
    }

    /// `id-version` as purl qualifiers write it (`debian-12`), the id alone where there is no version.
    pub fn purl_qualifier(&self) -> String {
        match (self.version_id.as_str(), self.codename.as_deref()) {
            ("", Some(codename)) => format!("{}-{codename}", self.id),
            ("", None) => self.id.clone(),
            (version, _) => format!("{}-{version}", self.id),
        }
    }
}

/// Debian code names and their release numbers (<https://www.debian.org/releases/>).
pub const DEBIAN_RELEASES: [(&str, &str); 15] = [
    ("potato", "2.2"),
    ("woody", "3.0"),
    ("sarge", "3.1"),
    ("etch", "4"),
    ("lenny", "5"),
    ("squeeze", "6"),
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
];

/// The release number of a Debian code name; `None` for `sid` and names not in the table.
pub fn debian_number(codename: &str) -> Option<&'static str> {
    DEBIAN_RELEASES.iter().find(|(name, _)| *name == codename).map(|(_, number)| *number)
}

/// Removes one layer of shell quoting, as `os-release` allows it.
fn unquote(value: &str) -> String {
    let value = value.trim();
    let inner = match value.as_bytes() {
        [b'"', .., b'"'] | [b'\'', .., b'\''] if value.len() >= 2 => &value[1..value.len() - 1],
        _ => value,
    };
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(text: &str) -> Option<String> {
        Distro::from_os_release(text).and_then(|distro| distro.namespace())
    }

    #[test]
    fn release_lines() {
        for (text, expected) in [
            ("ID=debian\nVERSION_ID=\"12\"", Some("debian:12")),
            ("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux trixie/sid\"", Some("debian:sid")),
            ("ID=debian\nVERSION_CODENAME=forky\nPRETTY_NAME=\"Debian GNU/Linux forky/sid\"", Some("debian:14")),
            ("ID=alpine\nVERSION_ID=3.20.3", Some("alpine:3.20")),
            ("ID=alpine\nVERSION_ID=3.21_alpha20240923", Some("alpine:edge")),
            ("ID=ubuntu\nVERSION_ID=\"22.04\"", Some("ubuntu:22.04")),
            ("ID=\"centos\"\nVERSION_ID=\"9\"\nPRETTY_NAME=\"CentOS Stream 9\"", Some("centos-stream:9")),
            ("ID=\"almalinux\"\nVERSION_ID=\"9.0\"", Some("almalinux:9")),
            ("ID=azurelinux\nVERSION_ID=\"3.0\"", Some("azurelinux:3.0")),
            ("ID=kali\nID_LIKE=debian\nVERSION_ID=\"2024.1\"", None),
            ("HOME_URL=x", None),
        ] {
            assert_eq!(namespace(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn quotes_and_old_files() {
        let distro = Distro::from_os_release(
            "NAME='Debian GNU/Linux'\nVERSION=\"8 (jessie)\"\nID=debian\nVERSION_ID=\"8\"\nPRETTY_NAME=\"a \\\"b\\\"\"",
        )
        .unwrap();
        assert_eq!(distro.codename.as_deref(), Some("jessie"));
        assert_eq!(distro.pretty_name, "a \"b\"");
        assert_eq!(distro.purl_qualifier(), "debian-8");
    }
}
