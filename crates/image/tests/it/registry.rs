//! Images at registries: Debian's own, and servers that misbehave.

pub(crate) mod lab;
pub(crate) mod server;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use image::{Error, Image, Limits, OpenOptions, Opened, PlatformChoice};
use testing::image::sha256;

use self::lab::{LOGIN, Lab, Wants, with};
use self::server::{Reply, Server, Stored};
use crate::common::{Recorder, images, walk_image};

fn only(target: &str, options: &OpenOptions) -> Image {
    let (mut images, _) = images(target, options).unwrap();
    assert_eq!(images.len(), 1);
    images.remove(0)
}

fn failure(target: &str, options: &OpenOptions) -> String {
    let error = images(target, options).unwrap_err().to_string();
    assert!(!error.contains('\n') && !error.contains(LOGIN.1), "{error}");
    error
}

fn architecture(image: &Image) -> String {
    String::from_utf8(walk_image(image)[0].get("etc/architecture").content.clone().unwrap()).unwrap()
}

#[test]
fn tags_digests_and_platforms() {
    let Some(lab) = Lab::start(Wants::default()) else { return };
    let options = with([]);
    let image = only(&lab.target("team/app:1"), &options);
    assert_eq!((&image.info.source[..], architecture(&image)), ("registry", "amd64".to_owned()));
    assert_eq!(image.info.reference, format!("127.0.0.1:{}/team/app:1", lab.port));
    let digest = image.info.digest.unwrap().to_string();
    assert_eq!(sha256(image.raw_manifest.as_ref().unwrap()), digest);
    assert_eq!(sha256(&image.raw_config), image.info.config_digest.unwrap().to_string());

    let same = only(&lab.target(&format!("team/app@{digest}")), &options);
    assert_eq!((same.info.digest, architecture(&same)), (image.info.digest, "amd64".to_owned()));

    let choose = |platform: &str| OpenOptions { platform: PlatformChoice::One(platform.parse().unwrap()), ..with([]) };
    let all = lab.target("team/app:all");
    assert_eq!(architecture(&only(&all, &choose("linux/arm64"))), "arm64");
    let error = failure(&all, &choose("linux/s390x"));
    assert!(error.contains("linux/s390x") && error.contains("linux/amd64, linux/arm64"), "{error}");
    let error = failure(&lab.target("team/app:1"), &choose("linux/arm64"));
    assert!(error.contains("linux/amd64"), "{error}");

    let every = OpenOptions { platform: PlatformChoice::All, ..with([]) };
    let Opened::Images { images, index_digest, .. } = image::open(&all, &every).unwrap() else { panic!() };
    assert_eq!(images.iter().map(architecture).collect::<Vec<_>>(), ["amd64", "arm64"]);
    let index = format!("team/app@{}", index_digest.unwrap());
    assert_eq!(architecture(&only(&lab.target(&index), &choose("linux/amd64"))), "amd64");

    let error = failure(&lab.target("team/app:no"), &options);
    assert!(error.contains("team/app:no") && error.contains("does not have it"), "{error}");
    let error = failure(&lab.target(&format!("team/app@sha256:{}", "0".repeat(64))), &options);
    assert!(error.contains("does not have it"), "{error}");
}

#[test]
fn tls_from_a_private_authority() {
    let Some(lab) = Lab::start(Wants { tls: true, ..Wants::default() }) else { return };
    let target = lab.target("team/app:1");
    let error = failure(&target, &with([]));
    assert!(error.contains("certificate") && error.contains("--ca-cert"), "{error}");

    let mut options = with([]);
    options.client.ca_cert = Some(lab.certificates("ca.crt"));
    assert_eq!(architecture(&only(&target, &options)), "amd64");
    let file = lab.certificates("ca.crt");
    assert_eq!(architecture(&only(&target, &with([("SSL_CERT_FILE", file.to_str().unwrap())]))), "amd64");
    for folder in [".docker/certs.d", ".config/containers/certs.d"] {
        let home = lab.home_with(folder, "127.0.0.1", "authority");
        assert_eq!(architecture(&only(&target, &with([("HOME", home.path().to_str().unwrap())]))), "amd64");
    }
    let mut options = with([]);
    options.client.insecure_registries = vec![format!("127.0.0.1:{}", lab.port)];
    assert_eq!(architecture(&only(&target, &options)), "amd64");

    let mut options = with([]);
    options.client.ca_cert = Some(lab.certificates("ca.key"));
    let error = failure(&target, &options);
    assert!(error.contains("ca.key") && error.contains("no certificate"), "{error}");
}

#[test]
fn a_client_certificate_that_is_wanted() {
    let Some(lab) = Lab::start(Wants { client_certificate: true, ..Wants::default() }) else { return };
    let target = lab.target("team/app:1");
    let home = lab.home_with(".docker/certs.d", "127.0.0.1", "authority");
    let error = failure(&target, &with([("HOME", home.path().to_str().unwrap())]));
    assert!(error.contains("client certificate"), "{error}");
    let home = lab.home_with(".docker/certs.d", "127.0.0.1", "client");
    assert_eq!(architecture(&only(&target, &with([("HOME", home.path().to_str().unwrap())]))), "amd64");

    // A key that belongs to another certificate.
    let folder = home.path().join(format!(".docker/certs.d/127.0.0.1:{}", lab.port));
    std::fs::copy(lab.certificates("server.key"), folder.join("client.key")).unwrap();
    let error = failure(&target, &with([("HOME", home.path().to_str().unwrap())]));
    assert!(error.contains("client.cert"), "{error}");
}

#[test]
fn logins() {
    let Some(lab) = Lab::start(Wants { login: true, ..Wants::default() }) else { return };
    let target = lab.target("team/app:1");
    let host = format!("127.0.0.1:{}", lab.port);
    let home = tempfile::tempdir().unwrap();
    let variables = [("HOME", home.path().to_str().unwrap()), ("PATH", home.path().to_str().unwrap())];
    let error = failure(&target, &with(variables));
    assert!(error.contains("denies access") && error.contains("docker login"), "{error}");

    let docker = home.path().join(".docker");
    std::fs::create_dir(&docker).unwrap();
    let write = |config: serde_json::Value| std::fs::write(docker.join("config.json"), config.to_string()).unwrap();
    let auth = |password: &str| serde_json::json!({"auths": {&host: {"username": LOGIN.0, "password": password}}});
    write(auth(LOGIN.1));
    assert_eq!(architecture(&only(&target, &with(variables))), "amd64");
    write(auth("open barley"));
    let error = failure(&target, &with(variables));
    assert!(error.contains("config.json") && !error.contains("barley"), "{error}");

    // The helper is asked for this registry alone.
    write(serde_json::json!({"credHelpers": {&host: "lab"}}));
    let error = failure(&target, &with(variables));
    assert!(error.contains("docker-credential-lab"), "{error}");
    let helper = home.path().join("docker-credential-lab");
    let script = format!(
        "#!/bin/sh\nread -r server\n[ \"$1 $server\" = 'get {host}' ] || {{ echo 'credentials not found in native keychain'; exit 1; }}\n\
         echo '{{\"ServerURL\":\"x\",\"Username\":\"{}\",\"Secret\":\"{}\"}}'\n",
        LOGIN.0, LOGIN.1
    );
    std::fs::write(&helper, script).unwrap();
    std::fs::set_permissions(&helper, PermissionsExt::from_mode(0o755)).unwrap();
    assert_eq!(architecture(&only(&target, &with(variables))), "amd64");
    write(serde_json::json!({"credsStore": "lab", "auths": {&host: {}}}));
    assert_eq!(architecture(&only(&target, &with(variables))), "amd64");
}

/// A proxy that knows every host under 127.0.0.1; what it was asked for.
fn proxy() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    thread::spawn(move || {
        for client in listener.incoming() {
            let (client, seen) = (client.unwrap(), Arc::clone(&seen));
            thread::spawn(move || tunnel(client, &seen));
        }
    });
    (port, asked)
}

fn tunnel(mut client: TcpStream, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    seen.lock().unwrap().push(head.clone());
    // user:p@ss
    if !head.contains("Basic dXNlcjpwQHNz") && !head.contains("basic dXNlcjpwQHNz") {
        client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n").ok()?;
        return None;
    }
    let port = head.split(' ').nth(1)?.rsplit(':').next()?.parse::<u16>().ok()?;
    let mut server = TcpStream::connect(("127.0.0.1", port)).ok()?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
    let (mut from_server, mut to_client) = (server.try_clone().ok()?, client.try_clone().ok()?);
    thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
    std::io::copy(&mut reader, &mut server).ok()?;
    Some(())
}

#[test]
fn behind_a_proxy() {
    let Some(lab) = Lab::start(Wants { tls: true, ..Wants::default() }) else { return };
    let (port, asked) = proxy();
    let host = format!("registry.test:{}", lab.port);
    let target = format!("registry:{host}/team/app:1");
    let home = lab.home_with(".docker/certs.d", "registry.test", "authority");
    let home = home.path().to_str().unwrap();
    let proxy = format!("http://user:p%40ss@127.0.0.1:{port}");
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        assert_eq!(architecture(&only(&target, &with([("HOME", home), (variable, &proxy)]))), "amd64");
    }
    assert!(asked.lock().unwrap().iter().all(|head| head.starts_with(&format!("CONNECT {host} "))));
    let before = asked.lock().unwrap().len();
    assert!(before >= 2);

    let error = failure(&target, &with([("HOME", home), ("HTTPS_PROXY", &proxy), ("NO_PROXY", "example,.test")]));
    assert!(error.contains("no host named registry.test"), "{error}");
    assert_eq!(asked.lock().unwrap().len(), before);

    let wrong = format!("http://user:barley@127.0.0.1:{port}");
    let error = failure(&target, &with([("HOME", home), ("HTTPS_PROXY", &wrong)]));
    assert!(error.contains("proxy") && !error.contains("barley"), "{error}");
}

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
fn a_real_image_is_the_same_as_on_disk() {
    let Some(layout) = testing::built_image("layers.oci").or_else(|| testing::real_data("images/built/layers.oci")) else {
        return;
    };
    let Some(lab) = Lab::start(Wants::default()) else { return };
    lab.copy(&layout, "real:1");
    let (remote, local) = (only(&lab.target("real:1"), &with([])), only(&layout.display().to_string(), &with([])));
    assert_eq!(remote.info.layers, local.info.layers);
    assert_eq!((&remote.raw_config, remote.info.digest), (&local.raw_config, local.info.digest));
    let seen = |image: &Image| walk_image(image).into_iter().map(|recorder| recorder.seen).collect::<Vec<_>>();
    assert_eq!(seen(&remote), seen(&local));
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
    let answer = |stored: Stored| move |asked: &server::Asked| stored.answer(asked);
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
