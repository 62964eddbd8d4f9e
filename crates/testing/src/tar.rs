//! Writes tars, honest ones and others, a header at a time.

/// A tar in the making. Every method adds one entry and hands the tar on.
#[derive(Clone, Debug, Default)]
pub struct Tar {
    bytes: Vec<u8>,
    mode: Option<u32>,
}

impl Tar {
    /// An empty tar.
    pub fn new() -> Self {
        Self::default()
    }

    /// A regular file.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let content = content.as_ref();
        self.long_name(path).entry(path.as_bytes(), b'0', b"", content.len() as u64).content(content)
    }

    /// A directory.
    pub fn directory(self, path: &str) -> Self {
        self.long_name(path).mode(0o755).entry(path.as_bytes(), b'5', b"", 0)
    }

    /// A symbolic link.
    pub fn symlink(self, path: &str, target: &str) -> Self {
        self.long_name(path).mode(0o777).entry(path.as_bytes(), b'2', target.as_bytes(), 0)
    }

    /// A hard link.
    pub fn hardlink(self, path: &str, target: &str) -> Self {
        self.long_name(path).entry(path.as_bytes(), b'1', target.as_bytes(), 0)
    }

    /// Deletes `path` from the layers below.
    pub fn whiteout(self, path: &str) -> Self {
        let (folder, name) = path.rsplit_once('/').map_or((String::new(), path), |(folder, name)| (format!("{folder}/"), name));
        self.file(&format!("{folder}.wh.{name}"), b"")
    }

    /// Hides what lower layers put into `folder`.
    pub fn opaque(self, folder: &str) -> Self {
        self.file(&format!("{folder}/.wh..wh..opq"), b"")
    }

    /// The permission bits of the next entry.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    /// A PAX header for the entry that follows.
    pub fn pax(self, records: &[(&str, &[u8])]) -> Self {
        let mut content = Vec::new();
        for (key, value) in records {
            let rest = key.len() + value.len() + 3;
            // The length counts its own digits.
            let mut length = rest + 1;
            while length != rest + length.to_string().len() {
                length += 1;
            }
            content.extend_from_slice(format!("{length} {key}=").as_bytes());
            content.extend_from_slice(value);
            content.push(b'\n');
        }
        self.extension(b'x', &content)
    }

    /// Any extension header (`x`, `g`, `L`, `K`).
    pub fn extension(self, flag: u8, content: &[u8]) -> Self {
        self.entry(b"extension", flag, b"", content.len() as u64).content(content)
    }

    /// A bare ustar header; names beyond 100 bytes are cut.
    pub fn entry(self, name: &[u8], flag: u8, link: &[u8], size: u64) -> Self {
        self.header(name, flag, link, size, |_| {})
    }

    /// A header, changed by `change` before its checksum is computed.
    pub fn header(mut self, name: &[u8], flag: u8, link: &[u8], size: u64, change: impl FnOnce(&mut [u8; 512])) -> Self {
        let mut block = [0; 512];
        let mode = self.mode.take().unwrap_or(0o644);
        let mut put = |at: usize, bytes: &[u8], most: usize| {
            for (to, from) in block.iter_mut().skip(at).zip(bytes.iter().take(most)) {
                *to = *from;
            }
        };
        put(0, name, 100);
        put(100, format!("{mode:07o}").as_bytes(), 7);
        put(108, b"0000000\x000000000", 15);
        if size < 1 << 33 {
            put(124, format!("{size:011o}").as_bytes(), 11);
        } else {
            put(124, &[0x80, 0, 0, 0], 4);
            put(128, &size.to_be_bytes(), 8);
        }
        put(136, b"14524770000", 11);
        put(157, link, 100);
        put(156, &[flag], 1);
        put(257, b"ustar\x0000", 8);
        change(&mut block);
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        for (to, from) in block.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
            *to = from;
        }
        self.raw(&block)
    }

    /// Content and the zeros that fill its last block.
    pub fn content(mut self, content: &[u8]) -> Self {
        self.bytes.extend_from_slice(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(512), 0);
        self
    }

    /// Any bytes.
    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// The bytes so far, without the end marker.
    pub fn unfinished(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes, with the end marker.
    pub fn bytes(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len() + 1024, 0);
        self.bytes
    }

    fn long_name(self, path: &str) -> Self {
        let mode = self.mode;
        let mut tar = if path.len() > 100 { self.pax(&[("path", path.as_bytes())]) } else { self };
        tar.mode = mode;
        tar
    }
}
