//! What a server answered.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::Error;
use crate::address::Address;

/// Header fields, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    pub(crate) fn new(headers: &ureq::http::HeaderMap) -> Self {
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Self(headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect())
    }

    /// The first field of that name, which is to be written in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// Every field of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// An answer, its body not yet read.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: Headers,
    /// The body.
    pub body: Body,
    /// Where the answer came from, after redirects.
    pub address: Address,
}

impl Response {
    /// Reads a short body, at most `limit` bytes and one: a longer one is thereby told. The whole of it has to come within
    /// the time-out.
    pub fn bytes(self, limit: u64) -> Result<Vec<u8>, Error> {
        let (address, timeout) = (self.address, self.body.timeout);
        let body = self.body.until(Instant::now().checked_add(timeout));
        let mut bytes = Vec::new();
        match body.take(limit.saturating_add(1)).read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                Err(Error::Timeout { address: address.to_string(), after: timeout })
            }
            Err(error) => Err(Error::broken(&address, error.to_string())),
        }
    }
}

/// The bytes of an answer as they come. A body that ends before its announced length is an
/// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof), one that stalls a [`TimedOut`](io::ErrorKind::TimedOut).
pub struct Body {
    reader: Box<dyn Read + Send>,
    address: Address,
    left: Option<u64>,
    timeout: Duration,
    deadline: Option<Instant>,
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Body {
    pub(crate) fn new(reader: Box<dyn Read + Send>, address: Address, length: Option<u64>, timeout: Duration) -> Self {
        Self { reader, address, left: length, timeout, deadline: None }
    }

    /// Bytes still to come, where the server has announced them.
    pub fn left(&self) -> Option<u64> {
        self.left
    }

    /// The same, with an end to all patience.
    pub fn until(mut self, deadline: Option<Instant>) -> Self {
        self.deadline = deadline;
        self
    }

    fn too_slow(&self) -> io::Error {
        Error::Timeout { address: self.address.to_string(), after: self.timeout }.into()
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            return Err(self.too_slow());
        }
        let read = match self.reader.read(buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
                return Err(match inner {
                    Some(ureq::Error::Timeout(_)) => self.too_slow(),
                    _ if error.kind() == io::ErrorKind::TimedOut => self.too_slow(),
                    _ => Error::broken(&self.address, error.to_string()).into(),
                });
            }
        };
        if let Some(left) = &mut self.left {
            if read == 0 && *left > 0 {
                return Err(Error::broken(&self.address, format!("{left} bytes are missing")).into());
            }
            *left = left.saturating_sub(read as u64);
        }
        Ok(read)
    }
}
