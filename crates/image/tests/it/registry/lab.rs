//! Debian's registry, filled by skopeo, with whatever it is to insist on.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use image::client::{ClientOptions, Environment};
use image::{OpenOptions, PlatformChoice};
use serde_json::{Value, json};
use tempfile::TempDir;
use testing::image::{Compression, Image, Layout, for_platform, tagged};
use testing::tar::Tar;

/// `reader:open sesame`.
const HTPASSWD: &str = "reader:$2b$05$Vufm9F.dfQZrk5o7SXlInOs6c9Xbp/WySjEhY09IwDOkESNYLA4/m\n";
pub(crate) const LOGIN: (&str, &str) = ("reader", "open sesame");

/// A running registry. It ends with the test.
pub(crate) struct Lab {
    pub(crate) folder: TempDir,
    pub(crate) port: u16,
    wants: Wants,
    process: Child,
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Wants {
    pub(crate) tls: bool,
    pub(crate) client_certificate: bool,
    pub(crate) login: bool,
}

impl Lab {
    /// Starts one and fills it: `team/app:1` is an image, `team/app:all` an index for amd64 and arm64.
    pub(crate) fn start(wants: Wants) -> Option<Self> {
        testing::tool("docker-registry", &["--version"])?;
        testing::tool("skopeo", &["--version"])?;
        testing::tool("openssl", &["version"])?;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let certificates = root.join("certificates");
        let tls = wants.tls || wants.client_certificate;
        if tls {
            make_certificates(&certificates);
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut http = json!({"addr": format!("127.0.0.1:{port}")});
        if tls {
            http["tls"] = json!({"certificate": certificates.join("server.crt"), "key": certificates.join("server.key")});
        }
        if wants.client_certificate {
            http["tls"]["clientcas"] = json!([certificates.join("ca.crt")]);
        }
        let mut config = json!({
            "version": 0.1, "log": {"level": "error", "accesslog": {"disabled": true}},
            "storage": {"filesystem": {"rootdirectory": root.join("storage")}}, "http": http
        });
        if wants.login {
            std::fs::write(root.join("htpasswd"), HTPASSWD).unwrap();
            config["auth"] = json!({"htpasswd": {"realm": "lab", "path": root.join("htpasswd")}});
        }
        // JSON is YAML.
        std::fs::write(root.join("config.yml"), config.to_string()).unwrap();
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(root.join("config.yml")).stdout(Stdio::null()).stderr(Stdio::null());
        let lab = Self { process: command.spawn().unwrap(), folder, port, wants };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(30), "the registry does not start");
            thread::sleep(Duration::from_millis(20));
        }
        lab.fill();
        Some(lab)
    }

    fn fill(&self) {
        let root = self.folder.path();
        app("amd64").layout(&root.join("one"), Compression::Gzip);
        let mut layout = Layout::new(&root.join("all"));
        let images: Vec<Value> = ["amd64", "arm64"]
            .iter()
            .map(|architecture| for_platform(layout.image(&app(architecture), Compression::Gzip), "linux", architecture))
            .collect();
        let index = layout.index(&images);
        layout.finish(&[tagged(index, "latest")]);
        for (from, tag) in [("one", "1"), ("all", "all")] {
            self.copy(&format!("oci:{}:latest", root.join(from).display()), &format!("team/app:{tag}"));
        }
    }

    /// Pushes what skopeo calls `from`.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        let mut skopeo = Command::new("skopeo");
        skopeo.args(["--insecure-policy", "copy", "--all", "--preserve-digests", "--quiet", "--dest-tls-verify=false"]);
        if self.wants.client_certificate {
            skopeo.arg("--dest-cert-dir").arg(self.certificates("client"));
        }
        if self.wants.login {
            skopeo.arg("--dest-creds").arg(format!("{}:{}", LOGIN.0, LOGIN.1));
        }
        skopeo.arg(from).arg(format!("docker://127.0.0.1:{}/{to}", self.port));
        let output = skopeo.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A file of the certificates, or a folder as `certs.d` has it.
    pub(crate) fn certificates(&self, name: &str) -> PathBuf {
        self.folder.path().join("certificates").join(name)
    }

    pub(crate) fn target(&self, rest: &str) -> String {
        format!("registry:127.0.0.1:{}/{rest}", self.port)
    }

    /// A home whose `certs.d` holds, for `host`, what the folder `name` of the certificates holds.
    pub(crate) fn home_with(&self, folder: &str, host: &str, name: &str) -> TempDir {
        let home = tempfile::tempdir().unwrap();
        let to = home.path().join(folder).join(format!("{host}:{}", self.port));
        std::fs::create_dir_all(&to).unwrap();
        for file in self.certificates(name).read_dir().unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
        home
    }
}

/// An image whose only file says for which architecture it is.
pub(crate) fn app(architecture: &str) -> Image {
    Image::new().layer(Tar::new().file("etc/architecture", architecture)).platform("linux", architecture)
}

/// Options with these variables and nothing of the machine's own.
pub(crate) fn with<const N: usize>(variables: [(&str, &str); N]) -> OpenOptions {
    let client = ClientOptions { environment: Environment::of(variables), ..ClientOptions::default() };
    OpenOptions { client, platform: PlatformChoice::Default, ..OpenOptions::default() }
}

/// An authority, a certificate for servers on 127.0.0.1 and registry.test, and one for clients.
pub(crate) fn make_certificates(folder: &Path) {
    std::fs::create_dir_all(folder.join("client")).unwrap();
    std::fs::create_dir_all(folder.join("authority")).unwrap();
    let openssl = |arguments: &str| {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    let uses = "-addext keyUsage=critical,keyCertSign,cRLSign";
    openssl(&format!("req -x509 {key} -days 30 -subj /CN=lab-authority {uses} -keyout ca.key -out ca.crt"));
    let extensions = "subjectAltName=IP:127.0.0.1,DNS:registry.test\nextendedKeyUsage=serverAuth,clientAuth\n";
    std::fs::write(folder.join("extensions"), extensions).unwrap();
    for who in ["server", "client"] {
        openssl(&format!("req {key} -subj /CN=lab-{who} -keyout {who}.key -out {who}.csr"));
        let signed = "-CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile extensions";
        openssl(&format!("x509 -req -in {who}.csr {signed} -out {who}.crt"));
    }
    for (from, to) in [
        ("ca.crt", "authority/ca.crt"),
        ("ca.crt", "client/ca.crt"),
        ("client.crt", "client/client.cert"),
        ("client.key", "client/client.key"),
    ] {
        std::fs::copy(folder.join(from), folder.join(to)).unwrap();
    }
}
