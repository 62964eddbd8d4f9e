//! Advisories out of a distribution's own package mirror: no vendor service is asked, so it works wherever the package
//! manager works.
//!
//! For Debian and Ubuntu, whose packages name the CVEs they fix in their changelogs, see `mirror/debian.rs`; for RPM
//! distributions, whose repositories carry errata, `mirror/rpm.rs`. What comes out is one more file in the folder of kept
//! feeds, which the next build reads with the others. Vulnerabilities that nobody has fixed are invisible here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use client::HttpClient;
use jiff::Timestamp;
use model::distro::{DEBIAN_RELEASES, Distro};

use crate::build::{BuildError, BuildSummary};
use crate::database::replace;
use crate::update::fetch::FetchError;
use crate::update::{self, Progress, UpdateError};

mod changelog;
mod debian;
mod host;
mod packages;
mod release;
mod rpm;
mod sources;

pub use host::{HostMirrors, host_mirrors};
pub use release::Keyring;

/// Ubuntu's code names (<https://releases.ubuntu.com>).
const UBUNTU_RELEASES: [(&str, &str); 10] = [
    ("trusty", "14.04"),
    ("xenial", "16.04"),
    ("bionic", "18.04"),
    ("focal", "20.04"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("oracular", "24.10"),
    ("plucky", "25.04"),
    ("questing", "25.10"),
    ("resolute", "26.04"),
];

/// The release of a distribution whose mirror is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `debian`, `ubuntu`, `almalinux`, ….
    pub id: String,
    /// Code name of a Debian or Ubuntu release; empty for others.
    pub codename: String,
    /// The release line that findings are keyed by, `debian:12`.
    pub namespace: String,
}

impl Target {
    /// Reads `debian:bookworm`, `debian:12`, `ubuntu:jammy`, `almalinux:9`.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, release) = text.split_once(':')?;
        let id = id.to_ascii_lowercase();
        let plain = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        };
        if !plain(&id) || !plain(release) {
            return None;
        }
        let Some(releases) = releases(&id) else {
            return Some(Self { namespace: format!("{id}:{release}"), codename: String::new(), id });
        };
        let (codename, number) = releases.iter().find(|(codename, number)| *codename == release || *number == release)?;
        Some(Self { namespace: format!("{id}:{number}"), codename: (*codename).to_owned(), id })
    }

    /// The release that a root file system is of; `None` where no feed could speak of it.
    pub fn of(distro: &Distro) -> Option<Self> {
        Self::parse(&distro.namespace()?)
    }

    /// The release that this machine runs.
    pub fn host(root: &Path) -> Option<Self> {
        let text = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| fs::read_to_string(root.join(path)).ok())?;
        Self::of(&Distro::from_os_release(&text)?)
    }

    /// Whether the distribution's mirrors tell what was fixed: changelogs in Debian's packages, errata in repositories of
    /// RPM packages.
    pub fn has_mirrors(&self) -> bool {
        self.id != "alpine"
    }

    fn is_debian_like(&self) -> bool {
        !self.codename.is_empty()
    }
}

/// Code names and numbers of a distribution that publishes as Debian does.
fn releases(id: &str) -> Option<&'static [(&'static str, &'static str)]> {
    match id {
        "debian" => Some(&DEBIAN_RELEASES),
        "ubuntu" => Some(&UBUNTU_RELEASES),
        _ => None,
    }
}

/// What is read and where it goes.
#[derive(Clone, Debug)]
pub struct MirrorOptions {
    /// The release.
    pub target: Target,
    /// Mirrors, keys and rules; see [`host_mirrors`].
    pub mirrors: HostMirrors,
    /// The folder of kept feeds, to which the snapshot is added.
    pub feeds: PathBuf,
    /// Where changelogs are kept, by the checksum of the archive they are from.
    pub cache: PathBuf,
    /// Ask each mirror once: for when there is another way.
    pub once: bool,
}

/// What was read of a mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorSummary {
    /// `debian-mirror`, ….
    pub feed: String,
    /// The mirrors that answered.
    pub mirrors: Vec<String>,
    /// The day that the mirror's lists are of.
    pub as_of: String,
    /// Source packages that fixes were looked for in; errata files of RPM repositories.
    pub sources: usize,
    /// How many of them were read out of a binary package, since the mirror does not have the source.
    pub from_binaries: usize,
    /// How many of them could not be read.
    pub unread: usize,
    /// Fixes found.
    pub fixes: usize,
    /// What is to be known beside, in sentences.
    pub notes: Vec<String>,
}

/// A mirror that advisories cannot be taken from; what was known before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// Nobody said where the mirror is.
    #[error("no package mirror of {namespace} is known on this machine; name one with --mirror URL")]
    NoMirror {
        /// The release.
        namespace: String,
    },
    /// None of the mirrors has what is needed.
    #[error("no mirror of {what} can be used: {reasons}")]
    Unusable {
        /// The suite.
        what: String,
        /// What each said.
        reasons: String,
    },
    /// A list that no trusted key has signed.
    #[error("{file} is not trusted: {reason}")]
    Signature {
        /// The list.
        file: String,
        /// Why.
        reason: String,
    },
    /// A list that is too old to be relied on.
    #[error("{file} was valid until {until}: the mirror is not kept up to date, or somebody shows an old state of it")]
    Expired {
        /// The list.
        file: String,
        /// When it ended.
        until: Timestamp,
    },
    /// A file that is not what it should be.
    #[error("{file} cannot be used: {reason}")]
    Format {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The mirror does not answer as it should.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A file of this machine.
    #[error("{path} cannot be read or written", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The database cannot be put in place.
    #[error(transparent)]
    Update(#[from] Box<UpdateError>),
}

/// Makes an I/O error one that names the file.
fn io_at(path: &Path) -> impl Fn(io::Error) -> MirrorError + use<'_> {
    |source| MirrorError::File { path: path.to_owned(), source }
}

/// Reads the mirror and builds the database of everything that is kept, the new snapshot included.
pub fn build(
    options: &MirrorOptions,
    out: &Path,
    allow_older: bool,
    client: &HttpClient,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<(MirrorSummary, BuildSummary), MirrorError> {
    let summary = fetch(options, client, progress)?;
    let built = update::rebuild(&options.feeds, out, allow_older, progress).map_err(Box::new)?;
    Ok((summary, built))
}

/// Reads the mirror and puts what it tells into the folder of kept feeds.
pub fn fetch(
    options: &MirrorOptions,
    client: &HttpClient,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<MirrorSummary, MirrorError> {
    for folder in [&options.feeds, &options.cache] {
        fs::create_dir_all(folder).map_err(io_at(folder))?;
    }
    if !options.target.is_debian_like() {
        return rpm::fetch(options, client, progress);
    }
    debian::fetch(options, client, progress)
}

/// Replaces a file whole, its folder made.
fn write(path: &Path, bytes: &[u8]) -> Result<(), MirrorError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io_at(folder))?;
    }
    replace(path, bytes).map_err(io_at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (text, namespace, codename) in [
            ("debian:bookworm", "debian:12", "bookworm"),
            ("debian:12", "debian:12", "bookworm"),
            ("ubuntu:22.04", "ubuntu:22.04", "jammy"),
            ("almalinux:9", "almalinux:9", ""),
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!((target.namespace.as_str(), target.codename.as_str()), (namespace, codename), "{text}");
        }
        for text in ["debian", "debian:", "debian:nosuch", "x:../..", ":9"] {
            assert!(Target::parse(text).is_none(), "{text}");
        }
    }
}
