//! Which files are worth a word by name, mode and size alone, so that it costs an ordinary file a few comparisons and no
//! memory.

use image::{Entry, EntryKind};
use model::notable::{Notable, NotableFile};
use model::path::{file_name, parent};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::coalesce::{Layer, hides};
use crate::path_hash::PathHash;

/// Files of each kind that are kept of a layer; who has more of them has the same work to do.
const MAX_OF_KIND: usize = 1000;

/// A notable file of one layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotableEntry {
    /// Path as reports write it.
    pub path: String,
    /// [`PathHash::with_ancestors`] of the path.
    pub hashes: Vec<u64>,
    /// [`PathHash::of_merged`] of the path.
    pub merged: u64,
    /// Why it is worth a word.
    pub kind: Notable,
}

/// Collects them while a layer is walked.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    entries: HashMap<u64, Vec<NotableEntry>>,
    /// Bytes below each package manager's folder.
    caches: BTreeMap<Vec<u8>, u64>,
    counts: [usize; Notable::KINDS],
    left_out: usize,
}

impl Collector {
    /// Looks at an entry that is no whiteout; what was known under its name is gone.
    pub(crate) fn entry(&mut self, entry: &Entry<'_>, hash: PathHash) {
        self.entries.remove(&hash.0);
        let is_file = entry.kind == EntryKind::File;
        if !is_file && entry.kind != EntryKind::Directory {
            return;
        }
        if entry.mode & 0o002 != 0 && (is_file || entry.mode & 0o1000 == 0) && !is_meant_for_all(entry.path) {
            self.note(entry.path, Notable::WritableByAll);
        }
        if !is_file {
            return;
        }
        // Without the right to run it, the bits mean something else.
        if entry.mode & 0o4000 != 0 && entry.mode & 0o111 != 0 {
            self.note(entry.path, Notable::SetUid);
        }
        if entry.mode & 0o2000 != 0 && entry.mode & 0o010 != 0 {
            self.note(entry.path, Notable::SetGid);
        }
        if entry.size == 0 {
            return;
        }
        if let Some(folder) = cache_folder(entry.path) {
            self.cache(folder, entry.size);
        } else if let Some(kind) = by_name(entry.path) {
            self.note(entry.path, kind);
        }
    }

    /// Keeps one.
    pub(crate) fn note(&mut self, path: &[u8], kind: Notable) {
        let count = &mut self.counts[kind.number()];
        *count += 1;
        if *count > MAX_OF_KIND {
            self.left_out += 1;
            return;
        }
        let hashes = PathHash::with_ancestors(path);
        let entry = NotableEntry { path: model::path::display(path), merged: PathHash::of_merged(path).0, hashes, kind };
        self.entries.entry(PathHash::of(path).0).or_default().push(entry);
    }

    fn cache(&mut self, folder: &[u8], size: u64) {
        if let Some(bytes) = self.caches.get_mut(folder) {
            *bytes = bytes.saturating_add(size);
        } else if self.caches.len() < MAX_OF_KIND {
            self.caches.insert(folder.to_vec(), size);
        }
    }

    /// All of them by path and kind, and how many were left out.
    pub(crate) fn finish(mut self) -> (Vec<NotableEntry>, usize) {
        for (folder, bytes) in std::mem::take(&mut self.caches) {
            self.note(&folder, Notable::PackageCache { bytes });
        }
        let mut all: Vec<NotableEntry> = self.entries.into_values().flatten().collect();
        all.sort_by(|left, right| (&left.path, &left.kind).cmp(&(&right.path, &right.kind)));
        (all, self.left_out)
    }
}

/// What is left of them when the layers lie on top of each other, lowest layer first; `owner` knows the distribution's files.
pub(crate) fn fold<'o>(layers: &[Layer<'_>], owner: impl Fn(u64) -> Option<&'o str>) -> Vec<NotableFile> {
    let mut files = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        for entry in &layer.inventory.notable {
            let is_hidden = layers[index + 1..].iter().any(|upper| {
                let name = entry.hashes.first();
                // A folder that comes again has another mode, or takes a file's place.
                hides(upper.inventory, &entry.hashes)
                    || name.is_some_and(|name| upper.inventory.folders.binary_search(name).is_ok())
            });
            // A layer keeps the bytes that a later one deletes.
            let hidden = match entry.kind {
                Notable::PackageCache { .. } => false,
                Notable::Credentials => is_hidden,
                _ if is_hidden => continue,
                _ => false,
            };
            let asks = matches!(entry.kind, Notable::SetUid | Notable::SetGid);
            files.push(NotableFile {
                path: entry.path.clone(),
                layer: layer.diff_id,
                kind: entry.kind.clone(),
                owner: if asks { owner(entry.merged).map(str::to_owned) } else { None },
                hidden,
            });
        }
    }
    drop_seen(&mut files);
    files
}

/// Of one name in several layers, the one that is seen is enough.
fn drop_seen(files: &mut Vec<NotableFile>) {
    let seen: BTreeSet<String> =
        files.iter().filter(|file| file.kind == Notable::Credentials && !file.hidden).map(|file| file.path.clone()).collect();
    files.retain(|file| !file.hidden || !seen.contains(&file.path));
}

/// The hashes that [`fold`] asks the owner of.
pub(crate) fn asked<'l>(layers: &'l [Layer<'_>]) -> impl Iterator<Item = u64> + 'l {
    let entries = layers.iter().flat_map(|layer| &layer.inventory.notable);
    entries.filter(|entry| matches!(entry.kind, Notable::SetUid | Notable::SetGid)).map(|entry| entry.merged)
}

/// Folders that everybody writes to, by what they are for.
fn is_meant_for_all(path: &[u8]) -> bool {
    let folders: [&[u8]; 7] = [b"tmp", b"var/tmp", b"dev", b"proc", b"sys", b"run/lock", b"var/lock"];
    folders.iter().any(|folder| path.strip_prefix(*folder).is_some_and(|rest| rest.is_empty() || rest[0] == b'/'))
}

/// Package managers' folders, by how their path begins.
const CACHES: [&[u8]; 14] = [
    b"var/cache/apt/",
    b"var/lib/apt/lists/",
    b"var/cache/apk/",
    b"etc/apk/cache/",
    b"lib/apk/cache/",
    b"var/cache/yum/",
    b"var/cache/dnf/",
    b"var/cache/libdnf5/",
    b"var/lib/dnf/repos/",
    b"var/cache/zypp/",
    b"var/cache/pacman/pkg/",
    b"var/cache/xbps/",
    b"usr/local/share/.cache/yarn/",
    b"usr/local/cargo/registry/cache/",
];

/// Those of a user, below the home folder.
const HOME_CACHES: [&[u8]; 9] = [
    b".cache/pip/",
    b".cache/uv/",
    b".cache/pypoetry/",
    b".cache/yarn/",
    b".cache/go-build/",
    b".cache/composer/",
    b".npm/_cacache/",
    b".cargo/registry/cache/",
    b".local/share/pnpm/store/",
];

/// The package manager's folder that a file lies in.
fn cache_folder(path: &[u8]) -> Option<&[u8]> {
    let in_folder =
        |folders: &[&[u8]], rest: &[u8]| folders.iter().find(|folder| rest.starts_with(folder)).map(|folder| folder.len());
    if path.starts_with(b"var/")
        || path.starts_with(b"etc/apk/")
        || path.starts_with(b"lib/apk/")
        || path.starts_with(b"usr/local/")
    {
        return in_folder(&CACHES, path).map(|length| &path[..length - 1]);
    }
    let rest = below_home(path)?;
    let home = path.len() - rest.len();
    in_folder(&HOME_CACHES, rest).map(|length| &path[..home + length - 1])
}

/// What stands after `root/` or `home/NAME/`.
fn below_home(path: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = path.strip_prefix(b"root/") {
        return Some(rest);
    }
    let rest = path.strip_prefix(b"home/")?;
    let slash = memchr::memchr(b'/', rest)?;
    Some(&rest[slash + 1..])
}

/// What a name says.
fn by_name(path: &[u8]) -> Option<Notable> {
    let name = file_name(path);
    let folder = file_name(parent(path));
    let kind = match name {
        b"id_rsa"
        | b"id_dsa"
        | b"id_ecdsa"
        | b"id_ed25519"
        | b"id_ecdsa_sk"
        | b"id_ed25519_sk"
        | b".netrc"
        | b".pypirc"
        | b".git-credentials"
        | b".pgpass"
        | b".dockercfg"
        | b".vault-token"
        | b"application_default_credentials.json" => Notable::Credentials,
        b"credentials" if matches!(folder, b".aws" | b".gem" | b".cargo") => Notable::Credentials,
        b"credentials.toml" if folder == b".cargo" => Notable::Credentials,
        b"config.json" if folder == b".docker" => Notable::Credentials,
        b"auth.json" if matches!(folder, b"containers" | b".composer") => Notable::Credentials,
        b"config" if folder == b".kube" => Notable::Credentials,
        b"hosts.yml" if folder == b"gh" => Notable::Credentials,
        b"credentials.db" | b"access_tokens.db" if folder == b"gcloud" => Notable::Credentials,
        b"accessTokens.json" | b"msal_token_cache.json" if folder == b".azure" => Notable::Credentials,
        b"credentials.tfrc.json" if folder == b".terraform.d" => Notable::Credentials,
        b"settings-security.xml" if folder == b".m2" => Notable::Credentials,
        // Elsewhere it mostly says how packages are laid out.
        b".npmrc" if below_home(path) == Some(b".npmrc") => Notable::Credentials,
        _ if folder == b"ssh" && name.starts_with(b"ssh_host_") && name.ends_with(b"_key") => Notable::Credentials,
        _ if path.starts_with(b"etc/ssl/private/") && (name.ends_with(b".key") || name.ends_with(b".pem")) => {
            Notable::Credentials
        }
        b"HEAD" if folder == b".git" => Notable::Unneeded,
        b"entries" if folder == b".svn" => Notable::Unneeded,
        b"requires" if folder == b".hg" => Notable::Unneeded,
        b"Dockerfile"
        | b"Containerfile"
        | b".dockerignore"
        | b"docker-compose.yml"
        | b"docker-compose.yaml"
        | b"compose.yml"
        | b"compose.yaml"
        | b".env"
        | b".env.local"
        | b".env.production"
        | b".env.development"
        | b".DS_Store"
        | b"Thumbs.db"
        | b".bash_history"
        | b".ash_history"
        | b".viminfo" => Notable::Unneeded,
        b"sudo" if matches!(parent(path), b"usr/bin" | b"bin" | b"usr/local/bin") => return Some(Notable::Sudo),
        _ => return None,
    };
    (!is_of_package(path)).then_some(kind)
}

/// Whether a path lies among what packages bring: their tests hold keys, and their authors' files.
fn is_of_package(path: &[u8]) -> bool {
    let parts = path.split(|&byte| byte == b'/');
    let folders: [&[u8]; 13] = [
        b"node_modules",
        b"site-packages",
        b"dist-packages",
        b"vendor",
        b"gems",
        b"mod",
        b"registry",
        b"test",
        b"tests",
        b"testdata",
        b"examples",
        b"doc",
        b"fixtures",
    ];
    path.starts_with(b"usr/share/") || path.starts_with(b"usr/lib/") || parts.into_iter().any(|part| folders.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(path: &str, kind: EntryKind, mode: u32, size: u64) -> Vec<Notable> {
        let mut collector = Collector::default();
        let entry = Entry { path: path.as_bytes(), kind, size, mode, link: b"" };
        collector.entry(&entry, PathHash::of(entry.path));
        collector.finish().0.into_iter().map(|entry| entry.kind).collect()
    }

    #[test]
    fn modes() {
        let (file, folder) = (EntryKind::File, EntryKind::Directory);
        assert_eq!(kinds("usr/bin/a", file, 0o4755, 1), [Notable::SetUid]);
        assert_eq!(kinds("usr/bin/a", file, 0o6755, 1), [Notable::SetUid, Notable::SetGid]);
        assert_eq!(kinds("usr/bin/a", file, 0o4644, 1), []);
        assert_eq!(kinds("var/mail", folder, 0o2775, 0), []);
        assert_eq!(kinds("opt/a", folder, 0o777, 0), [Notable::WritableByAll]);
        assert_eq!(kinds("opt/a", folder, 0o1777, 0), []);
        assert_eq!(kinds("etc/a", file, 0o666, 0), [Notable::WritableByAll]);
        assert_eq!(kinds("tmp", folder, 0o777, 0), []);
        assert_eq!(kinds("tmpfiles", folder, 0o777, 0), [Notable::WritableByAll]);
        assert_eq!(kinds("usr/bin/a", EntryKind::Symlink, 0o777, 0), []);
    }

    #[test]
    fn names() {
        let kinds = |path: &str| kinds(path, EntryKind::File, 0o644, 10);
        for path in [
            "root/.ssh/id_rsa",
            "home/me/.aws/credentials",
            "app/.docker/config.json",
            "root/.npmrc",
            "home/me/.npmrc",
            "etc/ssh/ssh_host_ed25519_key",
            "etc/ssl/private/a.key",
            "root/.kube/config",
            "root/.config/containers/auth.json",
        ] {
            assert_eq!(kinds(path), [Notable::Credentials], "{path}");
        }
        for path in [
            "root/.ssh/id_rsa.pub",
            "app/.npmrc",
            "app/config.json",
            "usr/lib/node_modules/a/.netrc",
            "app/tests/id_rsa",
            "credentials",
        ] {
            assert_eq!(kinds(path), [], "{path}");
        }
        for path in ["app/Dockerfile", "Dockerfile", "app/.git/HEAD", "app/.env"] {
            assert_eq!(kinds(path), [Notable::Unneeded], "{path}");
        }
        assert_eq!(kinds("usr/bin/sudo"), [Notable::Sudo]);
        assert_eq!(super::by_name(b"etc/pam.d/sudo"), None);
    }

    #[test]
    fn caches_add_up() {
        let mut collector = Collector::default();
        for path in ["var/lib/apt/lists/a_Packages", "var/lib/apt/lists/b_Packages", "home/me/.cache/pip/http/a", "var/lib/apt/x"]
        {
            let entry = Entry { path: path.as_bytes(), kind: EntryKind::File, size: 4, mode: 0o644, link: b"" };
            collector.entry(&entry, PathHash::of(entry.path));
        }
        let found: Vec<(String, Notable)> = collector.finish().0.into_iter().map(|entry| (entry.path, entry.kind)).collect();
        let cache = |path: &str, bytes| (path.to_owned(), Notable::PackageCache { bytes });
        assert_eq!(found, [cache("/home/me/.cache/pip", 4), cache("/var/lib/apt/lists", 8)]);
    }

    #[test]
    fn a_name_that_comes_again_counts_as_its_last() {
        let mut collector = Collector::default();
        for mode in [0o4755, 0o755] {
            let entry = Entry { path: b"bin/a", kind: EntryKind::File, size: 1, mode, link: b"" };
            collector.entry(&entry, PathHash::of(entry.path));
        }
        assert_eq!(collector.finish(), (Vec::new(), 0));
    }

    #[test]
    fn many_of_a_kind_are_counted() {
        let mut collector = Collector::default();
        for number in 0..MAX_OF_KIND + 5 {
            let path = format!("srv/{number}");
            let entry = Entry { path: path.as_bytes(), kind: EntryKind::File, size: 1, mode: 0o666, link: b"" };
            collector.entry(&entry, PathHash::of(entry.path));
        }
        let (kept, left_out) = collector.finish();
        assert_eq!((kept.len(), left_out), (MAX_OF_KIND, 5));
    }
}
