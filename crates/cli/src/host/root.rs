//! The root file system of a host, which may be mounted below a folder: links lead where they do on that host.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// Links that are followed on one way, as many as Linux does.
const MAX_LINKS: usize = 40;

/// A root file system.
pub struct Root(PathBuf);

impl Root {
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Where a path of the host leads, as the host knows it.
    pub fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        let mut waiting: VecDeque<PathBuf> = parts(path).collect();
        let mut at = PathBuf::from("/");
        let mut links = 0;
        while let Some(part) = waiting.pop_front() {
            if part.as_os_str() == ".." {
                at.pop();
                continue;
            }
            let next = at.join(&part);
            if !fs::symlink_metadata(self.here(&next))?.is_symlink() {
                at = next;
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::from_raw_os_error(libc::ELOOP));
            }
            let target = fs::read_link(self.here(&next))?;
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                waiting.push_front(part);
            }
        }
        Ok(at)
    }

    /// Where a path of the host, without links, is for this process.
    pub fn here(&self, path: &Path) -> PathBuf {
        self.0.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// The text of a file, at most this many bytes of it.
    pub fn text(&self, path: impl AsRef<Path>, most: u64) -> io::Result<String> {
        let path = self.here(&self.resolve(path.as_ref())?);
        // A pipe would be waited for without end.
        if !fs::metadata(&path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {most} bytes")));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The names in a folder, in order.
    pub fn names(&self, path: impl AsRef<Path>) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.here(&self.resolve(path.as_ref())?))?;
        let mut names =
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<io::Result<Vec<_>>>()?;
        names.sort();
        Ok(names)
    }
}

fn parts(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let parts: Vec<PathBuf> = path
        .components()
        .filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir))
        .map(|part| PathBuf::from(part.as_os_str()))
        .collect();
    parts.into_iter()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_stay_below_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::new(folder.path());
        fs::create_dir_all(folder.path().join("run/d")).unwrap();
        fs::create_dir(folder.path().join("var")).unwrap();
        fs::write(folder.path().join("run/d/f"), "inside").unwrap();
        symlink("/run", folder.path().join("var/run")).unwrap();
        symlink("../../../etc/passwd", folder.path().join("out")).unwrap();
        symlink("loop", folder.path().join("loop")).unwrap();
        assert_eq!(root.resolve(Path::new("/var/run/d/f")).unwrap(), Path::new("/run/d/f"));
        assert_eq!(root.text("/var/run/d/../d/f", 10).unwrap(), "inside");
        assert!(root.text("/var/run/d/f", 3).is_err());
        // Not this machine's.
        assert_eq!(root.text("/out", 10).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(root.resolve(Path::new("/loop")).unwrap_err().raw_os_error(), Some(libc::ELOOP));
        assert_eq!(root.names("/run").unwrap(), ["d"]);
    }
}
