//! Images and feeds small enough to be known by heart.

use std::io::Write as _;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testing::image::{Image, Layout, tagged};
use testing::tar::Tar;

use crate::command::Sandbox;

/// The finding in [`app`] that is both.
pub(crate) const CRITICAL_AND_EXPLOITED: &str = "CVE-2024-3001";

/// The os-release of Debian's rolling release: it never ends, and so neither do the tests that want a supported one.
pub(crate) const SID: &str = "ID=debian\nVERSION_CODENAME=sid\nPRETTY_NAME=\"Debian GNU/Linux forky/sid\"\n";

/// The os-release of Alpine's.
pub(crate) const EDGE: &str = "ID=alpine\nVERSION_ID=3.99.0_alpha20240101\nPRETTY_NAME=\"Alpine Linux edge\"\n";

/// A Debian root with packages `(name, version)`, all built from sources of the same name.
pub(crate) fn debian(packages: &[(&str, &str)]) -> Tar {
    Tar::new().file("etc/os-release", SID).file("var/lib/dpkg/status", dpkg_status(packages))
}

/// The database of dpkg.
pub(crate) fn dpkg_status(packages: &[(&str, &str)]) -> String {
    let stanza = |(name, version): &(&str, &str)| {
        format!(
            "Package: {name}\nStatus: install ok installed\nMaintainer: Debian <x@lists.debian.org>\n\
             Architecture: amd64\nVersion: {version}\nDescription: a package\n\n"
        )
    };
    packages.iter().map(stanza).collect()
}

/// An Alpine root with packages `(name, version)`.
pub(crate) fn alpine(packages: &[(&str, &str)]) -> Tar {
    let stanza = |(name, version): &(&str, &str)| {
        format!(
            "C:Q1EyN5AdpAOBJWKMR89ppC/NnZlRA=\nP:{name}\nV:{version}\nA:x86_64\nS:1\nI:1\nT:a package\nL:MIT AND BSD-2-Clause\no:{name}\nF:usr/bin\nR:{name}\n\n"
        )
    };
    let installed: String = packages.iter().map(stanza).collect();
    Tar::new().file("etc/os-release", EDGE).file("lib/apk/db/installed", installed)
}

/// Adds an installed Python distribution.
pub(crate) fn python(tar: Tar, root: &str, name: &str, version: &str) -> Tar {
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: MIT\n\n");
    tar.file(&format!("{root}/lib/python3.11/site-packages/{name}-{version}.dist-info/METADATA"), metadata)
}

/// Adds an installed npm package.
pub(crate) fn node(tar: Tar, root: &str, name: &str, version: &str) -> Tar {
    let manifest = json!({"name": name, "version": version, "license": "ISC"});
    tar.file(&format!("{root}/node_modules/{name}/package.json"), manifest.to_string())
}

/// The base of [`app`]: a fixable high one in openssl, an unfixed medium one in zlib, nothing in bash.
pub(crate) fn base() -> Image {
    Image::new().layer(debian(&[("openssl", "3.0.1-1"), ("zlib", "1:1.2.13"), ("bash", "5.2.15-2")]))
}

/// An image with a finding of every sort: those of [`base`], a critical and exploited one in Jinja2, a low one without a
/// fix in lodash, and a malicious npm package.
pub(crate) fn app() -> Image {
    let layer = python(Tar::new(), "srv/venv", "Jinja2", "2.10");
    let layer = node(layer, "srv/web", "lodash", "4.17.4");
    base().layer(node(layer, "srv/web", "evil-pack", "1.0.0"))
}

/// What [`feeds`] says of [`app`], in the order of work as reports list it.
pub(crate) const OF_APP: [&str; 5] = [CRITICAL_AND_EXPLOITED, "MAL-2024-1", "CVE-2024-1001", "CVE-2024-1002", "CVE-2024-4001"];

/// An image of which nothing is known.
pub(crate) fn clean() -> Image {
    Image::new().layer(debian(&[("bash", "5.2.15-2")]))
}

/// An image with a layer that is encrypted.
pub(crate) fn unread_layer(sandbox: &Sandbox, name: &str) {
    let image = clean().layer(Tar::new().file("secret", "x"));
    let mut layout = Layout::new(&sandbox.path(name));
    let config = layout.blob("application/vnd.oci.image.config.v1+json", &image.config_bytes());
    let plain = layout.blob("application/vnd.oci.image.layer.v1.tar", &image.layers[0]);
    let encrypted = layout.blob("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", b"cannot be read by anybody");
    let manifest = layout.manifest(&json!({"schemaVersion": 2, "config": config, "layers": [plain, encrypted]}));
    layout.finish(&[tagged(manifest, "latest")]);
}

/// The date `days` ago, as feeds write it.
pub(crate) fn days_ago(days: i64) -> String {
    let then = Timestamp::now() - SignedDuration::from_hours(24 * days);
    Offset::UTC.to_datetime(then).date().to_string()
}

/// Writes feeds of a date into `folder` of the sandbox.
pub(crate) fn feeds(sandbox: &Sandbox, folder: &str, date: &str) {
    let record = |id: &str, cve: &str, ecosystem: &str, name: &str, fixed: Option<&str>, level: &str| {
        let mut events = vec![json!({"introduced": "0"})];
        events.extend(fixed.map(|fixed| json!({"fixed": fixed})));
        let aliases: Vec<&str> = Some(cve).filter(|cve| !cve.is_empty()).into_iter().collect();
        json!({"id": id, "modified": format!("{date}T00:00:00Z"), "published": "2024-01-02T00:00:00Z", "aliases": aliases,
            "summary": format!("a weakness of {name}"), "database_specific": {"severity": level},
            "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}]})
    };
    let write = |ecosystem: &str, records: &[Value]| {
        sandbox.write(&format!("{folder}/osv/{ecosystem}/all.zip"), zip(records));
    };
    write(
        "Debian",
        &[
            record("DEBIAN-CVE-2024-1001", "CVE-2024-1001", "Debian:sid", "openssl", Some("3.0.11-1"), "HIGH"),
            record("DEBIAN-CVE-2024-1002", "CVE-2024-1002", "Debian:sid", "zlib", None, "MODERATE"),
        ],
    );
    write("PyPI", &[record("GHSA-aaaa-bbbb-cccc", CRITICAL_AND_EXPLOITED, "PyPI", "jinja2", Some("2.10.1"), "CRITICAL")]);
    write(
        "npm",
        &[
            record("GHSA-dddd-eeee-ffff", "CVE-2024-4001", "npm", "lodash", None, "LOW"),
            record("MAL-2024-1", "", "npm", "evil-pack", None, ""),
        ],
    );
    let secdb = |release: &str| {
        json!({"distroversion": release, "reponame": "main", "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
        "packages": [{"pkg": {"name": "busybox", "secfixes": {"1.36.1-r29": ["CVE-2024-5001"], "0": ["CVE-2024-5002"]}}}]})
    };
    for release in ["edge", "v3.9"] {
        sandbox.write(&format!("{folder}/alpine/{release}/main.json"), secdb(release).to_string());
    }
    let kev = json!({"title": "x", "catalogVersion": "1", "dateReleased": format!("{date}T00:00:00.000Z"), "count": 1,
        "vulnerabilities": [{"cveID": CRITICAL_AND_EXPLOITED, "vendorProject": "x", "product": "x", "vulnerabilityName": "a name",
            "dateAdded": "2024-02-01", "shortDescription": "", "requiredAction": "", "dueDate": "2024-03-01",
            "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": []}]});
    sandbox.write(&format!("{folder}/kev/known_exploited_vulnerabilities.json"), kev.to_string());
    sandbox.write(&format!("{folder}/README.md"), format!("| file | date |\n|---|---|\n| alpine/edge/main.json | {date} |\n"));
}

/// A sandbox with `app.tar`, `base.tar`, `clean.tar`, and a fresh `test.db`.
pub(crate) fn prepared() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("app.tar", app().docker_archive("app:1"));
    sandbox.write("base.tar", base().docker_archive("base:1"));
    sandbox.write("clean.tar", clean().docker_archive("clean:1"));
    database(&sandbox, "test.db", &days_ago(1));
    sandbox
}

/// Builds a database of [`feeds`] of a date.
pub(crate) fn database(sandbox: &Sandbox, name: &str, date: &str) {
    let folder = format!("feeds-of-{name}");
    feeds(sandbox, &folder, date);
    sandbox.run(&["db", "build", "--feeds", &folder, "-o", name]).exits(0);
}

/// A zip with one member for each record.
pub(crate) fn zip(records: &[Value]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for record in records {
        let (mut entry, config) = archive.new_file(format!("{}.json", record["id"].as_str().unwrap()).as_str()).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(record.to_string().as_bytes()).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}
