//! Images of a real Docker Engine, started for the test with folders and a socket of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use testing::engine::Engine;
use testing::image::Image;
use testing::server::{Reply, Server};
use testing::tar::Tar;

use crate::common::{images, walk_image};
use crate::registry::lab::with;
use crate::registry::stored::Stored;

fn archive(folder: &Path) -> PathBuf {
    let image = Image::new()
        .layer(Tar::new().file("etc/name", "below").file("etc/kept", "kept"))
        .layer(Tar::new().file("etc/name", "above"));
    let path = folder.join("app.tar");
    std::fs::write(&path, image.docker_archive("lab/app:1")).unwrap();
    path
}

#[test]
fn images_of_a_real_engine() {
    let Some(engine) = Engine::start() else { return };
    engine.run(&["load", "-q", "-i", archive(engine.folder()).to_str().unwrap()]);
    let host = engine.host();
    let options = with([("DOCKER_HOST", &host)]);
    let id = engine.run(&["image", "inspect", "-f", "{{.Id}}", "lab/app:1"]);
    let short = id.trim_start_matches("sha256:")[..12].to_owned();
    for target in ["docker:lab/app:1".to_owned(), "lab/app:1".to_owned(), format!("docker:{short}"), format!("docker:{id}")] {
        let (images, notes) = images(&target, &options).unwrap();
        let info = &images[0].info;
        assert_eq!((images.len(), &info.source[..], info.config_digest.unwrap().to_string()), (1, "docker", id.clone()));
        assert_eq!(info.reference, target.trim_start_matches("docker:"));
        assert_eq!((info.digest, notes), (None, Vec::<String>::new()));
        let layers = walk_image(&images[0]);
        assert_eq!(layers[0].get("etc/kept").content.as_deref(), Some(&b"kept"[..]));
        assert_eq!(layers[1].get("etc/name").content.as_deref(), Some(&b"above"[..]));
    }

    let error = images("docker:lab/no:1", &options).unwrap_err().to_string();
    assert!(error.contains("lab/no:1: the local engine does not have it") && !error.contains('\n'), "{error}");
    let mut other = with([("DOCKER_HOST", &host)]);
    other.platform = image::PlatformChoice::One("linux/arm64".parse().unwrap());
    assert!(images("docker:lab/app:1", &other).unwrap_err().to_string().contains("linux/amd64"));

    // What the engine does not have is looked for at its registry, and the report says so.
    let stored = Stored::new();
    let digest = stored.digest.clone();
    let server = Server::start(move |asked| stored.answer(asked));
    let reference = format!("{}/app:1", server.host);
    assert_eq!(images(&reference, &options).unwrap().0[0].info.source, "registry");

    // Once it is pulled, the engine has it, and knows its digest.
    engine.run(&["pull", "-q", &reference]);
    let info = images(&reference, &options).unwrap().0[0].info.clone();
    assert_eq!((&info.source[..], info.digest.unwrap().to_string()), ("docker", digest));
}

#[test]
fn without_an_engine() {
    let options = with([("DOCKER_HOST", "unix:///nowhere/docker.sock")]);
    let error = images("docker:app:1", &options).unwrap_err().to_string();
    assert!(
        error.contains("app:1: the local Docker engine could not be asked") && error.contains("/nowhere/docker.sock"),
        "{error}"
    );
    let stored = Stored::new();
    let server = Server::start(move |asked| stored.answer(asked));
    let (found, notes) = images(&format!("{}/app:1", server.host), &options).unwrap();
    assert_eq!(found[0].info.source, "registry");
    assert!(notes.iter().any(|note| note.contains("could not be asked")), "{notes:?}");

    // One that never answers.
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let host = format!("unix://{}", socket.display());
    let mut options = with([("DOCKER_HOST", &host)]);
    options.client.timeout = Some(Duration::from_millis(300));
    let started = Instant::now();
    let error = images("docker:app:1", &options).unwrap_err().to_string();
    assert!(error.contains("it does not answer") && started.elapsed() < Duration::from_secs(5), "{error}");

    // An engine that answers with nonsense is not taken for one.
    let server = Server::start(|_| Reply::ok("<html>"));
    let host = format!("tcp://{}", server.host);
    let error = images("docker:app:1", &with([("DOCKER_HOST", &host)])).unwrap_err().to_string();
    assert!(error.contains("could not be asked"), "{error}");
    let mut offline = with([("DOCKER_HOST", &host)]);
    offline.client.offline = true;
    let asked = server.asked().len();
    assert!(images("docker:app:1", &offline).unwrap_err().to_string().contains("--offline"));
    assert_eq!(server.asked().len(), asked);
}
