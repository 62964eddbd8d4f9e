//! One place that serves a repository: how it is spoken to, as whom, and what its answers mean.

use std::sync::{Arc, OnceLock};

use client::{Address, Fault, HttpClient, Method, Request, Response, Resume, Scheme};
use model::digest::Digest;
use model::reference::Reference;
use serde::Deserialize;

use super::auth::Authority;
use crate::Error;

/// Manifests of every kind that we read. Without these, registries turn images into the format of 2014.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                         application/vnd.docker.distribution.manifest.list.v2+json, \
                         application/vnd.docker.distribution.manifest.v2+json, */*;q=0.1";
/// Bytes of an error's body that are looked at.
const MAX_ERROR: u64 = 64 << 10;
/// Docker Hub's name, and the host that serves it.
const HUB: (&str, &str) = ("docker.io", "registry-1.docker.io");

/// Which half of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Manifest,
    Blob,
}

/// What was read.
pub(super) struct Read {
    pub(super) bytes: Vec<u8>,
    /// The digest that the registry says they have.
    pub(super) told: Option<Digest>,
}

/// A host and the repository there. Clones share the login.
#[derive(Clone)]
pub(super) struct Endpoint(Arc<Inner>);

struct Inner {
    client: HttpClient,
    /// What follows the scheme: host and port.
    host: String,
    /// The repository at that host.
    repository: String,
    /// Ways in which the host may be spoken to, best first.
    schemes: Vec<Scheme>,
    /// The one that works.
    scheme: OnceLock<Scheme>,
    authority: Authority,
}

impl Endpoint {
    /// The registry that the reference names.
    pub(super) fn registry(client: &HttpClient, reference: &Reference) -> Result<Self, Error> {
        let host = if reference.registry == HUB.0 { HUB.1 } else { &reference.registry };
        Self::new(client, host, reference.repository.clone(), &reference.registry, None)
    }

    /// A mirror, written `[https://]host[:port][/prefix]`.
    pub(super) fn mirror(client: &HttpClient, mirror: &str, reference: &Reference) -> Result<Self, Error> {
        let (scheme, rest) = match mirror.split_once("://") {
            Some(("https", rest)) => (Some(Scheme::Https), rest),
            Some(("http", rest)) => (Some(Scheme::Http), rest),
            _ => (None, mirror),
        };
        let (host, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let repository = [prefix.trim_matches('/'), &reference.repository].into_iter().filter(|part| !part.is_empty());
        Self::new(client, host, repository.collect::<Vec<_>>().join("/"), host, scheme)
    }

    fn new(client: &HttpClient, host: &str, repository: String, name: &str, wanted: Option<Scheme>) -> Result<Self, Error> {
        let unusable = |reason: String| Error::remote(host, reason);
        let https = Address::parse(&format!("https://{host}/")).map_err(|error| unusable(error.to_string()))?;
        // Without a port, http means another one.
        let http = Address::parse(&format!("http://{host}/")).map_err(|error| unusable(error.to_string()))?;
        let in_the_clear = https.is_loopback() || client.is_insecure(&https) || client.is_insecure(&http);
        let schemes = match wanted {
            Some(Scheme::Http) if !in_the_clear => {
                let reason = "plain http is taken on this machine alone; --insecure-registry HOST allows it for another";
                return Err(unusable(reason.to_owned()));
            }
            Some(scheme) => vec![scheme],
            None if in_the_clear => vec![Scheme::Https, Scheme::Http],
            None => vec![Scheme::Https],
        };
        let scope = format!("repository:{repository}:pull");
        let authority = Authority::new(client.clone(), name.to_owned(), repository.clone(), scope);
        let scheme = OnceLock::new();
        Ok(Self(Arc::new(Inner { client: client.clone(), host: host.to_owned(), repository, schemes, scheme, authority })))
    }

    pub(super) fn host(&self) -> &str {
        &self.0.host
    }

    /// The bytes of a manifest or a blob, at most `limit` and one; `None` where it is not there.
    pub(super) fn read(&self, kind: Kind, identifier: &str, limit: u64) -> Result<Option<Read>, Error> {
        let (what, accept) = match kind {
            Kind::Manifest => ("manifests", MANIFESTS),
            Kind::Blob => ("blobs", "*/*"),
        };
        let path = format!("{what}/{identifier}");
        let Some(response) = self.found(&path, Method::Get, &[("Accept", accept)])? else { return Ok(None) };
        let told = response.headers.get("docker-content-digest").and_then(|digest| digest.trim().parse().ok());
        let bytes = response.bytes(limit).map_err(|error| self.failure(&error))?;
        Ok(Some(Read { bytes, told }))
    }

    /// Whether a blob is there.
    pub(super) fn has_blob(&self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.found(&format!("blobs/{digest}"), Method::Head, &[])?.is_some())
    }

    /// A blob, or the rest of it.
    pub(super) fn blob(&self, digest: &Digest, resume: Option<&Resume>) -> Result<Option<Response>, Error> {
        let range = resume.map(Resume::headers).unwrap_or_default();
        let headers: Vec<(&str, &str)> = range.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.found(&format!("blobs/{digest}"), Method::Get, &headers)
    }

    /// The answer, if it is one of success; `None` where the thing is not there.
    fn found(&self, path: &str, method: Method, headers: &[(&str, &str)]) -> Result<Option<Response>, Error> {
        let response = self.authorized(path, method, headers)?;
        match response.status {
            200 | 206 => Ok(Some(response)),
            404 => Ok(None),
            _ => Err(self.refusal(response)),
        }
    }

    /// Asks, and asks again with what the registry wants to see first.
    fn authorized(&self, path: &str, method: Method, headers: &[(&str, &str)]) -> Result<Response, Error> {
        let authority = &self.0.authority;
        let mut known = authority.current();
        let mut renewed = false;
        loop {
            let mut headers = headers.to_vec();
            headers.extend(known.as_deref().map(|value| ("Authorization", value)));
            let response = self.send(path, method, &headers)?;
            // Behind a redirect it is not the registry who asks.
            if response.status != 401 || renewed || !self.is_own(&response) {
                return Ok(response);
            }
            let challenges: Vec<&str> = response.headers.all("www-authenticate").collect();
            known = authority.renew(known.as_deref(), &challenges)?;
            if known.is_none() {
                return Ok(response);
            }
            renewed = true;
        }
    }

    fn is_own(&self, response: &Response) -> bool {
        let scheme = self.0.scheme.get().copied().unwrap_or(Scheme::Https);
        Address::parse(&format!("{}://{}/", scheme.as_str(), self.0.host)).is_ok_and(|own| own.same_origin(&response.address))
    }

    /// Sends to the host in the way that works, which the first request finds out.
    fn send(&self, path: &str, method: Method, headers: &[(&str, &str)]) -> Result<Response, Error> {
        let inner = &*self.0;
        let send = |scheme: Scheme, once: bool| {
            let address = format!("{}://{}/v2/{}/{path}", scheme.as_str(), inner.host, inner.repository);
            inner.client.send(&Request { method, address: &address, headers, body: &[], once })
        };
        if let Some(&scheme) = inner.scheme.get() {
            return send(scheme, false).map_err(|error| self.failure(&error));
        }
        let mut schemes = inner.schemes.iter().copied().peekable();
        while let Some(scheme) = schemes.next() {
            let last = schemes.peek().is_none();
            match send(scheme, !last) {
                Err(error) if !last && may_be_plain(error.fault()) => {}
                Err(error) => return Err(self.failure(&error)),
                Ok(response) => {
                    let _ = inner.scheme.set(scheme);
                    // Only the way was to be found out; what may pass is to be tried again as usual.
                    return if last || !matches!(response.status, 429 | 500..) {
                        Ok(response)
                    } else {
                        send(scheme, false).map_err(|error| self.failure(&error))
                    };
                }
            }
        }
        Err(Error::remote(&inner.host, "it cannot be spoken to"))
    }

    fn failure(&self, error: &client::Error) -> Error {
        Error::remote(self.0.host.clone(), error.to_string())
    }

    /// What an answer that is a refusal means.
    fn refusal(&self, response: Response) -> Error {
        let status = response.status;
        let wait = response.headers.get("retry-after").map(str::to_owned);
        let said = response.bytes(MAX_ERROR).map(|body| said(&body)).unwrap_or_default();
        let said = if said.is_empty() { format!("status {status}") } else { format!("status {status}: {said}") };
        let reason = match status {
            401 | 403 => format!("it denies access ({said}); {}", self.0.authority.advice()),
            429 => {
                let wait = wait.map(|wait| format!(" in {} s", readable(&wait))).unwrap_or_default();
                format!("it has had too many requests ({said}); try again{wait}, or log in")
            }
            500.. => format!("it fails ({said}); try again later"),
            _ => format!("it refuses ({said})"),
        };
        Error::Remote { object: self.0.host.clone(), reason, source: None }
    }
}

/// Whether a host that failed in this way over TLS may still answer in plain HTTP.
fn may_be_plain(fault: Option<Fault>) -> bool {
    matches!(fault, Some(Fault::NotTls | Fault::Refused | Fault::Disconnected))
}

/// The messages of an error in the form of the specification.
fn said(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default)]
        errors: Vec<Fault>,
    }
    #[derive(Deserialize)]
    struct Fault {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    }
    let answer = serde_json::from_slice::<Answer>(body).unwrap_or(Answer { errors: Vec::new() });
    let texts = answer.errors.into_iter().take(3).map(|fault| if fault.message.is_empty() { fault.code } else { fault.message });
    readable(&texts.collect::<Vec<_>>().join("; "))
}

/// Foreign text as far as a sentence of ours can hold it.
pub(super) fn readable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read() {
        assert_eq!(said(br#"{"errors":[{"code":"DENIED","message":"no\n"},{"code":"X"}]}"#), "no; X");
        assert_eq!(said(b"<html>"), "");
    }

    #[test]
    fn plain_http_is_for_this_machine_and_where_allowed() {
        let options = client::ClientOptions { insecure_registries: vec!["lab:5000".to_owned()], ..Default::default() };
        let client = HttpClient::new(&options);
        let schemes = |text: &str| Endpoint::registry(&client, &text.parse().unwrap()).unwrap().0.schemes.len();
        assert_eq!((schemes("localhost:5000/a"), schemes("lab:5000/a"), schemes("lab.example/a"), schemes("a")), (2, 2, 1, 1));
        let reference = "a".parse().unwrap();
        assert!(Endpoint::mirror(&client, "http://mirror.example", &reference).is_err());
        let mirror = Endpoint::mirror(&client, "https://mirror.example/hub/", &reference).unwrap();
        assert_eq!((mirror.host(), &mirror.0.repository[..]), ("mirror.example", "hub/library/a"));
    }
}
