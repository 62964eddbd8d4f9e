//! Requests: redirected, retried, each bounded in time.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use ureq::Agent;
use ureq::http;
use ureq::tls::Certificate;

use crate::address::{Address, Scheme};
use crate::response::{Body, Headers, Response};
use crate::{ClientOptions, Error, proxy, retry, tls};

/// Time for a connection to be made, TLS and proxies included.
const CONNECT: Duration = Duration::from_secs(15);
/// Redirects that are followed for one request.
const REDIRECTS: usize = 10;
/// Servers of which connections are kept.
const AGENTS: usize = 100;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// The thing.
    #[default]
    Get,
    /// Its header fields alone.
    Head,
    /// An answer to a body.
    Post,
}

/// A request in full; [`HttpClient::get`] and the like make the usual ones.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// What is asked for.
    pub method: Method,
    /// Where.
    pub address: &'a str,
    /// Header fields. `Authorization` is not sent on to another server by a redirect.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body of a post.
    pub body: &'a [u8],
    /// One failure is the end.
    pub once: bool,
}

/// An HTTP client that keeps connections open. Clones share them.
#[derive(Clone)]
pub struct HttpClient {
    shared: Arc<Shared>,
}

struct Shared {
    options: ClientOptions,
    timeout: Duration,
    authorities: OnceLock<Vec<Certificate<'static>>>,
    /// By scheme and authority: trust and proxy differ from server to server.
    agents: Mutex<BTreeMap<(Scheme, String), Agent>>,
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("options", &self.shared.options).finish_non_exhaustive()
    }
}

impl HttpClient {
    /// A client; nothing is read or asked yet.
    pub fn new(options: &ClientOptions) -> Self {
        let timeout = options.patience();
        let shared =
            Shared { options: options.clone(), timeout, authorities: OnceLock::new(), agents: Mutex::new(BTreeMap::new()) };
        Self { shared: Arc::new(shared) }
    }

    /// What it was made with.
    pub fn options(&self) -> &ClientOptions {
        &self.shared.options
    }

    /// Whether the host may be spoken to in plain HTTP or with an unverified certificate.
    pub fn is_insecure(&self, address: &Address) -> bool {
        address.is_listed(&self.shared.options.insecure_registries)
    }

    /// Gets an address. A status that tells of failure is an answer, no error.
    pub fn get(&self, address: &str, headers: &[(&str, &str)]) -> Result<Response, Error> {
        self.send(&Request { address, headers, ..Request::default() })
    }

    /// Gets the header fields alone.
    pub fn head(&self, address: &str, headers: &[(&str, &str)]) -> Result<Response, Error> {
        self.send(&Request { method: Method::Head, address, headers, ..Request::default() })
    }

    /// Posts a body.
    pub fn post(&self, address: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Response, Error> {
        self.send(&Request { method: Method::Post, address, headers, body, once: false })
    }

    /// Makes a request, follows its redirects, and tries again what may pass: broken connections, 429 (as long after as
    /// `Retry-After` says), 5xx.
    pub fn send(&self, request: &Request<'_>) -> Result<Response, Error> {
        let mut address = Address::parse(request.address)?;
        if self.shared.options.offline {
            return Err(Error::offline(&address));
        }
        let mut headers = request.headers.to_vec();
        for _ in 0..=REDIRECTS {
            let response = self.send_until_answered(request, &address, &headers)?;
            let redirected = matches!(response.status, 301 | 302 | 303 | 307 | 308) && request.method != Method::Post;
            let Some(location) = response.headers.get("location").filter(|_| redirected) else { return Ok(response) };
            let next = address.join(location)?;
            if next.scheme == Scheme::Http && address.scheme == Scheme::Https && !self.is_insecure(&next) {
                return Err(Error::Address {
                    address: next.to_string(),
                    reason: "a redirect leads from https to plain http; --insecure-registry HOST would allow it",
                });
            }
            if !next.same_origin(&address) {
                headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization") && !name.eq_ignore_ascii_case("cookie"));
            }
            address = next;
        }
        Err(Error::Address { address: address.to_string(), reason: "the server redirects without end" })
    }

    fn send_until_answered(&self, request: &Request<'_>, address: &Address, headers: &[(&str, &str)]) -> Result<Response, Error> {
        let agent = self.agent(address)?;
        let mut attempt = 0;
        loop {
            let last = request.once || attempt + 1 >= retry::ATTEMPTS;
            let pause = match self.send_once(&agent, request, address, headers) {
                Ok(response) if retry::is_passing(response.status) && !last => {
                    match retry::asked_pause(response.headers.get("retry-after"), attempt, Timestamp::now()) {
                        Some(pause) => pause,
                        None => return Ok(response),
                    }
                }
                Err(error) if error.fault().is_some_and(crate::Fault::is_passing) && !last => retry::pause(attempt),
                outcome => return outcome,
            };
            thread::sleep(pause);
            attempt += 1;
        }
    }

    fn send_once(
        &self,
        agent: &Agent,
        request: &Request<'_>,
        address: &Address,
        headers: &[(&str, &str)],
    ) -> Result<Response, Error> {
        let timeout = self.shared.timeout;
        let mut builder = http::Request::builder().uri(address.full());
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let outcome = match request.method {
            Method::Get => builder.method("GET").body(()).map_err(ureq::Error::from).and_then(|request| agent.run(request)),
            Method::Head => builder.method("HEAD").body(()).map_err(ureq::Error::from).and_then(|request| agent.run(request)),
            Method::Post => {
                builder.method("POST").body(request.body).map_err(ureq::Error::from).and_then(|request| agent.run(request))
            }
        };
        let (parts, body) = outcome.map_err(|error| Error::from_library(address, error, timeout))?.into_parts();
        let headers = Headers::new(&parts.headers);
        let length = headers.get("content-length").and_then(|length| length.trim().parse().ok());
        let length = length.filter(|_| request.method != Method::Head && !matches!(parts.status.as_u16(), 204 | 304));
        let body = Body::new(Box::new(body.into_reader()), address.clone(), length, timeout);
        Ok(Response { status: parts.status.as_u16(), headers, body, address: address.clone() })
    }

    /// The agent that keeps the connections to the server of `address`.
    fn agent(&self, address: &Address) -> Result<Agent, Error> {
        let key = (address.scheme, address.authority());
        let mut agents = self.shared.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(&key) {
            return Ok(agent.clone());
        }
        let Shared { options, timeout, .. } = &*self.shared;
        let connect = CONNECT.min(*timeout);
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy::proxy_for(address, &options.environment)?)
            .user_agent(concat!("plimsoll/", env!("CARGO_PKG_VERSION")))
            // As many as anybody asks one server for at once: a connection that is not kept is a look-up and a handshake more.
            .max_idle_connections_per_host(16)
            .timeout_resolve(Some(connect))
            .timeout_connect(Some(connect))
            .timeout_send_request(Some(*timeout))
            .timeout_send_body(Some(*timeout))
            .timeout_recv_response(Some(*timeout))
            .timeout_per_read(Some(*timeout));
        if address.scheme == Scheme::Https {
            let authorities = match self.shared.authorities.get() {
                Some(authorities) => authorities,
                None => {
                    let read = tls::authorities(options)?;
                    self.shared.authorities.get_or_init(|| read)
                }
            };
            config = config.tls_config(tls::config(address, options, authorities)?);
        }
        let agent = config.build().new_agent();
        // A server that redirects to ever new hosts must not make us keep them all.
        if agents.len() >= AGENTS {
            agents.clear();
        }
        agents.insert(key, agent.clone());
        Ok(agent)
    }
}
