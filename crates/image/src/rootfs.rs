//! Walks folders: a root file system, possibly that of the running machine, and a folder of source code.

use std::ffi::{OsStr, OsString};
use std::fs::{File, FileType, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

use model::path::{display, file_name, parent};

use crate::{Entry, EntryKind, Error, Limits, More, Visitor, Wish};

/// What tells a root file system from a folder of source code: `os-release`, or a package database.
const ROOT_MARKERS: [&str; 12] = [
    "etc/os-release",
    "usr/lib/os-release",
    "etc/alpine-release",
    "etc/debian_version",
    "etc/redhat-release",
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d",
    "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
    "var/lib/rpm",
    "usr/lib/sysimage/rpm",
    "var/lib/pacman/local",
];

/// Folders of a live root that hold no installed software: the kernel's views, and what does not outlive a boot.
const VOLATILE: [&str; 5] = ["proc", "sys", "dev", "run", "tmp"];

/// Where container engines keep other root file systems; those are images of their own.
const ENGINE_STORES: [&str; 12] = [
    "var/lib/buildkit",
    "var/lib/containerd",
    "var/lib/containers",
    "var/lib/cri-o",
    "var/lib/docker",
    "var/lib/k0s/containerd",
    "var/lib/kubelet/pods",
    "var/lib/lxc",
    "var/lib/lxd",
    "var/lib/nerdctl",
    "var/lib/rancher",
    "var/snap/docker",
];

/// The same for engines without root, below a home folder.
const HOME_STORES: [&str; 4] =
    [".local/share/containerd", ".local/share/containers", ".local/share/docker", ".local/share/nerdctl"];

/// Folders inside source code that hold the code of others, or none.
const NOT_SOURCE: [&str; 12] =
    [".bzr", ".git", ".hg", ".jj", ".nox", ".svn", ".tox", ".venv", "CVS", "__pycache__", "__pypackages__", "node_modules"];

/// Bytes read at once.
const PIECE: usize = 128 << 10;
/// Problems of one walk that are told one by one.
const MAX_PROBLEMS: u32 = 20;
/// Nesting of folders that is followed.
const MAX_DEPTH: usize = 4096;

/// Whether a folder is a root file system. Links count without being followed: they may lead out of it.
pub fn is_root(folder: &Path) -> bool {
    ROOT_MARKERS.iter().any(|marker| folder.join(marker).symlink_metadata().is_ok())
}

/// Walks a root file system: one file system, sorted, following no link, without `/proc /sys /dev /run /tmp` and the
/// stores of container engines; opens only what the visitor wants.
pub fn walk_rootfs(root: &Path, limits: &Limits, visitor: &mut dyn Visitor) -> Result<(), Error> {
    let skips = |path: &[u8], _: &Path| {
        let is = |name: &&str| name.as_bytes() == path;
        let in_home = |store: &&str| {
            path.strip_suffix(store.as_bytes())
                .and_then(|home| home.strip_suffix(b"/"))
                .is_some_and(|home| home == b"root" || home.strip_prefix(b"home/").is_some_and(|user| !user.contains(&b'/')))
        };
        VOLATILE.iter().chain(&ENGINE_STORES).any(is) || HOME_STORES.iter().any(in_home)
    };
    Walk::new(root, limits, &skips, true)?.run(visitor)
}

/// Walks a folder of source code, sorted, following no link, without version control, `node_modules`, virtual
/// environments and byte code.
pub fn walk_source(folder: &Path, limits: &Limits, visitor: &mut dyn Visitor) -> Result<(), Error> {
    let skips = |path: &[u8], full: &Path| {
        NOT_SOURCE.iter().any(|name| name.as_bytes() == file_name(path)) || full.join("pyvenv.cfg").is_file()
    };
    Walk::new(folder, limits, &skips, false)?.run(visitor)
}

/// A walk under way.
struct Walk<'a> {
    root: PathBuf,
    device: Option<u64>,
    skips: &'a dyn Fn(&[u8], &Path) -> bool,
    limits: &'a Limits,
    deadline: Option<Instant>,
    /// Path of the current entry, below the root.
    path: Vec<u8>,
    link: Vec<u8>,
    buffer: Vec<u8>,
    entries: u64,
    problems: u32,
}

impl<'a> Walk<'a> {
    fn new(
        root: &Path,
        limits: &'a Limits,
        skips: &'a dyn Fn(&[u8], &Path) -> bool,
        one_file_system: bool,
    ) -> Result<Self, Error> {
        let failed = |error| Error::io(root.display().to_string(), error);
        let resolved = root.canonicalize().map_err(failed)?;
        let metadata = resolved.metadata().map_err(failed)?;
        if !metadata.is_dir() {
            return Err(Error::unusable(root.display().to_string(), "is no folder"));
        }
        Ok(Self {
            root: resolved,
            device: one_file_system.then(|| metadata.dev()),
            skips,
            limits,
            deadline: limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout)),
            path: Vec::new(),
            link: Vec::new(),
            buffer: Vec::new(),
            entries: 0,
            problems: 0,
        })
    }

    fn run(mut self, visitor: &mut dyn Visitor) -> Result<(), Error> {
        let failed = |error| Error::io(self.root.display().to_string(), error);
        // Names still to be visited in each folder from the root down to the current one, last first.
        let mut open = vec![names(&self.root).map_err(failed)?];
        while let Some(folder) = open.last_mut() {
            let Some(name) = folder.pop() else {
                open.pop();
                self.path.truncate(parent(&self.path).len());
                continue;
            };
            if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
                return Err(Error::Timeout { object: self.root.display().to_string() });
            }
            if self.entries >= self.limits.entries {
                visitor.problem(format!("there are more than {} entries; those behind were not looked at", self.limits.entries));
                break;
            }
            let before = self.path.len();
            if before > 0 {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(name.as_bytes());
            if self.path.len() > self.limits.path_bytes || open.len() > MAX_DEPTH {
                self.problem(visitor, "has too long a name; it was not looked at");
                self.path.truncate(before);
                continue;
            }
            let full = self.root.join(OsStr::from_bytes(&self.path));
            match self.visit(&full, visitor) {
                // The path stays until the folder is left.
                Some(names) => open.push(names),
                None => self.path.truncate(before),
            }
        }
        Ok(())
    }

    /// Tells of the current entry; the names inside where it is a folder to be entered.
    fn visit(&mut self, full: &Path, visitor: &mut dyn Visitor) -> Option<Vec<OsString>> {
        let metadata = match full.symlink_metadata() {
            Ok(metadata) => metadata,
            // Live file systems change under the walk.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                self.unreadable(visitor, &error);
                return None;
            }
        };
        let kind = kind(metadata.file_type());
        if kind == EntryKind::Directory && (self.skips)(&self.path, full) {
            return None;
        }
        self.link.clear();
        if kind == EntryKind::Symlink
            && let Ok(target) = full.read_link()
        {
            self.link = target.into_os_string().into_vec();
        }
        let size = if kind == EntryKind::File { metadata.len() } else { 0 };
        self.entries += 1;
        let entry = Entry { path: &self.path, kind, size, mode: metadata.mode() & 0o7777, link: &self.link };
        let wish = visitor.entry(&entry);
        match kind {
            EntryKind::File if wish == Wish::Content => {
                self.content(full, &metadata, visitor);
                None
            }
            EntryKind::Directory if self.device.is_some_and(|device| device != metadata.dev()) => {
                self.problem(visitor, "is another file system; it was not looked at");
                None
            }
            EntryKind::Directory => match names(full) {
                Ok(names) => Some(names),
                Err(error) => {
                    self.unreadable(visitor, &error);
                    None
                }
            },
            _ => None,
        }
    }

    /// Brings the content of a file: as many bytes as it had when it was met, for a log may grow faster than it is read.
    fn content(&mut self, full: &Path, met: &Metadata, visitor: &mut dyn Visitor) {
        // Should the file have been replaced in between: no link is followed and no fifo waited for.
        let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
        let opened = File::options().read(true).custom_flags(flags).open(full);
        let mut file = match opened.and_then(|file| Ok((file.metadata()?.is_file(), file))) {
            Ok((true, file)) => file,
            Ok((false, _)) => return visitor.end(false),
            Err(error) => {
                self.unreadable(visitor, &error);
                return visitor.end(false);
            }
        };
        self.buffer.resize(PIECE, 0);
        let mut left = met.len();
        while left > 0 {
            let wanted = self.buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let Some(buffer) = self.buffer.get_mut(..wanted) else { break };
            match file.read(buffer) {
                Ok(0) => break,
                Ok(read) => {
                    left = left.saturating_sub(read as u64);
                    if visitor.content(buffer.get(..read).unwrap_or_default()) == More::No {
                        return visitor.end(true);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.unreadable(visitor, &error);
                    break;
                }
            }
        }
        visitor.end(left == 0);
    }

    fn unreadable(&mut self, visitor: &mut dyn Visitor, error: &io::Error) {
        self.problem(visitor, &format!("could not be read ({})", error.kind()));
    }

    fn problem(&mut self, visitor: &mut dyn Visitor, what: &str) {
        self.problems += 1;
        if self.problems <= MAX_PROBLEMS {
            let more = if self.problems == MAX_PROBLEMS { " (further ones are not listed)" } else { "" };
            visitor.problem(format!("{} {what}{more}", display(&self.path)));
        }
    }
}

/// The names in a folder, in reverse order, to be taken from the end.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = folder.read_dir()?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable_by(|left, right| right.cmp(left));
    Ok(names)
}

fn kind(file_type: FileType) -> EntryKind {
    if file_type.is_dir() {
        EntryKind::Directory
    } else if file_type.is_symlink() {
        EntryKind::Symlink
    } else if file_type.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    }
}
