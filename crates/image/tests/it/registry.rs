//! Images at registries: Debian's own here, those that misbehave in `odd`.

pub(crate) mod lab;
mod odd;
pub(crate) mod stored;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::thread;

use image::{Image, OpenOptions, Opened, PlatformChoice};
use testing::image::sha256;

use self::lab::{LOGIN, Lab, Wants, with};
use crate::common::{images, walk_image};

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

#[test]
fn a_real_image_is_the_same_as_on_disk() {
    let Some(archive) = testing::real_data("images/built/layers.oci.tar") else { return };
    let Some(lab) = Lab::start(Wants::default()) else { return };
    lab.copy(&format!("oci-archive:{}", archive.display()), "real:1");
    let (remote, local) = (only(&lab.target("real:1"), &with([])), only(&archive.display().to_string(), &with([])));
    assert_eq!(remote.info.layers, local.info.layers);
    assert_eq!((&remote.raw_config, remote.info.digest), (&local.raw_config, local.info.digest));
    let seen = |image: &Image| walk_image(image).into_iter().map(|recorder| recorder.seen).collect::<Vec<_>>();
    assert_eq!(seen(&remote), seen(&local));
}
