//! An HTTP server that answers, or misbehaves, as a test says, and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use testing::image::{Compression, Image, Layout, sha256};
use testing::tar::Tar;

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Bytes of the body after which the connection is closed.
    pub(crate) cut: Option<usize>,
    /// Silence at the end of the body, before the connection is closed.
    pub(crate) stall: Duration,
    /// Silence before the answer.
    pub(crate) wait: Duration,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) host: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let server = Self { host, asked: Arc::clone(&asked) };
        let answer = Arc::new(answer);
        // Ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
                thread::spawn(move || serve(&stream.unwrap(), &asked, &*answer));
            }
        });
        server
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often a path was asked for.
    pub(crate) fn count(&self, part: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path.contains(part)).count()
    }
}

fn serve(mut stream: &TcpStream, seen: &Mutex<Vec<Asked>>, answer: &dyn Fn(&Asked) -> Reply) -> Option<()> {
    let mut first = [0];
    // A TLS handshake is answered as by any server that knows none.
    if stream.peek(&mut first).ok()? == 0 || first[0] == 0x16 {
        return None;
    }
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body).ok()?;
    let asked = Asked { method, path, headers, body };
    seen.lock().unwrap().push(asked.clone());
    let reply = answer(&asked);
    thread::sleep(reply.wait);
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n", reply.status, reply.body.len());
    for (name, value) in &reply.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    if asked.method != "HEAD" {
        stream.write_all(&reply.body[..reply.cut.unwrap_or(reply.body.len())]).ok()?;
        thread::sleep(reply.stall);
    }
    Some(())
}

/// A small image as a registry holds it.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) manifest: Vec<u8>,
    pub(crate) digest: String,
    pub(crate) layer: String,
    pub(crate) blobs: BTreeMap<String, Vec<u8>>,
}

impl Stored {
    pub(crate) fn new() -> Self {
        // Not to be compressed away: the body of the layer is to be long enough to be cut.
        let noise: Vec<u8> = (0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let image = Image::new().layer(Tar::new().file("etc/name", "value").file("noise", noise));
        let mut layout = Layout::in_memory();
        let descriptor = layout.image(&image, Compression::Gzip);
        let blobs: BTreeMap<_, _> = layout.blobs.iter().map(|(hex, bytes)| (format!("sha256:{hex}"), bytes.clone())).collect();
        let digest = descriptor["digest"].as_str().unwrap().to_owned();
        let manifest = blobs[&digest].clone();
        let parsed: Value = serde_json::from_slice(&manifest).unwrap();
        let layer = parsed["layers"][0]["digest"].as_str().unwrap().to_owned();
        assert_eq!(sha256(&manifest), digest);
        Self { manifest, digest, layer, blobs }
    }

    /// What a registry answers, ranges included.
    pub(crate) fn answer(&self, asked: &Asked) -> Reply {
        let name = asked.path.rsplit('/').next().unwrap();
        if asked.path.contains("/manifests/") {
            return if name == "1" || name == self.digest {
                Reply::ok(self.manifest.clone())
                    .with("Docker-Content-Digest", &self.digest)
                    .with("Content-Type", "application/vnd.oci.image.manifest.v1+json")
            } else {
                Reply::status(404)
            };
        }
        let Some(blob) = self.blobs.get(name) else { return Reply::status(404) };
        match asked.header("range") {
            None => Reply::ok(blob.clone()),
            Some(range) => {
                let from: usize = range.strip_prefix("bytes=").unwrap().trim_end_matches('-').parse().unwrap();
                let told = format!("bytes {from}-{}/{}", blob.len() - 1, blob.len());
                Reply { status: 206, ..Reply::ok(&blob[from..]) }.with("Content-Range", told)
            }
        }
    }
}
