//! `docker plimsoll …`, with Docker's own client.

use crate::command::{Sandbox, program, run};
use crate::fixture::prepared;

fn plugged(sandbox: &Sandbox) -> std::process::Command {
    let folder = sandbox.path("docker/cli-plugins");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(program(), folder.join("docker-plimsoll")).unwrap();
    let mut docker = sandbox.prepare(std::process::Command::new("docker"));
    docker.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("DOCKER_CONFIG", sandbox.path("docker"));
    docker
}

#[test]
fn docker_knows_the_plugin_and_hands_it_its_arguments() {
    if testing::tool("docker", &["--version"]).is_none() {
        return;
    }
    let sandbox = prepared();
    let help = run(plugged(&sandbox).arg("--help")).exits(0);
    assert!(help.text().contains("Stands guard over a container image"), "{}", help.text());
    std::fs::remove_dir_all(sandbox.path("docker")).unwrap();
    let scan =
        ["plimsoll", "--offline", "--cache-dir", "cache", "scan", "-q", "--db", "test.db", "app.tar", "--fail-on", "critical"];
    run(plugged(&sandbox).args(scan)).exits(1);
}
