//! Where this machine's own apt gets its packages (<https://manpages.debian.org/sources.list.5>,
//! <https://manpages.debian.org/apt.conf.5>).

use std::fs;
use std::path::{Path, PathBuf};

use super::{Keyring, Target, releases};

/// Largest file of apt's configuration that is read.
const FILE_LIMIT: u64 = 1 << 20;

/// Mirrors of a release, and how apt is told to treat them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostMirrors {
    /// Mirrors of the release itself.
    pub main: Vec<String>,
    /// Mirrors of its security suite.
    pub security: Vec<String>,
    /// The keys that may have signed their lists.
    pub keyrings: Vec<Keyring>,
    /// The proxy that apt uses for plain HTTP.
    pub proxy: Option<String>,
    /// Whether lists past their `Valid-Until` are refused.
    pub check_valid_until: bool,
}

/// One line of a list of sources.
#[derive(Debug, Default)]
struct Entry {
    addresses: Vec<String>,
    suites: Vec<String>,
    signed_by: Vec<Keyring>,
}

/// Reads apt's configuration below `root` for mirrors of a release. A mirror that apt uses for another release of the same
/// distribution serves as well, after those for this one.
pub fn host_mirrors(root: &Path, target: &Target) -> HostMirrors {
    let mut found = HostMirrors { check_valid_until: true, ..HostMirrors::default() };
    let known = releases(&target.id).unwrap_or_default();
    let mut entries = entries(root);
    let exact = |suite: &str| release_of(suite) == target.codename;
    entries.sort_by_key(|entry| !entry.suites.iter().any(|suite| exact(suite)));
    for entry in &entries {
        let of_release = |suite: &&String| known.iter().any(|(codename, _)| release_of(suite) == *codename);
        for suite in entry.suites.iter().filter(of_release) {
            let list = if is_security(suite) { &mut found.security } else { &mut found.main };
            for address in &entry.addresses {
                if !list.contains(address) {
                    list.push(address.clone());
                }
            }
            for keyring in &entry.signed_by {
                if !found.keyrings.contains(keyring) {
                    found.keyrings.push(keyring.clone());
                }
            }
        }
    }
    if found.keyrings.is_empty() {
        found.keyrings = trusted(root, &target.id);
    }
    read_options(root, &mut found);
    found
}

impl HostMirrors {
    /// Puts the addresses that the user names before all others, and in their place: each is tried as the mirror of the
    /// release and of its security suite, also with the names that these two have on Debian's and Ubuntu's own servers.
    pub fn with_named(mut self, named: &[String], id: &str) -> Self {
        if named.is_empty() {
            return self;
        }
        (self.main, self.security) = (Vec::new(), Vec::new());
        for address in named {
            let address = address.trim_end_matches('/');
            self.main.extend([address.to_owned(), format!("{address}/{id}")]);
            let beside = address.strip_suffix(&format!("/{id}")).unwrap_or(address);
            self.security.extend([address.to_owned(), format!("{beside}/{id}-security")]);
        }
        self
    }
}

/// `bookworm` of `bookworm-security`, `bookworm-updates` and `buster/updates`.
fn release_of(suite: &str) -> &str {
    suite.split(['-', '/']).next().unwrap_or(suite)
}

fn is_security(suite: &str) -> bool {
    suite.ends_with("-security") || suite.ends_with("/updates")
}

/// The entries of every list, in apt's order.
fn entries(root: &Path) -> Vec<Entry> {
    let apt = root.join("etc/apt");
    let mut found = Vec::new();
    let mut files = vec![apt.join("sources.list")];
    files.extend(sorted_files(&apt.join("sources.list.d")));
    for path in files {
        let Some(text) = text(&path) else { continue };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("list") => found.extend(text.lines().filter_map(|line| one_line(root, line))),
            Some("sources") => found.extend(stanzas(&text).iter().filter_map(|stanza| stanza_entry(root, stanza))),
            _ => {}
        }
    }
    found
}

/// `deb [signed-by=/usr/share/keyrings/x.gpg] http://mirror.example/debian bookworm main`.
fn one_line(root: &Path, line: &str) -> Option<Entry> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb-src").or_else(|| line.strip_prefix("deb"))?;
    let rest = rest.strip_prefix(char::is_whitespace)?.trim();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    let (address, suite) = (words.next()?, words.next()?);
    let signed_by = options.split_whitespace().filter_map(|option| option.strip_prefix("signed-by="));
    let signed_by = signed_by.flat_map(|value| value.split(',')).filter_map(|value| keyring_file(root, value)).collect();
    Some(Entry { addresses: addresses(root, address), suites: vec![suite.trim_end_matches('/').to_owned()], signed_by })
}

/// The fields of each stanza; lines that go on a field keep their line breaks.
fn stanzas(text: &str) -> Vec<Vec<(String, String)>> {
    let mut found: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some(current) = found.last_mut() else { break };
        if line.trim().is_empty() {
            if !current.is_empty() {
                found.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = current.last_mut() {
                value.push('\n');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            current.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    found
}

fn stanza_entry(root: &Path, stanza: &[(String, String)]) -> Option<Entry> {
    let field = |name: &str| stanza.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    if matches!(field("enabled"), "no" | "false" | "0") || field("uris").is_empty() {
        return None;
    }
    let signed_by = field("signed-by");
    let signed_by = if signed_by.contains("-----BEGIN PGP") {
        vec![Keyring::Inline(signed_by.to_owned())]
    } else {
        signed_by.split([',', ' ', '\n']).filter_map(|value| keyring_file(root, value)).collect()
    };
    Some(Entry {
        addresses: field("uris").split_whitespace().flat_map(|address| addresses(root, address)).collect(),
        suites: field("suites").split_whitespace().map(|suite| suite.trim_end_matches('/').to_owned()).collect(),
        signed_by,
    })
}

fn keyring_file(root: &Path, value: &str) -> Option<Keyring> {
    let path = value.trim().strip_prefix('/')?;
    Some(Keyring::File(root.join(path)))
}

/// The addresses that can be fetched; `mirror+file:` names a file of them.
fn addresses(root: &Path, address: &str) -> Vec<String> {
    if let Some(path) = address.strip_prefix("mirror+file:") {
        let list = text(&root.join(path.trim_start_matches('/'))).unwrap_or_default();
        return list
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .filter(|word| is_http(word))
            .map(str::to_owned)
            .collect();
    }
    if is_http(address) { vec![address.to_owned()] } else { Vec::new() }
}

fn is_http(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// The keys that apt trusts where a list names none: the distribution's own keyring, else what lies in `trusted.gpg.d`.
fn trusted(root: &Path, id: &str) -> Vec<Keyring> {
    let own = root.join(format!("usr/share/keyrings/{id}-archive-keyring.gpg"));
    if own.is_file() {
        return vec![Keyring::File(own)];
    }
    let files = sorted_files(&root.join("etc/apt/trusted.gpg.d")).into_iter();
    let is_key = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "gpg" || extension == "asc");
    files.filter(is_key).map(Keyring::File).collect()
}

/// The few options that matter, wherever apt's configuration sets them: `Acquire::http::Proxy` and
/// `Acquire::Check-Valid-Until`, each on one line, as packagers and people write them.
fn read_options(root: &Path, found: &mut HostMirrors) {
    let apt = root.join("etc/apt");
    let mut files = sorted_files(&apt.join("apt.conf.d"));
    files.push(apt.join("apt.conf"));
    for line in files.iter().filter_map(|path| text(path)).flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()) {
        let line = line.trim();
        if line.starts_with("//") || line.starts_with('#') {
            continue;
        }
        let Some((name, value)) = line.split_once(char::is_whitespace) else { continue };
        let value = value.trim().trim_end_matches(';').trim().trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "acquire::http::proxy" => found.proxy = Some(value.to_owned()).filter(|value| is_http(value)),
            "acquire::check-valid-until" => found.check_valid_until = !matches!(value, "false" | "no" | "0"),
            _ => {}
        }
    }
}

/// The files of a folder by name; none where it is not there.
fn sorted_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

fn text(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    (metadata.is_file() && metadata.len() <= FILE_LIMIT).then_some(())?;
    fs::read_to_string(path).ok()
}
