//! Logins that other tools have left: Docker's `config.json`
//! (<https://docs.docker.com/reference/cli/docker/login/#credential-stores>) and podman's `auth.json`
//! (containers-auth.json(5)). Nothing of them is ever printed.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client::Environment;
use serde::Deserialize;

use super::helper;

/// Longest file of logins.
const MAX_FILE: u64 = 16 << 20;
/// What Docker Hub is called in these files, by age.
const HUB: [&str; 4] = ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];
/// What Docker Hub is called when its credentials are stored.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// Something to show to a registry.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A user name and a password, or a token in its place.
    Password { user: String, password: String },
    /// A token that the token service takes for others.
    IdentityToken(String),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// What the search brought.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The login.
    pub(super) credential: Option<Credential>,
    /// The file or the helper it is from.
    pub(super) origin: String,
    /// Why there is none although there should be, as advice. A registry may still answer without.
    pub(super) problem: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Logins {
    auths: BTreeMap<String, Auth>,
    #[serde(rename = "credHelpers")]
    helpers: BTreeMap<String, String>,
    #[serde(rename = "credsStore")]
    store: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    #[serde(rename = "auth")]
    encoded: Option<String>,
    username: Option<String>,
    password: Option<String>,
    #[serde(rename = "identitytoken")]
    identity_token: Option<String>,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Auth(…)")
    }
}

impl Auth {
    fn credential(&self) -> Option<Credential> {
        let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = set(&self.identity_token) {
            return Some(Credential::IdentityToken(token));
        }
        if let Some(encoded) = set(&self.encoded) {
            let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
            let (user, password) = text.split_once(':')?;
            // Docker of old padded with NULs.
            return Some(password_of(user, password.trim_end_matches('\0')));
        }
        Some(password_of(&set(&self.username)?, &set(&self.password)?))
    }
}

/// A helper and the file say identity tokens by this user name.
pub(super) fn password_of(user: &str, password: &str) -> Credential {
    if user == "<token>" {
        return Credential::IdentityToken(password.to_owned());
    }
    Credential::Password { user: user.to_owned(), password: password.to_owned() }
}

/// Looks for the login to a repository: in the file that `REGISTRY_AUTH_FILE` names, in Docker's, in podman's.
pub(super) fn find(environment: &Environment, registry: &str, repository: &str) -> Found {
    let mut problem = None;
    for path in files(environment) {
        match of_file(&path, environment, registry, repository) {
            Ok(Some(found)) => return found,
            Ok(None) => {}
            Err(reason) => problem = problem.or(Some(reason)),
        }
    }
    Found { problem, ..Found::default() }
}

fn files(environment: &Environment) -> Vec<PathBuf> {
    let home = environment.path("HOME");
    let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let config = environment.path("XDG_CONFIG_HOME").or_else(|| below_home(".config"));
    [
        environment.path("REGISTRY_AUTH_FILE"),
        environment.path("DOCKER_CONFIG").or_else(|| below_home(".docker")).map(|folder| folder.join("config.json")),
        environment.path("XDG_RUNTIME_DIR").map(|folder| folder.join("containers/auth.json")),
        config.map(|config| config.join("containers/auth.json")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn of_file(path: &Path, environment: &Environment, registry: &str, repository: &str) -> Result<Option<Found>, String> {
    let unreadable = |reason: String| format!("the logins in {} cannot be read ({reason})", path.display());
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAX_FILE).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    // The message of a JSON error quotes no strings, but to be sure only its place is told.
    let file: Logins =
        serde_json::from_slice(&bytes).map_err(|error| unreadable(format!("line {} is no JSON of its kind", error.line())))?;
    let names = names(registry, repository);
    let found = |credential, origin| Ok(Some(Found { credential: Some(credential), origin, problem: None }));
    for name in &names {
        if let Some(program) = file.helpers.iter().find_map(|(key, program)| (normal(key) == *name).then_some(program))
            && let Some(credential) = helper::get(program, &key_of(name), environment)?
        {
            return found(credential, format!("docker-credential-{program}"));
        }
        let mut auths = file.auths.iter().filter(|(key, _)| normal(key) == *name);
        if let Some(credential) = auths.find_map(|(_, auth)| auth.credential()) {
            return found(credential, path.display().to_string());
        }
    }
    if let (false, Some(host)) = (file.store.is_empty(), names.last())
        && let Some(credential) = helper::get(&file.store, &key_of(host), environment)?
    {
        return found(credential, format!("docker-credential-{}", file.store));
    }
    Ok(None)
}

/// The names under which a login for the repository may stand, most exact first, the host last.
fn names(registry: &str, repository: &str) -> Vec<String> {
    let host = normal(registry);
    let mut path = format!("{host}/{repository}");
    let mut names = Vec::new();
    while path.len() > host.len() {
        names.push(path.clone());
        path.truncate(path.rfind('/').unwrap_or(0));
    }
    names.push(host);
    names
}

/// The name that helpers store a login under.
fn key_of(name: &str) -> String {
    if name == "docker.io" { HUB_KEY.to_owned() } else { name.to_owned() }
}

/// `https://index.docker.io/v1/` and the like as `docker.io`.
fn normal(key: &str) -> String {
    let key = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    let key = key.trim_end_matches('/');
    let key = key.strip_suffix("/v1").or_else(|| key.strip_suffix("/v2")).unwrap_or(key);
    let (host, path) = key.split_once('/').map_or((key, ""), |(host, path)| (host, path));
    let host = host.to_ascii_lowercase();
    let host = if HUB.contains(&host.as_str()) { "docker.io" } else { &host };
    if path.is_empty() { host.to_owned() } else { format!("{host}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(found: &Found) -> Option<&str> {
        match found.credential.as_ref()? {
            Credential::Password { user, .. } => Some(user),
            Credential::IdentityToken(token) => Some(token),
        }
    }

    fn environment(folder: &Path) -> Environment {
        Environment::of([("HOME", folder.as_os_str()), ("PATH", folder.as_os_str())])
    }

    #[test]
    fn the_longest_prefix_counts() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".config/containers")).unwrap();
        let auth = |user: &str| format!(r#"{{"auth":"{}"}}"#, STANDARD.encode(format!("{user}:secret")));
        let text = format!(
            r#"{{"auths":{{"r.example":{},"r.example/team":{},"https://index.docker.io/v1/":{},"t.example":{{"identitytoken":"idt"}},"e.example":{{}}}}}}"#,
            auth("host"),
            auth("team"),
            auth("hub")
        );
        std::fs::write(folder.path().join(".config/containers/auth.json"), text).unwrap();
        let find = |registry: &str, repository: &str| {
            let found = find(&environment(folder.path()), registry, repository);
            assert!(!format!("{found:?}").contains("secret"));
            user(&found).map(str::to_owned)
        };
        assert_eq!(find("r.example", "team/app").as_deref(), Some("team"));
        assert_eq!(find("r.example", "teamwork/app").as_deref(), Some("host"));
        assert_eq!(find("docker.io", "library/alpine").as_deref(), Some("hub"));
        assert_eq!(find("t.example", "a").as_deref(), Some("idt"));
        assert_eq!(find("e.example", "a"), None);
        assert_eq!(find("r.example:5000", "a"), None);
    }

    #[test]
    fn a_broken_file_is_a_problem_not_the_end() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".docker")).unwrap();
        std::fs::write(folder.path().join(".docker/config.json"), "{\"auths\": \"secret\"}").unwrap();
        let found = find(&environment(folder.path()), "r.example", "a");
        let problem = found.problem.unwrap();
        assert!(found.credential.is_none() && problem.contains("config.json") && !problem.contains("secret"), "{problem}");
    }
}
