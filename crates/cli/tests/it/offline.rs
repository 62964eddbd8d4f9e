//! `--offline` opens no socket.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::command::{Sandbox, ids, program, run};
use crate::fixture::{OF_APP, prepared};

/// Runs the program where there is no network at all, not even loopback.
fn without_network(sandbox: &Sandbox, arguments: &[&str]) -> Option<Command> {
    let probe = Command::new("unshare").args(["-rn", "true"]).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        return testing::skip("unshare with network namespaces");
    }
    let mut command = sandbox.prepare(Command::new("unshare"));
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.arg("-rn").arg(program()).args(["--cache-dir", "cache"]).args(arguments);
    Some(command)
}

#[test]
fn everything_but_fetching_works_in_an_empty_network_namespace() {
    let sandbox = prepared();
    let scan = ["--offline", "scan", "--db", "test.db", "--format", "json", "app.tar"];
    let Some(mut command) = without_network(&sandbox, &scan) else { return };
    assert_eq!(ids(&run(&mut command).exits(0).json()), OF_APP);
    for (arguments, code) in [
        (&["--offline", "scan", "--db", "test.db", "app.tar", "--fail-on", "critical"][..], 1),
        (&["--offline", "scan", "app.tar"], 0),
        (&["--offline", "sbom", "app.tar"], 0),
        (&["--offline", "db", "info", "--db", "test.db"], 0),
        (&["--offline", "db", "build", "--feeds", "feeds-of-test.db", "-o", "again.db"], 0),
        (&["--offline", "cache"], 0),
        (&["--offline", "db", "update", "--db", "new.db"], 2),
        (&["--offline", "db", "update", "--db", "new.db", "--distro", "debian:bookworm"], 2),
        (&["--offline", "scan", "registry:registry.example/app:1"], 2),
        // Not being told is no reason to hang or to fail: what cannot be brought is a warning.
        (&["scan", "app.tar"], 0),
    ] {
        let begun = Instant::now();
        let Some(mut command) = without_network(&sandbox, arguments) else { return };
        run(&mut command).exits(code);
        assert!(begun.elapsed() < Duration::from_secs(20), "{arguments:?} took {:?}", begun.elapsed());
    }
}

/// A listener that only counts who comes.
struct Watched(TcpListener);

impl Watched {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// How many came since the last time; whoever did is let go.
    fn visits(&self) -> usize {
        std::iter::from_fn(|| self.0.accept().ok()).count()
    }
}

#[test]
fn nobody_is_asked_who_must_not_be() {
    let sandbox = prepared();
    let registry = Watched::new();
    let proxy = Watched::new();
    let engine = Watched::new();
    let target = format!("registry:{}/app:1", registry.address());
    let bare = format!("{}/app:1", registry.address());
    let origin = format!("oci://{}/db:1", registry.address());
    let command = |arguments: &[&str]| {
        let mut command = sandbox.command();
        let proxy = format!("http://{}", proxy.address());
        command.env("HTTPS_PROXY", &proxy).env("HTTP_PROXY", proxy).env("DOCKER_HOST", format!("tcp://{}", engine.address()));
        command.args(["--cache-dir", "cache"]).args(arguments);
        command
    };
    for arguments in [
        &["--offline", "scan", &target][..],
        &["--offline", "scan", &bare],
        &["--offline", "scan", "docker:app:1"],
        &["--offline", "sbom", &target],
        &["--offline", "scan", "app.tar", "--base", &target],
        &["--offline", "db", "update"],
        &["--offline", "db", "update", "--distro", "debian:bookworm"],
        &["--offline", "db", "update", "--from", &origin],
    ] {
        let begun = Instant::now();
        let sentence = run(&mut command(arguments)).fails();
        assert!(begun.elapsed() < Duration::from_secs(5), "{arguments:?}");
        assert!(sentence.contains("--offline"), "{arguments:?}: {sentence}");
        assert_eq!((registry.visits(), proxy.visits(), engine.visits()), (0, 0, 0), "{arguments:?}");
    }
    // The environment and the settings say it as well as the flag.
    let mut by_environment = command(&["scan", &target]);
    assert!(run(by_environment.env("PLIMSOLL_OFFLINE", "1")).fails().contains("--offline"));
    sandbox.write("plimsoll.toml", "offline = true\n");
    assert!(run(&mut command(&["scan", &target])).fails().contains("--offline"));
    std::fs::remove_file(sandbox.path("plimsoll.toml")).unwrap();
    assert_eq!((registry.visits(), proxy.visits(), engine.visits()), (0, 0, 0));

    // The listener would have noticed.
    let mut child = command(&["scan", &target]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while registry.visits() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "without --offline the registry is asked");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A scan of a file brings no database of its own accord where it must not, and never to a place that was named.
#[test]
fn a_named_database_is_never_brought() {
    let sandbox = prepared();
    let proxy = Watched::new();
    for arguments in [
        &["scan", "--db", "missing.db", "clean.tar"][..],
        &["--offline", "scan", "clean.tar"],
        &["scan", "--update", "never", "clean.tar"],
    ] {
        let mut command = sandbox.command();
        command.env("HTTPS_PROXY", format!("http://{}", proxy.address())).args(["--cache-dir", "cache"]).args(arguments);
        let outcome = run(&mut command);
        assert_eq!(outcome.code == 2, arguments.contains(&"--db"), "{}", outcome.stderr);
        assert_eq!(proxy.visits(), 0, "{arguments:?}");
        assert!(!OsStr::new(&sandbox.cache().join("plimsoll.db")).is_empty() && !sandbox.cache().join("plimsoll.db").exists());
    }
}
