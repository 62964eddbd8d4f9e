//! Servers that are busy, slow, broken or hostile, and those that want a token first.

use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use image::{Error, Image, Limits};
use testing::image::sha256;
use testing::server::{Asked, Reply, Server};

use super::lab::{LOGIN, make_certificates, with};
use super::stored::Stored;
use super::{failure, only};
use crate::common::{Recorder, images};

fn walk(image: &Image) -> Result<Recorder, Error> {
    let mut recorder = Recorder::default();
    image.layers[0].walk(&Limits::default(), &mut recorder)?;
    Ok(recorder)
}

#[test]
fn too_many_requests_pass() {
    let stored = Stored::new();
    let turn = AtomicUsize::new(0);
    let server = Server::start(move |asked| match turn.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::status(429).with("Retry-After", "1"),
        1 => Reply::status(503),
        _ => stored.answer(asked),
    });
    let started = Instant::now();
    let image = only(&format!("registry:{}/app:1", server.host), &with([]));
    assert!(started.elapsed() >= Duration::from_secs(1));
    walk(&image).unwrap();
    assert_eq!(server.count("/manifests/"), 3);

    let server = Server::start(|_| Reply::status(429).with("Retry-After", "4000"));
    let error = failure(&format!("registry:{}/app:1", server.host), &with([]));
    assert!(error.contains("too many requests") && error.contains("4000"), "{error}");
    let server = Server::start(|_| Reply::status(500));
    let error = failure(&format!("registry:{}/app:1", server.host), &with([]));
    assert!(error.contains("status 500") && server.asked().len() <= 6, "{error}");
}

#[test]
fn a_cut_transfer_goes_on() {
    for ranges in [true, false] {
        let stored = Stored::new();
        let (layer, turn) = (stored.layer.clone(), AtomicUsize::new(0));
        let server = Server::start(move |asked| {
            if !asked.path.ends_with(&layer) {
                return stored.answer(asked);
            }
            let mut reply = if ranges { stored.answer(asked) } else { Reply::ok(stored.blobs[&layer].clone()) };
            reply.cut = match turn.fetch_add(1, Ordering::SeqCst) {
                0 => Some(100_000),
                1 => Some(150_000),
                _ => None,
            };
            reply.with("ETag", "\"same\"")
        });
        let image = only(&format!("registry:{}/app:1", server.host), &with([]));
        let recorder = walk(&image).unwrap();
        assert_eq!(recorder.get("etc/name").content.as_deref(), Some(&b"value"[..]));
        let asked: Vec<_> = server.asked().into_iter().filter(|asked| asked.path.contains(&image_layer(&image))).collect();
        let starts: Vec<_> = asked.iter().map(|asked| asked.header("range").map(str::to_owned)).collect();
        let second = if ranges { "bytes=250000-" } else { "bytes=150000-" };
        assert_eq!(starts, [None, Some("bytes=100000-".to_owned()), Some(second.to_owned())]);
        assert_eq!(asked[1].header("if-range"), Some("\"same\""));
    }
}

fn image_layer(image: &Image) -> String {
    image.layers[0].digest.unwrap().to_string()
}

#[test]
fn a_transfer_that_never_ends_well_is_given_up() {
    let stored = Stored::new();
    let layer = stored.layer.clone();
    let server = Server::start(move |asked| {
        let mut reply = stored.answer(asked);
        reply.cut = asked.path.ends_with(&layer).then_some(10);
        reply
    });
    let image = only(&format!("registry:{}/app:1", server.host), &with([]));
    let error = walk(&image).unwrap_err().to_string();
    assert!(error.contains("broke off"), "{error}");
    assert!((2..=10).contains(&server.count(&image_layer(&image))));
}

#[test]
fn a_slow_registry_ends() {
    let server = Server::start(|_| Reply { wait: Duration::from_secs(20), ..Reply::status(200) });
    let mut options = with([]);
    options.client.timeout = Some(Duration::from_millis(500));
    let started = Instant::now();
    let error = failure(&format!("registry:{}/app:1", server.host), &options);
    assert!(error.contains("did not answer within 0.5 s"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));

    // One that says nothing at all, not even that it speaks no TLS.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let error = failure(&format!("registry:{}/app:1", silent.local_addr().unwrap()), &options);
    assert!(error.contains("did not answer"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));

    // The time for the whole image holds, too.
    let mut options = with([]);
    options.limits.timeout = Some(Duration::from_millis(500));
    failure(&format!("registry:{}/app:1", server.host), &options);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_stalled_layer_ends() {
    let stored = Stored::new();
    let layer = stored.layer.clone();
    let server = Server::start(move |asked| {
        let mut reply = stored.answer(asked);
        if asked.path.ends_with(&layer) {
            (reply.cut, reply.stall) = (Some(100_000), Duration::from_secs(20));
        }
        reply
    });
    let mut options = with([]);
    options.client.timeout = Some(Duration::from_millis(500));
    let image = only(&format!("registry:{}/app:1", server.host), &options);
    let started = Instant::now();
    let error = walk(&image).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn no_redirect_leads_out_of_tls() {
    let Some(_) = testing::tool("openssl", &["version"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    make_certificates(folder.path());
    let server = Server::start(|_| Reply::ok("in the clear"));
    let answer = format!("HTTP/1.1 307 X\r\nContent-Length: 0\r\nLocation: http://{}/\r\n\r\n", server.host);
    std::fs::create_dir_all(folder.path().join("v2/app/manifests")).unwrap();
    std::fs::write(folder.path().join("v2/app/manifests/1"), answer).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // Serves files that are whole answers.
    let mut openssl = std::process::Command::new("openssl");
    openssl
        .args(["s_server", "-quiet", "-HTTP", "-cert", "server.crt", "-key", "server.key"])
        .arg("-accept")
        .arg(port.to_string());
    openssl.current_dir(folder.path()).stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
    let mut process = openssl.stderr(std::process::Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() && started.elapsed() < Duration::from_secs(20) {
        thread::sleep(Duration::from_millis(20));
    }
    let mut options = with([]);
    options.client.ca_cert = Some(folder.path().join("ca.crt"));
    let outcome = images(&format!("registry:127.0.0.1:{port}/app:1"), &options);
    let _ = process.kill();
    let _ = process.wait();
    let error = outcome.unwrap_err().to_string();
    assert!(error.contains("from https to plain http"), "{error}");
    assert!(server.asked().is_empty());
}

#[test]
fn wrong_bytes_are_not_taken() {
    let stored = Stored::new();
    let (digest, layer, good) = (stored.digest.clone(), stored.layer.clone(), stored.manifest.clone());
    let other = sha256(b"other");
    let told = other.clone();
    let server = Server::start(move |asked| match asked.path.rsplit('/').next().unwrap() {
        "told" => Reply::ok(good.clone()).with("Docker-Content-Digest", &told),
        "1" => stored.answer(asked),
        name if asked.path.contains("/manifests/") && name != digest => Reply::ok(good.clone()),
        name if name == layer => {
            let mut bytes = stored.blobs[&layer].clone();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            Reply::ok(bytes)
        }
        _ => stored.answer(asked),
    });
    for tag in [format!("app@{other}"), "app:told".to_owned()] {
        let error = failure(&format!("registry:{}/{tag}", server.host), &with([]));
        assert!(error.contains("not what its digest says") && error.contains(&other), "{error}");
    }
    let image = only(&format!("registry:{}/app:1", server.host), &with([]));
    assert!(walk(&image).is_err());
}

#[test]
fn more_bytes_than_said_are_not_taken() {
    let stored = Stored::new();
    let layer = stored.layer.clone();
    let server = Server::start(move |asked| {
        let mut reply = stored.answer(asked);
        if asked.path.ends_with(&layer) {
            reply.body.resize(reply.body.len() + (1 << 20), 0);
        }
        reply
    });
    let image = only(&format!("registry:{}/app:1", server.host), &with([]));
    let error = walk(&image).unwrap_err().to_string();
    assert!(error.contains("more bytes than the manifest says"), "{error}");
}

#[test]
fn tokens() {
    for identity in [false, true] {
        let given = AtomicUsize::new(0);
        let tokens = Server::start(move |asked| {
            let scoped = |text: &str| text.contains("scope=repository:team/app:pull") && text.contains("service=lab%20one");
            // reader:open sesame
            let basic = asked.header("authorization") == Some("Basic cmVhZGVyOm9wZW4gc2VzYW1l") && asked.method == "GET";
            let refresh = asked.method == "POST" && asked.body.contains("refresh_token=opaque") && scoped(&asked.body);
            if (basic && scoped(&asked.path)) || refresh {
                Reply::ok(format!(r#"{{"token":"t0ken{}"}}"#, given.fetch_add(1, Ordering::SeqCst)))
            } else {
                Reply::status(401)
            }
        });
        let stored = Stored::new();
        let storage = {
            let stored = stored.clone();
            Server::start(move |asked| stored.answer(asked))
        };
        let (realm, elsewhere) = (tokens.host.clone(), storage.host.clone());
        let turn = AtomicUsize::new(0);
        let registry = Server::start(move |asked| {
            // The first token is good for one request.
            let good = match asked.header("authorization") {
                Some("Bearer t0ken0") => turn.fetch_add(1, Ordering::SeqCst) == 0,
                token => token == Some("Bearer t0ken1"),
            };
            if !good {
                let challenge =
                    format!("Bearer realm=\"http://{realm}/token\",service=\"lab one\",scope=\"repository:team/app:pull\"");
                return Reply::status(401).with("WWW-Authenticate", challenge);
            }
            if asked.path.contains("/blobs/") {
                let to = format!("http://{elsewhere}/signed/{}", asked.path.rsplit('/').next().unwrap());
                return Reply::status(307).with("Location", to);
            }
            stored.answer(asked)
        });
        let home = tempfile::tempdir().unwrap();
        let login = if identity {
            serde_json::json!({"identitytoken": "opaque"})
        } else {
            serde_json::json!({"username": LOGIN.0, "password": LOGIN.1})
        };
        let auths = serde_json::json!({"auths": {format!("{}/team", registry.host): login}});
        let file = home.path().join("auth.json");
        std::fs::write(&file, auths.to_string()).unwrap();
        let options = with([("REGISTRY_AUTH_FILE", file.to_str().unwrap())]);
        let image = only(&format!("registry:{}/team/app:1", registry.host), &options);
        walk(&image).unwrap();
        walk(&image).unwrap();
        assert!(
            !registry.asked().iter().any(|asked| asked.header("authorization").is_some_and(|value| value.starts_with("Basic")))
        );
        // A token is kept until it is refused.
        assert_eq!(tokens.asked().len(), 2);
        // Who stores the blobs is another server and gets no token.
        assert!(!storage.asked().is_empty() && storage.asked().iter().all(|asked| asked.header("authorization").is_none()));

        let error = failure(&format!("registry:{}/team/app:1", registry.host), &with([]));
        assert!(error.contains("token"), "{error}");
    }
}

#[test]
fn a_token_service_in_the_clear_gets_nothing() {
    let server = Server::start(|_| Reply::status(401).with("WWW-Authenticate", "Bearer realm=\"http://token.example/\""));
    let error = failure(&format!("registry:{}/app:1", server.host), &with([]));
    assert!(error.contains("plain http") && error.contains("token.example"), "{error}");
}

#[test]
fn mirrors_come_first_and_may_fail() {
    let stored = Stored::new();
    let answer = |stored: Stored| move |asked: &Asked| stored.answer(asked);
    let (good, registry) = (Server::start(answer(stored.clone())), Server::start(answer(stored.clone())));
    let broken = Server::start(|_| Reply::status(403));
    let lying = Server::start(|_| Reply::ok("{}").with("Docker-Content-Digest", sha256(b"x")));
    let target = format!("registry:{}/app:1", registry.host);
    let through = |mirrors: Vec<String>| {
        let mut options = with([]);
        options.client.mirrors.insert(registry.host.clone(), mirrors);
        options
    };
    let image = only(&target, &through(vec![format!("http://{}/proxied", good.host)]));
    walk(&image).unwrap();
    assert_eq!((image.info.reference, registry.asked().len()), (format!("{}/app:1", registry.host), 0));
    assert!(good.asked().iter().all(|asked| asked.path.starts_with("/v2/proxied/app/")));

    let (images, notes) = images(&target, &through(vec![broken.host.clone(), lying.host.clone()])).unwrap();
    walk(&images[0]).unwrap();
    assert_eq!((broken.asked().len(), lying.asked().len()), (1, 1));
    assert!(
        notes.iter().any(|note| note.contains(&broken.host)) && notes.iter().any(|note| note.contains(&lying.host)),
        "{notes:?}"
    );
}

#[test]
fn offline_opens_no_socket() {
    let server = Server::start(|_| Reply::status(200));
    let mut options = with([]);
    options.client.offline = true;
    let error = failure(&format!("registry:{}/app:1", server.host), &options);
    assert!(error.contains("--offline"), "{error}");
    assert!(server.asked().is_empty());
}

#[test]
fn endless_redirects_end() {
    let server = Server::start(|_| Reply::status(302).with("Location", "/v2/again"));
    let error = failure(&format!("registry:{}/app:1", server.host), &with([]));
    assert!(error.contains("redirects without end"), "{error}");
}

#[test]
fn odd_answers_are_errors() {
    for body in ["", "null", "[]", "{\"schemaVersion\":1}", "{\"schemaVersion\":2}", "\u{1f980}"] {
        let server = Server::start(move |_| Reply::ok(body));
        failure(&format!("registry:{}/app:1", server.host), &with([]));
    }
    let server = Server::start(|_| Reply::status(418));
    assert!(failure(&format!("registry:{}/app:1", server.host), &with([])).contains("418"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = listener.local_addr().unwrap();
    drop(listener);
    let error = failure(&format!("registry:{closed}/app:1"), &with([]));
    assert!(error.contains("refused"), "{error}");
}
