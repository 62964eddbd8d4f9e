//! Whatever the text, names are read or refused, and what was read is written in a way that is read again.

use model::digest::Digest;
use model::platform::Platform;
use model::purl;
use model::reference::Reference;
use testing::mutate;

const SEEDS: [&[u8]; 8] = [
    b"registry.example.org:5000/team/app:1.2.3@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    b"debian",
    b"localhost/a/b/c:latest",
    b"[::1]:5000/a",
    b"linux/arm64/v8",
    b"pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64&distro=debian-12",
    b"pkg:golang/github.com/a/b@v1.2.3#c/d",
    b"pkg:npm/%40scope/name@1.0.0",
];

#[test]
fn damaged_names() {
    mutate::each(&SEEDS, 2000, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(reference) = text.parse::<Reference>() {
            let written = reference.to_string();
            assert_eq!(written.parse::<Reference>().ok(), Some(reference), "{text} was written as {written}");
        }
        if let Ok(platform) = text.parse::<Platform>() {
            let written = platform.to_string();
            assert_eq!(written.parse::<Platform>().ok(), Some(platform), "{text} was written as {written}");
        }
        if let Ok(digest) = text.parse::<Digest>() {
            assert_eq!(digest.to_string(), text);
        }
        if let Some(package) = purl::parse(&text) {
            let written = purl::of(&package, None);
            assert!(purl::parse(&written).is_some(), "{text} was written as {written}");
        }
    });
}
