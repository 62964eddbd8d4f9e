//! Replaces a file whole: readers see the old bytes or the new ones, whatever happens in between.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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
pub(super) fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(io::Error::other("it exists and is not a file"));
    }
    let name = target.file_name().ok_or_else(|| io::Error::other("its path names no file"))?;
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut temporary_name = std::ffi::OsString::from(".");
    temporary_name.push(name);
    temporary_name.push(format!(".{}.tmp", std::process::id()));
    let mut temporary = Temporary { path: folder.join(temporary_name), renamed: false };
    let mut file = File::create(&temporary.path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary.path, &target)?;
    temporary.renamed = true;
    // The rename itself is on disk only when the folder is.
    File::open(&folder)?.sync_all()
}
