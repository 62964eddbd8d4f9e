//! Which proxy leads to a server: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, read as Go's
//! `net/http` reads them, which the container tools have made the custom
//! (<https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config>). This machine itself is never asked through a proxy.

use std::net::IpAddr;

use crate::address::{Address, Scheme};
use crate::{Environment, Error};

/// The proxy for an address, if there is one.
pub(crate) fn proxy_for(address: &Address, environment: &Environment) -> Result<Option<ureq::Proxy>, Error> {
    let Some((name, proxy)) = chosen(address, environment) else { return Ok(None) };
    let unusable = |reason: &str| Error::setting(name, reason);
    let proxy = if proxy.contains("://") { proxy } else { format!("http://{proxy}") };
    if !proxy.starts_with("http://") && !proxy.starts_with("https://") {
        return Err(unusable("names a proxy that is neither http:// nor https://"));
    }
    ureq::Proxy::new(&proxy).map(Some).map_err(|_| unusable("is no address of a proxy"))
}

/// The variable that names the proxy, and its value.
fn chosen(address: &Address, environment: &Environment) -> Option<(&'static str, String)> {
    if address.is_loopback() || excluded(address, environment) {
        return None;
    }
    let names = match address.scheme {
        Scheme::Https => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        Scheme::Http => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    names.iter().find_map(|name| environment.text(name).map(|value| (*name, value)))
}

fn excluded(address: &Address, environment: &Environment) -> bool {
    let list = environment.text("NO_PROXY").or_else(|| environment.text("no_proxy")).unwrap_or_default();
    list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| matches(entry, address))
}

fn matches(entry: &str, address: &Address) -> bool {
    if entry == "*" {
        return true;
    }
    let ip = address.ip();
    if let Some((network, bits)) = entry.split_once('/') {
        return match (network.parse(), bits.parse(), ip) {
            (Ok(network), Ok(bits), Some(ip)) => within(ip, network, bits),
            _ => false,
        };
    }
    if let (Ok(entry), Some(ip)) = (entry.trim_matches(['[', ']']).parse::<IpAddr>(), ip) {
        return entry == ip;
    }
    let (entry, port) = match entry.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, Some(port)),
        _ => (entry, None),
    };
    if port.is_some_and(|port| port.parse() != Ok(address.port)) {
        return false;
    }
    let entry = entry.trim_start_matches('*').to_ascii_lowercase();
    match entry.strip_prefix('.') {
        Some(domain) => address.host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
        None => address.host == entry || address.host.strip_suffix(&entry).is_some_and(|rest| rest.ends_with('.')),
    }
}

fn within(ip: IpAddr, network: IpAddr, bits: u32) -> bool {
    let same = |left: u128, right: u128, width: u32| bits <= width && (bits == 0 || (left ^ right) >> (width - bits) == 0);
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => same(ip.to_bits().into(), network.to_bits().into(), 32),
        (IpAddr::V6(ip), IpAddr::V6(network)) => same(ip.to_bits(), network.to_bits(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(url: &str, variables: &[(&str, &str)]) -> Option<String> {
        let environment = Environment::of(variables.iter().copied());
        chosen(&Address::parse(url).unwrap(), &environment).map(|(_, proxy)| proxy)
    }

    #[test]
    fn each_scheme_has_its_proxy() {
        let both = [("HTTPS_PROXY", "s"), ("http_proxy", "p")];
        assert_eq!(through("https://a/", &both).as_deref(), Some("s"));
        assert_eq!(through("http://a/", &both).as_deref(), Some("p"));
        assert_eq!(through("https://a/", &[("all_proxy", "all")]).as_deref(), Some("all"));
        assert_eq!(through("https://a/", &[("HTTPS_PROXY", "")]), None);
        assert_eq!(through("https://127.0.0.1/", &both), None);
    }

    #[test]
    fn exclusions() {
        let excluded = |url: &str, list: &str| through(url, &[("HTTPS_PROXY", "s"), ("NO_PROXY", list)]).is_none();
        assert!(excluded("https://a.example.org/", "x, example.org"));
        assert!(excluded("https://example.org/", "example.org"));
        assert!(excluded("https://a.example.org/", ".example.org"));
        assert!(excluded("https://a.example.org/", "*.example.org"));
        assert!(excluded("https://a:5000/", "a:5000"));
        assert!(excluded("https://10.1.2.3/", "10.0.0.0/8"));
        assert!(excluded("https://10.1.2.3/", "10.1.2.3"));
        assert!(excluded("https://[fd00::1]/", "fd00::/8"));
        assert!(excluded("https://a/", "*"));
        assert!(!excluded("https://example.org/", ".example.org"));
        assert!(!excluded("https://badexample.org/", "example.org"));
        assert!(!excluded("https://a:5001/", "a:5000"));
        assert!(!excluded("https://11.1.2.3/", "10.0.0.0/8"));
        assert!(!excluded("https://10.1.2.3/", "10.0.0.0/99"));
        assert!(!excluded("https://a/", ""));
    }

    #[test]
    fn what_is_no_proxy_is_said_without_its_password() {
        let environment = Environment::of([("HTTPS_PROXY", "socks5://user:secret@host:1")]);
        let error = proxy_for(&Address::parse("https://a/").unwrap(), &environment).unwrap_err().to_string();
        assert!(error.starts_with("HTTPS_PROXY") && !error.contains("secret"), "{error}");
    }
}
