//! What the user sets, and the environment that is asked beside it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Time for an answer to begin where the user says nothing.
const ANSWER: Duration = Duration::from_secs(60);

/// Settings of every network client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientOptions {
    /// A file of certificates in PEM that are trusted beside the system's.
    pub ca_cert: Option<PathBuf>,
    /// Hosts, with port where not the usual one, that may be spoken to in plain HTTP or with an unverified certificate.
    pub insecure_registries: Vec<String>,
    /// Nothing leaves the machine.
    pub offline: bool,
    /// Time for one request to begin to be answered, and for a body to go on once it stalls. One minute where not set.
    pub timeout: Option<Duration>,
    /// Mirrors of each registry, by its host, in the order in which they are tried before the registry itself.
    pub mirrors: BTreeMap<String, Vec<String>>,
    /// Where `HTTPS_PROXY`, `DOCKER_CONFIG`, `HOME` and the like are looked up.
    pub environment: Environment,
}

impl ClientOptions {
    /// Time for one request to begin to be answered.
    pub fn patience(&self) -> Duration {
        self.timeout.filter(|timeout| !timeout.is_zero()).unwrap_or(ANSWER)
    }
}

/// Environment variables: those of the process, or others in their place, as tests need them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(Option<Arc<BTreeMap<String, OsString>>>);

impl Environment {
    /// These variables and no others.
    pub fn of<N: Into<String>, V: Into<OsString>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(Some(Arc::new(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())))
    }

    /// A variable; one that is empty counts as not set.
    pub fn get(&self, name: &str) -> Option<OsString> {
        let value = match &self.0 {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var_os(name),
        };
        value.filter(|value| !value.is_empty())
    }

    /// A variable that is text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.into_string().ok()
    }

    /// A variable that is a path.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from)
    }
}

impl fmt::Debug for Environment {
    // Proxies carry passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Environment(replaced)" } else { "Environment(process)" })
    }
}
