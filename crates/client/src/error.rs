//! What can go wrong between here and a server, said without secrets.

use std::io;
use std::time::Duration;

use crate::address::{Address, without_secrets};

/// Why there is no answer. Each message is one sentence that names the place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `--offline` is given; no socket was opened.
    #[error("{address} was not asked: --offline allows no connection")]
    Offline {
        /// What would have been asked.
        address: String,
    },
    /// What was given, or what a server redirects to, is no address.
    #[error("`{address}` cannot be fetched: {reason}")]
    Address {
        /// The address, without its query.
        address: String,
        /// Why.
        reason: &'static str,
    },
    /// A certificate, a key or a proxy setting cannot be used.
    #[error("{object} {reason}")]
    Setting {
        /// The file or the variable.
        object: String,
        /// Why, continuing the sentence.
        reason: String,
    },
    /// No answer came.
    #[error("{address} could not be reached: {reason}")]
    Unreachable {
        /// What was asked.
        address: String,
        /// Why, and what to do.
        reason: String,
        /// Which kind of failure.
        fault: Fault,
    },
    /// The answer did not begin, or not go on, in time.
    #[error("{address} did not answer within {} s; try again later or raise --timeout", after.as_secs_f32())]
    Timeout {
        /// What was asked.
        address: String,
        /// How long was waited.
        after: Duration,
    },
    /// The transfer broke off and could not be resumed.
    #[error("the transfer from {address} broke off: {reason}")]
    Broken {
        /// What was asked.
        address: String,
        /// How.
        reason: String,
    },
}

/// Kinds of failure that callers tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The name is unknown.
    NoSuchHost,
    /// Nobody listens there.
    Refused,
    /// The connection was closed or broke.
    Disconnected,
    /// The server does not speak TLS.
    NotTls,
    /// The server's certificate is not trusted, or it wants one that we do not have.
    Certificate,
    /// The proxy refused.
    Proxy,
    /// Anything else.
    Other,
}

impl Fault {
    /// Whether trying again may help.
    pub(crate) fn is_passing(self) -> bool {
        matches!(self, Self::Refused | Self::Disconnected)
    }
}

impl Error {
    pub(crate) fn offline(address: &Address) -> Self {
        Self::Offline { address: address.to_string() }
    }

    pub(crate) fn setting(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Setting { object: object.into(), reason: reason.into() }
    }

    pub(crate) fn broken(address: &Address, reason: impl Into<String>) -> Self {
        Self::Broken { address: address.to_string(), reason: reason.into() }
    }

    /// The kind of failure, where no answer came.
    pub fn fault(&self) -> Option<Fault> {
        if let Self::Unreachable { fault, .. } = self { Some(*fault) } else { None }
    }

    /// Says in our words what the HTTP library met on the way to `address`.
    pub(crate) fn from_library(address: &Address, error: ureq::Error, timeout: Duration) -> Self {
        let place = address.to_string();
        let (fault, reason) = match error {
            ureq::Error::Timeout(_) => return Self::Timeout { address: place, after: timeout },
            ureq::Error::HostNotFound => (Fault::NoSuchHost, format!("there is no host named {}", address.host)),
            ureq::Error::ConnectionFailed => (Fault::Refused, "nobody answers there".to_owned()),
            ureq::Error::ConnectProxyFailed(answer) => {
                (Fault::Proxy, format!("the proxy refused ({}); check HTTPS_PROXY and NO_PROXY", without_secrets(answer.trim())))
            }
            ureq::Error::Rustls(error) => of_tls(&error),
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
                return Self::Timeout { address: place, after: timeout };
            }
            ureq::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                Some(error) => of_tls(error),
                // The standard library has no kind of its own for what the resolver says.
                None if error.to_string().contains("failed to lookup address") => {
                    (Fault::NoSuchHost, format!("there is no host named {}", address.host))
                }
                None => of_io(&error),
            },
            other => (Fault::Other, other.to_string()),
        };
        Self::Unreachable { address: place, reason, fault }
    }
}

fn of_io(error: &io::Error) -> (Fault, String) {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionRefused => (Fault::Refused, "the connection was refused".to_owned()),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            (Fault::Disconnected, "the connection was closed".to_owned())
        }
        _ => (Fault::Other, error.to_string()),
    }
}

fn of_tls(error: &rustls::Error) -> (Fault, String) {
    use rustls::AlertDescription as Alert;
    match error {
        rustls::Error::InvalidMessage(_) => (Fault::NotTls, "the server does not speak TLS".to_owned()),
        rustls::Error::InvalidCertificate(why) => (
            Fault::Certificate,
            format!("its certificate is not trusted ({why}); name the authority's certificate with --ca-cert"),
        ),
        rustls::Error::AlertReceived(
            Alert::CertificateRequired | Alert::BadCertificate | Alert::UnknownCA | Alert::CertificateUnknown,
        ) => (
            Fault::Certificate,
            "the server does not accept our client certificate, or wants one; put it into certs.d".to_owned(),
        ),
        other => (Fault::Other, format!("TLS failed ({other})")),
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::Timeout { .. } => io::ErrorKind::TimedOut,
            Error::Broken { .. } => io::ErrorKind::UnexpectedEof,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
