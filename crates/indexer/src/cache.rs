//! What was found in a layer, kept between runs under (diff id, what shaped the result).
//!
//! One file a layer, written whole beside its place and renamed into it, never changed afterwards: any number of
//! processes read and write at once without a lock, and a writer that is killed leaves at most a temporary file, which
//! the next pruning removes. A file that does not check out is as good as none.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use model::digest::Digest;
use sha2::{Digest as _, Sha256};

use crate::layer::{FileInventory, FoundSecret, LayerInventory};
use crate::notable::NotableEntry;

const MAGIC: &[u8; 8] = b"PLMLAY06";
/// Length of magic and checksum.
const HEADER: usize = 8 + 32;
/// Length of the lengths.
const LENGTHS: usize = 5 * 8;
/// A temporary file older than this belongs to a writer that was killed.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A cache of layer inventories in a folder.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Bytes after which the oldest entries go.
    limit: u64,
    key: String,
}

/// A cache that cannot be written or listed.
#[derive(Debug, thiserror::Error)]
#[error("the cache at {} cannot be used: {source}", path.display())]
pub struct CacheError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// What a cache holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheSize {
    /// Layers.
    pub layers: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Cache {
    /// A cache in this folder, which is made when first written to. `fingerprint` names everything beside the layer's
    /// bytes that shapes a result: the extractors, their versions and settings.
    pub fn new(folder: &Path, limit: u64, fingerprint: &str) -> Self {
        let key = Digest::Sha256(Sha256::digest(fingerprint.as_bytes()).into()).hex();
        Self { folder: folder.to_owned(), limit, key: key[..16].to_owned() }
    }

    fn path(&self, diff_id: &Digest) -> PathBuf {
        let hex = diff_id.hex();
        self.folder.join(&hex[..2]).join(format!("{hex}-{}.layer", self.key))
    }

    /// What was found in the layer, when it was read before by the same extractors.
    pub fn get(&self, diff_id: &Digest) -> Option<LayerInventory> {
        decode(&fs::read(self.path(diff_id)).ok()?)
    }

    /// Keeps what was found in a layer whose diff id has been verified.
    pub fn put(&self, diff_id: &Digest, inventory: &LayerInventory) -> Result<(), CacheError> {
        let path = self.path(diff_id);
        let error = |source| CacheError { path: path.clone(), source };
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(error)?;
        // The process id keeps two writers of one layer apart; both write the same bytes.
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&temporary)?;
            file.write_all(&encode(inventory)?)?;
            drop(file);
            fs::rename(&temporary, &path)
        };
        write().map_err(|source| {
            let _ = fs::remove_file(&temporary);
            error(source)
        })
    }

    /// Every file of the cache: path, size, time of last change.
    fn files(&self) -> Result<Vec<(PathBuf, u64, SystemTime)>, CacheError> {
        let mut files = Vec::new();
        for folder in list(&self.folder)? {
            if !folder.is_dir() {
                continue;
            }
            for path in list(&folder)? {
                // Another process may be pruning at the same time.
                if let Ok(metadata) = fs::symlink_metadata(&path) {
                    files.push((path, metadata.len(), metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)));
                }
            }
        }
        Ok(files)
    }

    /// How much is in it.
    pub fn size(&self) -> Result<CacheSize, CacheError> {
        let layers =
            self.files()?.into_iter().filter(|(path, ..)| path.extension().is_some_and(|extension| extension == "layer"));
        Ok(layers
            .fold(CacheSize::default(), |size, (_, bytes, _)| CacheSize { layers: size.layers + 1, bytes: size.bytes + bytes }))
    }

    /// Removes what killed writers left, and the oldest entries until the rest is within the limit.
    pub fn prune(&self) -> Result<(), CacheError> {
        let mut files = self.files()?;
        let now = SystemTime::now();
        files.retain(|(path, _, changed)| {
            let temporary = path.extension().is_some_and(|extension| extension == "tmp");
            if temporary && now.duration_since(*changed).is_ok_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(path);
            }
            !temporary
        });
        let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        files.sort_by(|left, right| (left.2, &left.0).cmp(&(right.2, &right.0)));
        for (path, bytes, _) in files {
            if total <= self.limit {
                break;
            }
            if fs::remove_file(&path).is_ok() {
                total -= bytes;
            }
        }
        Ok(())
    }

    /// Empties it.
    pub fn clear(&self) -> Result<(), CacheError> {
        match fs::remove_dir_all(&self.folder) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(CacheError { path: self.folder.clone(), source }),
            _ => Ok(()),
        }
    }
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, CacheError> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(CacheError { path: folder.to_owned(), source }),
    }
}

/// The part that is not lists of hashes.
#[derive(serde::Serialize, serde::Deserialize)]
struct Text<'a> {
    files: std::borrow::Cow<'a, [FileInventory]>,
    secrets: std::borrow::Cow<'a, [FoundSecret]>,
    notable: std::borrow::Cow<'a, [NotableEntry]>,
    notable_left_out: usize,
    problems: std::borrow::Cow<'a, [String]>,
    cut_short: Option<std::borrow::Cow<'a, str>>,
}

/// Magic, SHA-256 of the rest, the five lengths, JSON, then the hashes as little-endian words.
fn encode(inventory: &LayerInventory) -> io::Result<Vec<u8>> {
    let text = serde_json::to_vec(&Text {
        files: (&inventory.files[..]).into(),
        secrets: (&inventory.secrets[..]).into(),
        notable: (&inventory.notable[..]).into(),
        notable_left_out: inventory.notable_left_out,
        problems: (&inventory.problems[..]).into(),
        cut_short: inventory.cut_short.as_deref().map(Into::into),
    })?;
    let lists = [&inventory.names, &inventory.whiteouts, &inventory.opaque, &inventory.folders];
    let words: usize = lists.iter().map(|list| list.len()).sum();
    let mut bytes = Vec::with_capacity(HEADER + LENGTHS + text.len() + words * 8);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[0; 32]);
    for length in std::iter::once(text.len()).chain(lists.iter().map(|list| list.len())) {
        bytes.extend_from_slice(&(length as u64).to_le_bytes());
    }
    bytes.extend_from_slice(&text);
    for word in lists.into_iter().flatten() {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    let checksum = Sha256::digest(&bytes[HEADER..]);
    bytes[MAGIC.len()..HEADER].copy_from_slice(&checksum);
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Option<LayerInventory> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (checksum, rest) = rest.split_at_checked(32)?;
    if Sha256::digest(rest).as_slice() != checksum {
        return None;
    }
    let (lengths, rest) = rest.split_at_checked(LENGTHS)?;
    let mut lengths = lengths.chunks_exact(8).filter_map(|word| usize::try_from(u64::from_le_bytes(word.try_into().ok()?)).ok());
    let (text, mut rest) = rest.split_at_checked(lengths.next()?)?;
    let mut words = || {
        let (list, after) = rest.split_at_checked(lengths.next()?.checked_mul(8)?)?;
        rest = after;
        Some(list.chunks_exact(8).filter_map(|word| Some(u64::from_le_bytes(word.try_into().ok()?))).collect())
    };
    let (names, whiteouts, opaque, folders) = (words()?, words()?, words()?, words()?);
    let text: Text<'_> = serde_json::from_slice(text).ok()?;
    Some(LayerInventory {
        files: text.files.into_owned(),
        names,
        whiteouts,
        opaque,
        secrets: text.secrets.into_owned(),
        notable: text.notable.into_owned(),
        notable_left_out: text.notable_left_out,
        folders,
        problems: text.problems.into_owned(),
        cut_short: text.cut_short.map(std::borrow::Cow::into_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::notable::Notable;
    use model::package::{Package, PackageType};

    fn sample() -> LayerInventory {
        let file = FileInventory {
            path: "/a".into(),
            hashes: vec![1, 2],
            merged: 3,
            packages: vec![Package::new(PackageType::Npm, "a", "1", "x")],
            ..FileInventory::default()
        };
        LayerInventory {
            files: vec![file],
            names: vec![1, 5, 9],
            whiteouts: vec![7],
            opaque: vec![],
            notable: vec![NotableEntry {
                path: "/b".into(),
                hashes: vec![4],
                merged: 4,
                kind: Notable::PackageCache { bytes: 1 },
            }],
            notable_left_out: 3,
            folders: vec![2, 3],
            secrets: vec![FoundSecret {
                path: "/b".into(),
                hashes: vec![4],
                secret: crate::secret::SecretMatch {
                    rule: "github-pat".into(),
                    line: 3,
                    redacted: "ghp_****".into(),
                    identity: 5,
                    inside: None,
                    ignored: false,
                },
            }],
            problems: vec!["p".into()],
            cut_short: Some("why".into()),
        }
    }

    #[test]
    fn round_trips_and_notices_damage() {
        let bytes = encode(&sample()).unwrap();
        assert_eq!(decode(&bytes), Some(sample()));
        for position in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[position] ^= 0x10;
            assert_eq!(decode(&damaged), None, "byte {position}");
            assert_eq!(decode(&bytes[..position]), None, "cut at {position}");
        }
    }

    #[test]
    fn keeps_prunes_and_clears() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path(), u64::MAX, "x=1");
        let (first, second) = (Digest::Sha256([1; 32]), Digest::Sha256([2; 32]));
        assert_eq!(cache.get(&first), None);
        cache.put(&first, &sample()).unwrap();
        assert_eq!(cache.get(&first), Some(sample()));
        assert_eq!(Cache::new(folder.path(), u64::MAX, "x=2").get(&first), None, "another version of an extractor");
        cache.put(&second, &sample()).unwrap();
        let size = cache.size().unwrap();
        assert_eq!(size.layers, 2);
        Cache::new(folder.path(), size.bytes - 1, "x=1").prune().unwrap();
        assert_eq!(cache.size().unwrap().layers, 1);
        cache.clear().unwrap();
        assert_eq!(cache.size().unwrap(), CacheSize::default());
    }
}
