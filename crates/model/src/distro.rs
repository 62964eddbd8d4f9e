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
            // Only a few kibibytes of one line are anything that a distribution would say of itself.
            let value = if value.len() > 4096 { continue } else { unquote(value) };
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
            format!("{name} {version}").trim().clone_into(&mut distro.pretty_name);
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
    /// - RHEL, AlmaLinux, Rocky, Oracle, CentOS by major version (`almalinux:9`), CentOS Stream `centos-stream:9`;
    ///   AlmaLinux Kitten runs ahead of AlmaLinux as Stream does of RHEL, so it is `almalinux-kitten:10`;
    /// - SUSE by service pack (`sles:15.5`), openSUSE as `opensuse-leap:15.5` and `opensuse-tumbleweed`, also where old
    ///   files call both `opensuse`;
    /// - Azure Linux and CBL-Mariner `azurelinux:3.0`, `mariner:2.0`; Photon `photon:3.0`; Amazon `amazon:2023`, the
    ///   first Amazon Linux, which counts by years up to `2018.03`, as `amazon:1`;
    /// - Arch, Wolfi, Chainguard, Echo and MinimOS roll: `arch`, `wolfi`, `chainguard`, `echo`, `minimos`.
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
        let (id, release) = match self.id.as_str() {
            "debian" => match (major(), self.codename.as_deref()) {
                ("", Some(codename)) => ("debian", debian_number(codename).unwrap_or("sid").to_owned()),
                ("", None) => ("debian", "sid".to_owned()),
                (number, _) => ("debian", number.to_owned()),
            },
            "alpine" if self.version_id.contains("_alpha") || self.version_id.is_empty() || self.pretty_name.contains("edge") => {
                ("alpine", "edge".to_owned())
            }
            "almalinux" if self.pretty_name.contains("Kitten") => ("almalinux-kitten", major().to_owned()),
            "centos" if self.pretty_name.contains("Stream") => ("centos-stream", major().to_owned()),
            "ol" => ("oracle", major().to_owned()),
            "amzn" if major().parse().is_ok_and(|year: u32| (2011..=2018).contains(&year)) => ("amazon", "1".to_owned()),
            "amzn" => ("amazon", major().to_owned()),
            "opensuse" if self.pretty_name.contains("Leap") => ("opensuse-leap", self.version_id.clone()),
            "opensuse" if self.pretty_name.contains("Tumbleweed") => return Some("opensuse-tumbleweed".to_owned()),
            "opensuse-tumbleweed" | "arch" | "wolfi" | "chainguard" | "echo" | "minimos" => return Some(self.id.clone()),
            // The other products of SUSE Linux Enterprise are built from the server's packages, and its advisories speak of them.
            "sled" | "sles_sap" | "sle_hpc" => ("sles", self.version_id.clone()),
            id @ ("rhel" | "almalinux" | "rocky" | "centos" | "fedora" | "mageia" | "alpaquita") => (id, major().to_owned()),
            id @ ("ubuntu" | "alpine" | "azurelinux" | "mariner" | "photon") => (id, major_minor()),
            id @ ("opensuse-leap" | "sles" | "sl-micro" | "sle-micro") => (id, self.version_id.clone()),
            _ => return None,
        };
        (!release.is_empty()).then(|| format!("{id}:{release}"))
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
        // Single quotes take everything as it stands.
        [b'\'', .., b'\''] => return value[1..value.len() - 1].to_owned(),
        [b'"', .., b'"'] => &value[1..value.len() - 1],
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
            ("ID=raspbian\nID_LIKE=debian\nVERSION_ID=\"11\"", None),
            ("ID=amzn\nVERSION_ID=\"2023\"", Some("amazon:2023")),
            ("ID=\"amzn\"\nVERSION_ID=\"2018.03\"", Some("amazon:1")),
            ("ID=almalinux\nVERSION_ID=10\nPRETTY_NAME=\"AlmaLinux Kitten 10\"", Some("almalinux-kitten:10")),
            ("ID=\"sles\"\nVERSION_ID=\"15.5\"", Some("sles:15.5")),
            ("ID=\"opensuse-leap\"\nVERSION_ID=\"15.6\"", Some("opensuse-leap:15.6")),
            ("ID=opensuse\nVERSION_ID=\"42.3\"\nPRETTY_NAME=\"openSUSE Leap 42.3\"", Some("opensuse-leap:42.3")),
            ("ID=\"opensuse-tumbleweed\"\nVERSION_ID=\"20240101\"", Some("opensuse-tumbleweed")),
            ("ID=photon\nVERSION_ID=5.0", Some("photon:5.0")),
            ("ID=mariner\nVERSION_ID=\"2.0\"", Some("mariner:2.0")),
            ("ID=wolfi\nVERSION_ID=\"20230201\"", Some("wolfi")),
            ("ID=chainguard\nVERSION_ID=\"20230214\"", Some("chainguard")),
            ("ID=arch\nBUILD_ID=rolling", Some("arch")),
            ("ID=\"sles_sap\"\nVERSION_ID=\"15.5\"", Some("sles:15.5")),
            ("ID=minimos\nVERSION_ID=20250101", Some("minimos")),
            ("ID=mageia\nVERSION_ID=9", Some("mageia:9")),
            ("ID=amzn", None),
            ("ID=rhel", None),
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
        assert_eq!(unquote(r"'a \b'"), r"a \b");
        assert_eq!(unquote("\""), "\"");
    }
}
