//! Replaces a file whole: readers see the old bytes or the new ones, whatever happens in between.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Beside the target, what a killed writer left is taken away once it is this old: no write takes so long.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A file under a name of its own, removed unless it was renamed.
struct Temporary {
    path: PathBuf,
    renamed: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes bytes beside `target`, brings them to disk and renames them over it. A link is followed, so that it goes on
/// pointing where it did.
pub(crate) fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::Error::other("it exists and is not a file"));
    }
    let name = target.file_name().ok_or_else(|| io::Error::other("its path names no file"))?;
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let prefix = format!(".{}.", name.to_string_lossy());
    remove_abandoned(&folder, &prefix);
    let mut temporary = Temporary { path: folder.join(format!("{prefix}{}.tmp", std::process::id())), renamed: false };
    let mut file = File::create(&temporary.path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary.path, &target)?;
    temporary.renamed = true;
    // The rename itself is on disk only when the folder is.
    File::open(&folder)?.sync_all()
}

fn remove_abandoned(folder: &Path, prefix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.strip_prefix(prefix)?.strip_suffix(".tmp")) else { continue };
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
        if process.bytes().all(|byte| byte.is_ascii_digit()) && age.is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
