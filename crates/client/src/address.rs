//! Addresses, as far as HTTP needs them (<https://www.rfc-editor.org/rfc/rfc3986>).

use std::fmt::{self, Write as _};
use std::net::IpAddr;

use crate::Error;

/// Longest address that is taken; the signed ones of object stores reach two thousand bytes.
const MAX_LENGTH: usize = 16 << 10;

/// How a host is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    /// As it is written before the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// The address of something to be fetched. [`Display`](fmt::Display) leaves the query out: signed addresses carry secrets
/// there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// How the host is spoken to.
    pub scheme: Scheme,
    /// The host in lower case, IPv6 in brackets.
    pub host: String,
    /// The port, the scheme's own where none is written.
    pub port: u16,
    /// Path and query, beginning with `/`.
    target: String,
}

impl Address {
    /// Reads an absolute address.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let fail = |reason| Error::Address { address: without_secrets(text), reason };
        if text.len() > MAX_LENGTH {
            return Err(fail("it is too long"));
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(|| fail("it does not begin with https:// or http://"))?;
        let scheme = match scheme {
            _ if scheme.eq_ignore_ascii_case("https") => Scheme::Https,
            _ if scheme.eq_ignore_ascii_case("http") => Scheme::Http,
            _ => return Err(fail("it does not begin with https:// or http://")),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(fail("a user name or password must not stand in it"));
        }
        let (host, port) = match authority.rfind(':') {
            Some(colon) if !authority[colon..].contains(']') => {
                let port = authority[colon + 1..].parse().map_err(|_| fail("its port is no number"))?;
                (&authority[..colon], port)
            }
            _ => (authority, scheme.port()),
        };
        if !is_host(host) {
            return Err(fail("its host is not a name or an IP address"));
        }
        if !target.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(fail("it holds blanks or other characters that must be escaped"));
        }
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Ok(Self { scheme, host: host.to_ascii_lowercase(), port, target })
    }

    /// The address that `reference`, as in a `Location` header, means seen from here.
    pub fn join(&self, reference: &str) -> Result<Self, Error> {
        let base = format!("{}://{}", self.scheme.as_str(), self.authority());
        if reference.contains("://") && !reference.starts_with(['/', '?']) {
            Self::parse(reference)
        } else if reference.starts_with("//") {
            Self::parse(&format!("{}:{reference}", self.scheme.as_str()))
        } else if reference.starts_with('/') {
            Self::parse(&format!("{base}{reference}"))
        } else {
            let path = self.target.split('?').next().unwrap_or_default();
            let folder = if reference.starts_with('?') { path } else { &path[..=path.rfind('/').unwrap_or(0)] };
            Self::parse(&format!("{base}{folder}{reference}"))
        }
    }

    /// `host`, or `host:port` where the port is not the scheme's own.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The whole of it, with its query: for the wire alone.
    pub fn full(&self) -> String {
        format!("{}://{}{}", self.scheme.as_str(), self.authority(), self.target)
    }

    /// The IP address, where the host is one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.ip().is_some_and(|ip| ip.is_loopback())
    }

    /// Whether both lead to the same server: what is secret for one is known to the other.
    pub fn same_origin(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port) == (other.scheme, &other.host, other.port)
    }

    /// Whether `list` names the host: with its port, or without where the port is a usual one.
    pub(crate) fn is_listed(&self, list: &[String]) -> bool {
        let with_port = format!("{}:{}", self.host, self.port);
        let usual = matches!(self.port, 80 | 443);
        list.iter().any(|entry| entry.eq_ignore_ascii_case(&with_port) || (usual && entry.eq_ignore_ascii_case(&self.host)))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_secrets(&self.full()))
    }
}

/// An address as messages may show it: no query, no password, no control characters, not endless.
pub(crate) fn without_secrets(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let text = match text.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let start = rest[..end].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[start..])
        }
        None => text.to_owned(),
    };
    text.chars().filter(|character| !character.is_control()).take(300).collect()
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.strip_suffix(']').is_some_and(|inner| inner.parse::<std::net::Ipv6Addr>().is_ok());
    }
    !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// Names and values as the query of an address, or as the body of a form.
pub fn encode_query(pairs: &[(&str, &str)]) -> String {
    let mut query = String::new();
    for (number, (name, value)) in pairs.iter().enumerate() {
        if number > 0 {
            query.push('&');
        }
        escape(name, &mut query);
        query.push('=');
        escape(value, &mut query);
    }
    query
}

fn escape(text: &str, query: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/' | b':') {
            query.push(byte as char);
        } else {
            let _ = write!(query, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        for (given, full) in [
            ("https://Example.ORG", "https://example.org/"),
            ("HTTP://a:80/x?y=1#z", "http://a/x?y=1"),
            ("https://a:5000/v2/", "https://a:5000/v2/"),
            ("https://[::1]:5000/v2/", "https://[::1]:5000/v2/"),
            ("http://[::1]?q", "http://[::1]/?q"),
        ] {
            assert_eq!(Address::parse(given).unwrap().full(), full);
        }
        for bad in [
            "",
            "a",
            "ftp://a/",
            "https://",
            "https:///x",
            "https://a:b/",
            "https://u:p@a/",
            "https://a/b c",
            "https://a/\n",
            "https://[x]/",
            "https://a b/",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let error = Address::parse("https://user:secret@host/?token=secret").unwrap_err().to_string();
        assert!(error.contains("https://host/") && !error.contains("secret"), "{error}");
        assert_eq!(Address::parse("https://host/p?sig=secret").unwrap().to_string(), "https://host/p");
    }

    #[test]
    fn follows_locations() {
        let base = Address::parse("https://a:1/x/y?q=1").unwrap();
        for (location, full) in [
            ("https://b/z?https://c", "https://b/z?https://c"),
            ("//b/z", "https://b/z"),
            ("/z?to=http://c", "https://a:1/z?to=http://c"),
            ("z", "https://a:1/x/z"),
            ("?r", "https://a:1/x/y?r"),
        ] {
            assert_eq!(base.join(location).unwrap().full(), full);
        }
    }

    #[test]
    fn knows_loopback_and_lists() {
        let is = |text: &str| Address::parse(text).unwrap().is_loopback();
        assert!(is("http://localhost:5000") && is("http://127.9.9.9") && is("http://[::1]"));
        assert!(!is("http://localhost.example") && !is("http://10.0.0.1"));
        let list = ["lab".to_owned(), "lab2:5000".to_owned()];
        let listed = |text: &str| Address::parse(text).unwrap().is_listed(&list);
        assert!(listed("https://lab") && listed("http://LAB") && listed("http://lab2:5000"));
        assert!(!listed("https://lab:5000") && !listed("https://lab2"));
    }

    #[test]
    fn escapes_queries() {
        assert_eq!(
            encode_query(&[("scope", "repository:a/b:pull"), ("x", "a b&c=\u{e9}")]),
            "scope=repository:a/b:pull&x=a%20b%26c%3D%C3%A9"
        );
    }
}
