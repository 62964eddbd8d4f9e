//! Which distribution this is: `os-release` and what came before it.
//!
//! An image can hold several of these files, in several layers. Each is reported by itself; the fold over the layers
//! keeps the one whose path has the lowest [`rank`].

use model::distro::Distro;

use crate::extractor::{Claim, File, Found, Parser};

/// Reads `os-release` and its older relatives.
#[derive(Debug)]
pub struct OsRelease;

/// The files, the most trustworthy first (<https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
/// gives `/etc` precedence over `/usr/lib`). `redhat-release` and `debian_version` come last because derivatives ship
/// them with their parent's words: Oracle Linux calls itself Red Hat there, Ubuntu has Debian's number.
const FILES: [&str; 18] = [
    "etc/os-release",
    "usr/lib/os-release",
    "etc/alpine-release",
    "etc/oracle-release",
    "etc/almalinux-release",
    "etc/rocky-release",
    "etc/centos-release",
    "etc/fedora-release",
    "etc/mariner-release",
    "etc/azurelinux-release",
    "etc/photon-release",
    "etc/SuSE-release",
    "etc/openwrt_release",
    "etc/system-release",
    "etc/lsb-release",
    "etc/arch-release",
    "etc/redhat-release",
    "etc/debian_version",
];

/// How much the word of this file counts: the lowest rank present in the flattened file system decides. `None` for paths
/// that are none of these files.
pub fn rank(path: &[u8]) -> Option<usize> {
    FILES.iter().position(|file| file.as_bytes() == path)
}

const CLAIMS: &[Claim] = &{
    let mut claims = [Claim::Path(""); FILES.len()];
    let mut at = 0;
    while at < FILES.len() {
        claims[at] = Claim::Path(FILES[at]);
        at += 1;
    }
    claims
};

impl Parser for OsRelease {
    const ID: &'static str = "os/os-release";
    const VERSION: u32 = 1;
    const CLAIMS: &'static [Claim] = CLAIMS;
    const MAX_SIZE: u64 = 64 << 10;

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        // A byte order mark and blank lines before the first word are all that editors have been seen to add.
        let text = text.trim_start_matches('\u{feff}').trim();
        let word = text.lines().next().unwrap_or_default().trim();
        found.distro = match file.name() {
            b"os-release" => Distro::from_os_release(text),
            b"lsb-release" | b"openwrt_release" => from_lsb_release(text),
            b"arch-release" => Some(named("arch", "", "Arch Linux")),
            b"alpine-release" => (!word.is_empty()).then(|| named("alpine", word, &format!("Alpine Linux {word}"))),
            b"debian_version" => from_debian_version(word),
            b"SuSE-release" => from_suse_release(text),
            _ => from_release_line(word),
        };
        if found.distro.is_none() && !text.is_empty() {
            found.problems.push("it names no distribution".to_owned());
        }
    }
}

fn named(id: &str, version: &str, pretty_name: &str) -> Distro {
    Distro { id: id.to_owned(), version_id: version.to_owned(), pretty_name: pretty_name.to_owned(), ..Distro::default() }
}

/// `12.5`, or `trixie/sid` before the release.
fn from_debian_version(word: &str) -> Option<Distro> {
    if word.is_empty() {
        return None;
    }
    let pretty = format!("Debian GNU/Linux {word}");
    if word.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(named("debian", word.split('.').next().unwrap_or(word), &pretty));
    }
    let mut distro = named("debian", "", &pretty);
    distro.codename = word.rsplit('/').next().map(str::to_owned);
    Some(distro)
}

/// `DISTRIB_ID=Ubuntu`, `DISTRIB_RELEASE=14.04`, `DISTRIB_CODENAME=trusty`, `DISTRIB_DESCRIPTION="…"`: the same
/// assignments as `os-release` under other names.
fn from_lsb_release(text: &str) -> Option<Distro> {
    let translated: String = text
        .lines()
        .filter_map(|line| {
            let (key, value) = line.trim().split_once('=')?;
            let key = match key {
                "DISTRIB_ID" => "ID",
                "DISTRIB_RELEASE" => "VERSION_ID",
                "DISTRIB_CODENAME" => "VERSION_CODENAME",
                "DISTRIB_DESCRIPTION" => "PRETTY_NAME",
                _ => return None,
            };
            Some(format!("{key}={value}\n"))
        })
        .collect();
    let mut distro = Distro::from_os_release(&translated)?;
    // Ids of the two vocabularies that differ.
    if let Some(id) = id_of(&distro.id) {
        id.clone_into(&mut distro.id);
    }
    Some(distro)
}

/// `NAME release VERSION (CODENAME)`, as the Red Hat family writes it; `VMware Photon OS 3.0`; `CBL-Mariner 2.0.2022…`.
fn from_release_line(line: &str) -> Option<Distro> {
    let id = id_of(&line.to_ascii_lowercase())?;
    let version = line.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit())).unwrap_or("");
    let mut distro = named(id, version, line);
    distro.codename = line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name.to_ascii_lowercase());
    Some(distro)
}

/// The `os-release` id that goes with a name, by what the lower-case name begins with.
fn id_of(name: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 15] = [
        ("red hat enterprise", "rhel"),
        ("redhatenterprise", "rhel"),
        ("centos", "centos"),
        ("almalinux", "almalinux"),
        ("rocky", "rocky"),
        ("oracle", "ol"),
        ("enterprise linux enterprise linux server", "ol"),
        ("fedora", "fedora"),
        ("amazon", "amzn"),
        ("vmware photon", "photon"),
        ("photon", "photon"),
        ("cbl-mariner", "mariner"),
        ("azure linux", "azurelinux"),
        ("azurelinux", "azurelinux"),
        ("archlinux", "arch"),
    ];
    NAMES.iter().find(|(start, _)| name.starts_with(start)).map(|(_, id)| *id)
}

/// `SUSE Linux Enterprise Server 11 (x86_64)`, then `VERSION = 11` and `PATCHLEVEL = 4`.
fn from_suse_release(text: &str) -> Option<Distro> {
    let line = text.lines().next()?.trim();
    let value = |key: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == key).then(|| value.trim().to_owned())
        })
    };
    let mut version = value("VERSION").unwrap_or_default();
    let lower = line.to_ascii_lowercase();
    let id = if lower.starts_with("suse linux enterprise server") {
        "sles"
    } else if lower.starts_with("suse linux enterprise desktop") {
        "sled"
    } else if lower.starts_with("opensuse") {
        "opensuse"
    } else {
        return None;
    };
    match value("PATCHLEVEL") {
        Some(level) if id != "opensuse" && level != "0" => version = format!("{version}.{level}"),
        _ => {}
    }
    Some(named(id, &version, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn distro(path: &str, content: &str) -> Option<Distro> {
        run(&Whole::<OsRelease>::new(), path, content.as_bytes()).distro
    }

    #[test]
    fn every_relative_leads_to_its_release_line() {
        for (path, content, expected) in [
            ("etc/os-release", "\u{feff}\nID=debian\nVERSION_ID=\"12\"\n", "debian:12"),
            (
                "usr/lib/os-release",
                "PRETTY_NAME=\"Distroless\"\nNAME=\"Debian GNU/Linux\"\nID=\"debian\"\nVERSION_ID=\"11\"\nVERSION=\"Debian GNU/Linux 11 (bullseye)\"\n",
                "debian:11",
            ),
            ("etc/debian_version", "10.13\n", "debian:10"),
            ("etc/debian_version", "trixie/sid\n", "debian:sid"),
            ("etc/alpine-release", "3.6.5\n", "alpine:3.6"),
            ("etc/redhat-release", "Red Hat Enterprise Linux Server release 6.10 (Santiago)\n", "rhel:6"),
            ("etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n", "centos:7"),
            ("etc/centos-release", "CentOS Stream release 8\n", "centos-stream:8"),
            ("etc/oracle-release", "Oracle Linux Server release 8.5\n", "oracle:8"),
            ("etc/rocky-release", "Rocky Linux release 8.5 (Green Obsidian)\n", "rocky:8"),
            ("etc/almalinux-release", "AlmaLinux release 9.0 (Emerald Puma)\n", "almalinux:9"),
            ("etc/fedora-release", "Fedora release 35 (Thirty Five)\n", "fedora:35"),
            ("etc/system-release", "Amazon Linux release 2 (Karoo)\n", "amazon:2"),
            ("etc/system-release", "Amazon Linux AMI release 2018.03\n", "amazon:1"),
            ("etc/photon-release", "VMware Photon OS 3.0\nPHOTON_BUILD_NUMBER=0d5d1c4\n", "photon:3.0"),
            ("etc/mariner-release", "CBL-Mariner 2.0.20220731\nMARINER_BUILD_NUMBER=9\n", "mariner:2.0"),
            (
                "etc/lsb-release",
                "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\nDISTRIB_DESCRIPTION=\"Ubuntu 14.04.6 LTS\"\n",
                "ubuntu:14.04",
            ),
            ("etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n", "sles:11.4"),
            ("etc/arch-release", "", "arch"),
        ] {
            let distro = distro(path, content).unwrap_or_else(|| panic!("{path}: {content}"));
            assert_eq!(distro.namespace().as_deref(), Some(expected), "{path}: {content}");
        }
    }

    #[test]
    fn a_file_that_says_nothing_is_a_problem_only_when_it_holds_something() {
        assert_eq!(run(&Whole::<OsRelease>::new(), "etc/os-release", b"").problems, Vec::<String>::new());
        assert_eq!(run(&Whole::<OsRelease>::new(), "etc/system-release", b"Something 1").problems.len(), 1);
    }

    #[test]
    fn os_release_outranks_its_relatives() {
        assert!(rank(b"etc/os-release") < rank(b"usr/lib/os-release"));
        assert!(rank(b"etc/oracle-release") < rank(b"etc/redhat-release"));
        assert!(rank(b"etc/lsb-release") < rank(b"etc/debian_version"));
        assert_eq!(rank(b"etc/passwd"), None);
    }
}
