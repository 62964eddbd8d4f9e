//! One service, and the two ways in which Compose lets most things be written.

use super::interpolate::UNKNOWN;
use crate::image::Image;
use crate::kubernetes::short;
use crate::rule::Hit;
use crate::yaml::{Node, Value};

/// One service.
#[derive(Debug)]
pub struct Service {
    /// Its key.
    pub name: String,
    /// The line of its key.
    pub line: usize,
    /// All of it.
    pub node: Node,
    /// Whether all of it is in the file, so that what is missing is missing.
    pub known: bool,
}

/// A mount.
#[derive(Debug, PartialEq, Eq)]
pub struct Volume {
    /// Where it stands.
    pub line: usize,
    /// The path of the host; `None` for volumes that the engine keeps.
    pub host: Option<String>,
    /// How mounts in it reach others, where that is said.
    pub propagation: Option<String>,
}

/// A published port.
#[derive(Debug, PartialEq, Eq)]
pub struct Port {
    /// Where it stands.
    pub line: usize,
    /// The address of the host; `None` where it is not said.
    pub address: Option<String>,
    /// The port of the host; `None` where the engine chooses or a variable says it.
    pub published: Option<u16>,
    /// The first port of the container.
    pub target: Option<u16>,
}

impl Port {
    /// Whether every address of the host takes it.
    pub fn is_everywhere(&self) -> bool {
        self.address.as_deref().is_none_or(|address| matches!(address, "" | "0.0.0.0" | "::"))
    }
}

impl Service {
    /// A hit in this service.
    pub(super) fn hit(&self, line: usize, detail: &str) -> Hit {
        // What is not known is shown as such.
        Hit::of(format!("service {}", short(&self.name)), line, detail.replace(UNKNOWN, "…"))
    }

    /// A hit where a key has one of these values.
    pub(super) fn says(&self, key: &str, values: &[&str]) -> Vec<Hit> {
        self.node.at(key).filter(|node| node.is_one_of(values)).map(|node| self.hit(node.line, "")).into_iter().collect()
    }

    /// A hit where none of these keys is there, though all of the service is known.
    pub(super) fn lacks(&self, keys: &[&str]) -> Vec<Hit> {
        let is_missing = self.known && keys.iter().all(|key| self.node.at(key).is_none());
        is_missing.then(|| self.hit(self.line, "")).into_iter().collect()
    }

    /// Whether it is privileged.
    pub(super) fn is_privileged(&self) -> bool {
        self.node.get("privileged").is_some_and(Node::is_on)
    }

    /// Its security options.
    pub(super) fn options(&self) -> impl Iterator<Item = (usize, &str)> {
        self.node.get("security_opt").into_iter().flat_map(Node::texts)
    }

    /// Where a security option is as asked, `:` and `=` being the same.
    pub(super) fn opted(&self, option: &str) -> Vec<Hit> {
        let opted = self.options().filter(|(_, written)| written.replacen('=', ":", 1).eq_ignore_ascii_case(option));
        opted.map(|(line, written)| self.hit(line, written)).collect()
    }

    /// Its image, where that is known.
    pub(super) fn image(&self) -> Option<(usize, Image<'_>, &str)> {
        let node = self.node.get("image")?;
        let text = node.text()?;
        Some((node.line, Image::parse(text)?, text))
    }

    /// Its variables with their values; those without one come from whoever starts it.
    pub(super) fn variables(&self) -> Vec<(usize, &str, &str)> {
        let Some(node) = self.node.get("environment") else { return Vec::new() };
        let listed = node.texts().filter_map(|(line, text)| text.split_once('=').map(|(name, value)| (line, name, value)));
        let mapped = node.entries().iter().filter_map(|entry| Some((entry.value.line, entry.key.as_str(), entry.value.text()?)));
        listed.chain(mapped).collect()
    }

    /// Its mounts.
    pub(super) fn volumes(&self) -> Vec<Volume> {
        let items = self.node.get("volumes").map(Node::items).unwrap_or_default();
        items.iter().filter_map(volume).collect()
    }

    /// Its published ports.
    pub(super) fn ports(&self) -> Vec<Port> {
        let items = self.node.get("ports").map(Node::items).unwrap_or_default();
        items.iter().filter_map(port).collect()
    }
}

/// Paths of the host begin like paths; anything else is the name of a volume.
fn host_path(source: &str) -> Option<String> {
    let is_path = source.starts_with(['/', '.', '~', UNKNOWN]);
    is_path.then(|| source.to_owned())
}

fn volume(item: &Node) -> Option<Volume> {
    let line = item.line;
    if let Value::Mapping(_) = item.value {
        let source = item.get("source").or_else(|| item.get("src"))?;
        let host = source.text().filter(|_| item.get("type").is_some_and(|kind| kind.is_one_of(&["bind"])));
        let propagation = item.at("bind.propagation").and_then(Node::text).map(str::to_owned);
        return Some(Volume { line: source.line, host: host.map(str::to_owned), propagation });
    }
    let text = item.text()?;
    let mut parts = text.split(':');
    let source = parts.next()?;
    let modes = parts.nth(1).unwrap_or_default();
    let propagation = modes.split(',').find(|mode| mode.trim_start_matches('r').ends_with("shared"));
    // One path alone is a volume without a name.
    let host = if text.contains(':') { host_path(source) } else { None };
    Some(Volume { line, host, propagation: propagation.map(str::to_owned) })
}

fn port(item: &Node) -> Option<Port> {
    let number = |text: &str| text.split('-').next().and_then(|first| first.trim().parse().ok());
    let line = item.line;
    if let Value::Mapping(_) = item.value {
        let text = |key: &str| item.get(key).and_then(Node::text);
        return Some(Port {
            line: item.get("published").or_else(|| item.get("target")).map_or(line, |node| node.line),
            address: text("host_ip").map(str::to_owned),
            published: text("published").and_then(number),
            target: text("target").and_then(number),
        });
    }
    let text = item.text()?.split('/').next()?;
    let (rest, target) = text.rsplit_once(':').map_or(("", text), |(rest, target)| (rest, target));
    let (address, published) = match rest.rsplit_once(':') {
        Some((address, published)) => (Some(address.trim_matches(['[', ']']).to_owned()), published),
        None => (None, rest),
    };
    Some(Port { line, address, published: number(published), target: number(target) })
}

#[cfg(test)]
mod tests {
    use super::{Port, Volume, port, volume};
    use crate::yaml::{Node, documents};

    fn node(text: &str) -> Node {
        documents(text.as_bytes()).next().unwrap().unwrap().root
    }

    #[test]
    fn both_ways_of_writing_mean_the_same() {
        for (text, host, propagation) in [
            ("/a:/b", Some("/a"), None),
            ("/a:/b:ro,rshared", Some("/a"), Some("rshared")),
            ("/a:/b:rslave", Some("/a"), None),
            ("./a:/b", Some("./a"), None),
            ("data:/b", None, None),
            ("/b", None, None),
            ("{type: bind, source: /a, target: /b, bind: {propagation: shared}}", Some("/a"), Some("shared")),
            ("{type: volume, source: a, target: /b}", None, None),
        ] {
            let expected = Volume { line: 1, host: host.map(str::to_owned), propagation: propagation.map(str::to_owned) };
            assert_eq!(volume(&node(text)), Some(expected), "{text}");
        }
        for (text, address, published, target) in [
            ("'80'", None, None, Some(80)),
            ("8080:80", None, Some(8080), Some(80)),
            ("127.0.0.1:8080:80/tcp", Some("127.0.0.1"), Some(8080), Some(80)),
            ("127.0.0.1::80", Some("127.0.0.1"), None, Some(80)),
            ("'[::1]:8080:80'", Some("::1"), Some(8080), Some(80)),
            ("8000-8010:80-90", None, Some(8000), Some(80)),
            ("{target: 80, published: '8080', host_ip: 127.0.0.1}", Some("127.0.0.1"), Some(8080), Some(80)),
        ] {
            let expected = Port { line: 1, address: address.map(str::to_owned), published, target };
            assert_eq!(port(&node(text)), Some(expected), "{text}");
        }
    }
}
