//! `InRelease`: the signed list of a suite's files (<https://wiki.debian.org/DebianRepository/Format>).
//!
//! The signature is checked by `gpgv`, which apt itself depends on, with the keys that apt trusts: a second OpenPGP
//! implementation would bring its own ideas of what a valid signature is.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use client::HttpClient;
use jiff::Timestamp;

use super::changelog::moment;
use super::sources::LIST_LIMIT;
use super::{MirrorError, MirrorOptions, io_at};
use crate::update::fetch;

/// Largest `InRelease`; Debian's have 150 kB.
const RELEASE_LIMIT: u64 = 32 << 20;
/// What to do where the program that checks signatures is missing.
const NO_GPGV: &str = "the program `gpgv`, which checks its signature, is not on this machine; install the package gpgv (gnupg2 \
                       on RPM distributions, gnupg on Alpine), or take a finished database with `plimsoll db update --from`";
/// Largest keyring.
const KEYRING_LIMIT: u64 = 8 << 20;

/// A key or many, as apt is told them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keyring {
    /// A file, armoured or not.
    File(PathBuf),
    /// An armoured key written into the list of sources itself.
    Inline(String),
}

/// A suite's list of files, its signature found good.
pub(super) struct Release {
    /// Address of the suite's folder, with its slash.
    pub(super) folder: String,
    /// Address of the repository, with its slash.
    pub(super) base: String,
    /// When it was made.
    pub(super) date: Timestamp,
    /// Until when it may be relied on.
    pub(super) valid_until: Option<Timestamp>,
    /// Whether its files are there under their checksums, too.
    by_hash: bool,
    /// Length and SHA-256 (hexadecimal) by path.
    pub(super) files: BTreeMap<String, (u64, String)>,
}

impl Release {
    /// A file that the list names, held to its checksum; `None` where the mirror does not have it.
    pub(super) fn file(&self, client: &HttpClient, path: &str) -> Result<Option<Vec<u8>>, MirrorError> {
        let address = format!("{}{path}", self.folder);
        let Some((size, sha256)) = self.files.get(path) else { return Ok(None) };
        if *size > LIST_LIMIT {
            return Err(MirrorError::Format { file: address, reason: "it is too large".to_owned() });
        }
        // Under its checksum it is the same file also while the mirror is being brought up to date.
        if self.by_hash
            && let Some((parent, _)) = path.rsplit_once('/')
            && let Some(bytes) =
                fetch::verified(client, &format!("{}{parent}/by-hash/SHA256/{sha256}", self.folder), *size, sha256)?
        {
            return Ok(Some(bytes));
        }
        Ok(fetch::verified(client, &address, *size, sha256)?)
    }
}

/// Reads and checks a suite; `None` where the mirror does not have it.
pub(super) fn read(
    client: &HttpClient,
    base: &str,
    suite: &str,
    options: &MirrorOptions,
) -> Result<Option<Release>, MirrorError> {
    let base = format!("{}/", base.trim_end_matches('/'));
    let folder = format!("{base}dists/{suite}/");
    let address = format!("{folder}InRelease");
    let Some(bytes) = fetch::small_of(client, &address, RELEASE_LIMIT, options.once)? else { return Ok(None) };
    let text = signed_text(&bytes, &options.mirrors.keyrings, &options.cache, &address)?;
    let format = |reason: &str| MirrorError::Format { file: address.clone(), reason: reason.to_owned() };
    let text = String::from_utf8(text).map_err(|_| format("it is no text"))?;
    let fields = Fields::read(&text);
    // A mirror that serves another suite's list, signed all the same, would hide what this one fixes.
    let codename = fields.get("Codename").unwrap_or_default();
    if codename != suite && !suite.starts_with(&format!("{codename}/")) {
        return Err(format(&format!("it is the list of suite `{codename}`")));
    }
    let date = fields.get("Date").and_then(moment).ok_or_else(|| format("it has no date"))?;
    let valid_until = fields.get("Valid-Until").and_then(moment);
    let by_hash = fields.get("Acquire-By-Hash") == Some("yes");
    Ok(Some(Release { date, valid_until, by_hash, files: fields.files, folder, base }))
}

/// The parts of a `Release` that are of use.
struct Fields<'a> {
    fields: BTreeMap<&'a str, &'a str>,
    files: BTreeMap<String, (u64, String)>,
}

impl<'a> Fields<'a> {
    fn read(text: &'a str) -> Self {
        let mut fields = BTreeMap::new();
        let mut files = BTreeMap::new();
        let mut field = "";
        for line in text.lines() {
            if let Some(line) = line.strip_prefix(' ') {
                let mut words = line.split_whitespace();
                if let (true, Some(sha256), Some(size), Some(path)) =
                    (field == "SHA256", words.next(), words.next(), words.next())
                    && let Ok(size) = size.parse()
                {
                    files.insert(path.to_owned(), (size, sha256.to_ascii_lowercase()));
                }
            } else if let Some((name, value)) = line.split_once(':') {
                field = name;
                fields.insert(name, value.trim());
            }
        }
        Self { fields, files }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.fields.get(name).copied()
    }
}

/// The text that a good signature of one of the keys is for.
fn signed_text(bytes: &[u8], keyrings: &[Keyring], scratch: &Path, address: &str) -> Result<Vec<u8>, MirrorError> {
    let refuse = |reason: String| MirrorError::Signature { file: address.to_owned(), reason };
    if keyrings.is_empty() {
        return Err(refuse("no key of this distribution is on this machine; install its archive keyring".to_owned()));
    }
    let folder = Scratch::new(scratch)?;
    let (signed, plain) = (folder.0.join("signed"), folder.0.join("plain"));
    fs::write(&signed, bytes).map_err(io_at(&signed))?;
    let mut command = Command::new("gpgv");
    command.args(["--status-fd", "1", "--homedir"]).arg(&folder.0).arg("--output").arg(&plain);
    for (number, keyring) in keyrings.iter().enumerate() {
        let path = folder.0.join(format!("{number}.gpg"));
        fs::write(&path, binary(keyring)?).map_err(io_at(&path))?;
        command.arg("--keyring").arg(&path);
    }
    let outcome = command.arg(&signed).stdin(Stdio::null()).env("LC_ALL", "C").output();
    let output = outcome.map_err(|error| {
        refuse(match error.kind() {
            io::ErrorKind::NotFound => NO_GPGV.to_owned(),
            _ => format!("`gpgv`, which checks signatures, cannot be run: {error}"),
        })
    })?;
    // The exit code is not asked: it is 2 also where a second signature is of a key that this machine does not have.
    let status = String::from_utf8_lossy(&output.stdout);
    let says = |word: &str| {
        status.lines().filter_map(|line| line.strip_prefix("[GNUPG:] ")).any(|line| line.split(' ').next() == Some(word))
    };
    if says("BADSIG") {
        return Err(refuse("its signature is wrong; the file was altered".to_owned()));
    }
    if !(says("GOODSIG") && says("VALIDSIG")) {
        let reason = if says("EXPKEYSIG") || says("REVKEYSIG") {
            "it is signed by a key that has expired or was revoked"
        } else if says("NO_PUBKEY") {
            "it is signed by none of the keys that this machine trusts for the distribution"
        } else {
            "it carries no signature that can be checked"
        };
        return Err(refuse(reason.to_owned()));
    }
    fs::read(&plain).map_err(io_at(&plain))
}

/// A keyring as `gpgv` takes it, its armour removed.
fn binary(keyring: &Keyring) -> Result<Vec<u8>, MirrorError> {
    let (bytes, name) = match keyring {
        Keyring::Inline(text) => (text.clone().into_bytes(), "the key in the list of sources".to_owned()),
        Keyring::File(path) => {
            let length = fs::metadata(path).map_err(io_at(path))?.len();
            if length > KEYRING_LIMIT {
                return Err(MirrorError::Format {
                    file: path.display().to_string(),
                    reason: "it is too large for a keyring".to_owned(),
                });
            }
            (fs::read(path).map_err(io_at(path))?, path.display().to_string())
        }
    };
    if !bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP") {
        return Ok(bytes);
    }
    let text = String::from_utf8_lossy(&bytes);
    dearmoured(&text).ok_or_else(|| MirrorError::Format { file: name, reason: "its armour is damaged".to_owned() })
}

/// Takes the armour off one or more blocks (<https://www.rfc-editor.org/rfc/rfc9580#section-6.2>).
fn dearmoured(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while lines.by_ref().any(|line| line.starts_with("-----BEGIN PGP")) {
        let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("-----END PGP")).collect();
        // A blank line ends the headers; a line that begins with `=` is a checksum.
        let start = block.iter().position(|line| line.is_empty() || *line == ".").map_or(0, |blank| blank + 1);
        let data: String = block.get(start..)?.iter().filter(|line| !line.starts_with('=')).copied().collect();
        bytes.extend(base64::engine::general_purpose::STANDARD.decode(data).ok()?);
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// A folder that is gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(parent: &Path) -> Result<Self, MirrorError> {
        let path = parent.join(format!(".verify.{}.{:?}", std::process::id(), std::thread::current().id()));
        fs::create_dir_all(&path).map_err(io_at(&path))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn armour() {
        let text = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\nAAEC\nAw==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n";
        assert_eq!(dearmoured(&format!("{text}{text}")).unwrap(), [0, 1, 2, 3, 0, 1, 2, 3]);
        assert!(dearmoured("").is_none() && dearmoured("-----BEGIN PGP X\n\n%%%\n").is_none());
    }

    #[test]
    fn fields_and_files() {
        let text = "Codename: x\nMD5Sum:\n aa 1 wrong\nSHA256:\n AB 12 main/source/Sources.xz\n short\nDate: Sat, 21 Nov 2026 00:53:02 UTC\n";
        let fields = Fields::read(text);
        assert_eq!(fields.files.len(), 1);
        assert_eq!(fields.files["main/source/Sources.xz"], (12, "ab".to_owned()));
        assert_eq!(fields.get("Codename"), Some("x"));
    }
}
