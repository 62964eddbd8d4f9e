//! How the program speaks to registries and engines.

use std::path::PathBuf;
use std::time::Duration;

/// Settings of every network client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientOptions {
    /// A file of certificates in PEM that are trusted beside the system's.
    pub ca_cert: Option<PathBuf>,
    /// Hosts, with port where not the usual one, that may be spoken to in plain HTTP or with an unverified certificate.
    pub insecure_registries: Vec<String>,
    /// No socket is opened.
    pub offline: bool,
    /// Time for one request to begin to be answered.
    pub timeout: Option<Duration>,
}
