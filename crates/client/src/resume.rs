//! Bodies that go on where a broken connection left off (<https://www.rfc-editor.org/rfc/rfc9110#section-14>).

use std::io::{self, Read};
use std::thread;
use std::time::Instant;

use crate::response::Body;
use crate::{Error, Response, retry};

/// Bytes after which earlier breaks are forgiven.
const PROGRESS: u64 = 1 << 20;

/// From where a transfer is to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The first byte wanted.
    pub from: u64,
    /// The strong entity tag that the first answer carried.
    pub tag: Option<String>,
}

impl Resume {
    /// The header fields that ask for it.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("Range", format!("bytes={}-", self.from))];
        headers.extend(self.tag.clone().map(|tag| ("If-Range", tag)));
        headers
    }
}

/// A body that is asked for again, from where it broke off. It gives up after five breaks in a row without a megabyte in
/// between, and at once where the server is too slow.
pub struct Resumable<F> {
    again: F,
    body: Body,
    /// Bytes that were handed out.
    at: u64,
    /// Bytes to come that were handed out before: a server that knows no ranges sends it all again.
    known: u64,
    tag: Option<String>,
    breaks: u32,
    forgiven_at: u64,
    deadline: Option<Instant>,
}

impl<F: FnMut(&Resume) -> io::Result<Response>> Resumable<F> {
    /// Reads the body of `response`, the answer 200. `again` asks for the rest and answers with status 200 or 206.
    pub fn new(response: Response, again: F) -> Self {
        let tag = tag(&response);
        Self { again, body: response.body, at: 0, known: 0, tag, breaks: 0, forgiven_at: 0, deadline: None }
    }

    /// The same, with an end to all patience.
    pub fn until(mut self, deadline: Option<Instant>) -> Self {
        self.deadline = deadline;
        self.body = self.body.until(deadline);
        self
    }

    /// Whether one more break is to be put up with.
    fn may_go_on(&mut self) -> bool {
        if self.at.saturating_sub(self.forgiven_at) >= PROGRESS {
            (self.breaks, self.forgiven_at) = (0, self.at);
        }
        self.breaks += 1;
        self.breaks < retry::ATTEMPTS
    }

    fn resume(&mut self) -> io::Result<()> {
        thread::sleep(retry::pause(self.breaks - 1));
        let response = (self.again)(&Resume { from: self.at, tag: self.tag.clone() })?;
        let from = match response.status {
            206 => content_start(response.headers.get("content-range")),
            200 => Some(0),
            _ => None,
        };
        let changed = tag(&response).is_some_and(|tag| self.tag.as_ref().is_some_and(|first| *first != tag));
        let Some(known) = from.filter(|_| !changed).and_then(|from| self.at.checked_sub(from)) else {
            let reason = "what is there has changed meanwhile; try again";
            return Err(io::Error::other(Error::broken(&response.address, reason)));
        };
        self.known = known;
        self.body = response.body.until(self.deadline);
        Ok(())
    }

    /// Reads over what is known already.
    fn skip(&mut self) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.body).take(self.known), &mut io::sink())?;
        self.known = self.known.saturating_sub(skipped);
        Ok(())
    }
}

impl<F: FnMut(&Resume) -> io::Result<Response>> Read for Resumable<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let outcome = if self.known > 0 { self.skip() } else { Ok(()) };
            match outcome.and_then(|()| self.body.read(buffer)) {
                Ok(read) => {
                    self.at = self.at.saturating_add(read as u64);
                    return Ok(read);
                }
                Err(error) if is_break(&error) && self.may_go_on() => self.resume()?,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether the connection broke, in contrast to a server that says no or says nothing.
fn is_break(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}

fn tag(response: &Response) -> Option<String> {
    response.headers.get("etag").filter(|tag| !tag.starts_with("W/")).map(str::to_owned)
}

/// The first byte of `bytes 5-9/10`.
fn content_start(header: Option<&str>) -> Option<u64> {
    header?.trim().strip_prefix("bytes")?.trim_start().split('-').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(content_start(Some("bytes 5-9/10")), Some(5));
        assert_eq!(content_start(Some("bytes */10")), None);
        assert_eq!(content_start(None), None);
        let resume = Resume { from: 5, tag: Some("\"x\"".to_owned()) };
        assert_eq!(resume.headers(), [("Range", "bytes=5-".to_owned()), ("If-Range", "\"x\"".to_owned())]);
    }
}
