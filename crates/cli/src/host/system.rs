//! What the host itself says: mounts, groups, the audit's rules, sockets.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use image::client::ClientOptions;

use super::root::Root;

/// Bytes of a file that are read.
const MOST: u64 = 16 << 20;
/// The port at which a swarm's managers listen.
const SWARM_PORT: &str = "0949";
/// What the kernel calls a socket that listens.
const LISTENS: &str = "0A";

/// Where file systems are mounted and of which device each is, as the host's first process sees it; as this one does where
/// that is not to be read.
pub fn mounts(root: &Root) -> Result<BTreeMap<String, String>, String> {
    let text = root.text("/proc/1/mountinfo", MOST).or_else(|_| root.text("/proc/self/mountinfo", MOST));
    let text = text.map_err(|error| error.to_string())?;
    // Spaces and the like are written in octal digits.
    let plain = |path: &str| path.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    // What is mounted over another stands below it.
    let mount = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        Some((plain(fields.get(4)?), (*fields.get(2)?).to_owned()))
    };
    Ok(text.lines().filter_map(mount).collect())
}

/// The members of a group; `None` where there is no such group. Of `/etc/group` alone: a directory service is not asked.
pub fn group_members(name: &str, root: &Root) -> Result<Option<Vec<String>>, String> {
    let text = root.text("/etc/group", MOST).map_err(|error| format!("/etc/group: {error}"))?;
    let group = text.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields.first() == Some(&name));
    let members = |fields: Vec<&str>| {
        let members = fields.get(3).copied().unwrap_or_default().split(',').map(str::trim);
        members.filter(|member| !member.is_empty()).map(str::to_owned).collect()
    };
    Ok(group.map(members))
}

/// The names of groups, by their numbers.
pub fn group_names(root: &Root) -> BTreeMap<u32, String> {
    let text = root.text("/etc/group", MOST).unwrap_or_default();
    let group = |line: &str| {
        let fields: Vec<&str> = line.split(':').collect();
        Some((fields.get(2)?.parse().ok()?, (*fields.first()?).to_owned()))
    };
    // The first of a number counts.
    text.lines().rev().filter_map(group).collect()
}

/// The rules that the audit is given when it starts. Those that the kernel holds now only its own program tells.
pub fn audit(root: &Root) -> Result<Vec<String>, String> {
    let mut files = vec!["/etc/audit/audit.rules".to_owned()];
    match root.names("/etc/audit/rules.d") {
        Ok(names) => {
            files.extend(names.iter().filter(|name| name.ends_with(".rules")).map(|name| format!("/etc/audit/rules.d/{name}")));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(format!("/etc/audit/rules.d: {error}")),
    }
    let mut rules = Vec::new();
    for file in files {
        match root.text(&file, MOST) {
            Ok(text) => rules.extend(text.lines().map(str::trim).filter(|line| line.starts_with('-')).map(str::to_owned)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(format!("{file}: {error}")),
        }
    }
    rules.sort();
    rules.dedup();
    Ok(rules)
}

/// Whether content trust is on for whoever asks, or for every login.
pub fn content_trust(client: &ClientOptions, root: &Root) -> Result<bool, String> {
    let is_on = |value: &str| matches!(value.trim().trim_matches(['"', '\'']), "1" | "true" | "TRUE" | "True" | "t" | "T");
    if let Some(value) = client.environment.text("DOCKER_CONTENT_TRUST") {
        return Ok(is_on(&value));
    }
    match root.text("/etc/environment", MOST) {
        Ok(text) => {
            let set = |line: &str| line.trim().trim_start_matches("export ").strip_prefix("DOCKER_CONTENT_TRUST=").map(is_on);
            Ok(text.lines().rev().find_map(set).unwrap_or(false))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(format!("/etc/environment: {error}")),
    }
}

/// The addresses at which something listens at the port of a swarm's managers, in the network of the host's first process.
pub fn listeners(root: &Root) -> Result<Vec<String>, String> {
    let mut addresses = Vec::new();
    for table in ["tcp", "tcp6"] {
        let text =
            root.text(format!("/proc/1/net/{table}"), MOST).or_else(|_| root.text(format!("/proc/self/net/{table}"), MOST));
        match text {
            Ok(text) => addresses.extend(text.lines().skip(1).filter_map(listener)),
            // There need be no IPv6.
            Err(error) if table == "tcp6" && error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    addresses.sort();
    addresses.dedup();
    Ok(addresses)
}

/// `  0: 0100007F:0949 00000000:0000 0A …`: words of the address in the machine's order of bytes.
fn listener(line: &str) -> Option<String> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (address, port) = fields.get(1)?.split_once(':')?;
    if port != SWARM_PORT || *fields.get(3)? != LISTENS || !address.is_ascii() {
        return None;
    }
    let word = |at: usize| u32::from_str_radix(address.get(at..at + 8)?, 16).ok().map(u32::to_ne_bytes);
    match address.len() {
        8 => Some(Ipv4Addr::from(word(0)?).to_string()),
        32 => {
            let mut bytes = [0; 16];
            for (number, chunk) in bytes.chunks_exact_mut(4).enumerate() {
                chunk.copy_from_slice(&word(number * 8)?);
            }
            Some(Ipv6Addr::from(bytes).to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let root = Root::new(folder.path());
        (folder, root)
    }

    #[test]
    fn groups() {
        let (_folder, root) = root(&[("etc/group", "root:x:0:\ndocker:x:107:alice,bob\n+::\nother:x:107:\n")]);
        assert_eq!(group_members("docker", &root), Ok(Some(vec!["alice".to_owned(), "bob".to_owned()])));
        assert_eq!(group_members("none", &root), Ok(None));
        assert_eq!(group_names(&root)[&107], "docker");
    }

    #[test]
    fn rules_of_the_audit() {
        let files = [("etc/audit/audit.rules", "# c\n-D\n-w /a -p wa\n"), ("etc/audit/rules.d/x.rules", " -w /b\n-w /a -p wa\n")];
        let (_folder, root) = root(&files);
        assert_eq!(audit(&root).unwrap(), ["-D", "-w /a -p wa", "-w /b"]);
    }

    #[test]
    fn mounts_and_sockets() {
        let head = "  sl  local_address rem_address   st\n";
        let tcp = format!("{head}   0: 0100007F:0949 00000000:0000 0A x\n   1: 00000000:0016 00000000:0000 0A x\n");
        let (_folder, root) = root(&[
            ("proc/1/mountinfo", "22 1 8:1 / / rw - ext4 a rw\n23 22 8:2 / /var/lib/a\\040b rw - ext4 b rw\n"),
            ("proc/1/net/tcp", &tcp),
            ("proc/1/net/tcp6", &format!("{head}   0: {}:0949 {}:0000 0A x\n", "0".repeat(32), "0".repeat(32))),
        ]);
        let mounts = mounts(&root).unwrap();
        assert_eq!((&mounts["/"][..], &mounts["/var/lib/a b"][..]), ("8:1", "8:2"));
        let mine = if cfg!(target_endian = "little") { "127.0.0.1" } else { "1.0.0.127" };
        assert_eq!(listeners(&root).unwrap(), [mine, "::"]);
    }

    #[test]
    fn trust() {
        let client = ClientOptions { environment: image::client::Environment::of([("A", "b")]), ..ClientOptions::default() };
        let (_folder, with) = root(&[("etc/environment", "PATH=/bin\nDOCKER_CONTENT_TRUST=1\n")]);
        let (_folder, without) = root(&[("etc/environment", "PATH=/bin\n")]);
        assert_eq!((content_trust(&client, &with), content_trust(&client, &without)), (Ok(true), Ok(false)));
    }
}
