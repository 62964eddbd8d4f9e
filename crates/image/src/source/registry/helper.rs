//! Programs that keep logins: `docker-credential-NAME get`
//! (<https://github.com/docker/docker-credential-helpers#development>).

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use client::Environment;
use serde::Deserialize;

use super::credentials::{Credential, password_of};

/// Longest answer.
const MAX_ANSWER: u64 = 1 << 20;
/// Time for an answer; a helper may ask the user to unlock its store.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a helper is looked after.
const INTERVAL: Duration = Duration::from_millis(10);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    #[serde(default)]
    secret: String,
}

/// Asks the helper for a server's login; `None` where it has none. Errors are advice without secrets.
pub(super) fn get(name: &str, server: &str, environment: &Environment) -> Result<Option<Credential>, String> {
    let failed = |reason: &str| format!("docker-credential-{name}, which the logins are kept by, {reason}");
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return Err("the name of a credential helper in Docker's configuration is none".to_owned());
    }
    let mut command = Command::new(format!("docker-credential-{name}"));
    command.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some(path) = environment.get("PATH") {
        command.env("PATH", path);
    }
    let mut child = command.spawn().map_err(|error| failed(&format!("cannot be run ({})", error.kind())))?;
    if let Some(mut input) = child.stdin.take() {
        // One that does not want to know ends the pipe.
        let _ = input.write_all(server.as_bytes());
    }
    let output = child.stdout.take();
    let reader = thread::spawn(move || {
        let mut answer = Vec::new();
        output.map(|output| output.take(MAX_ANSWER).read_to_end(&mut answer));
        answer
    });
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if started.elapsed() < PATIENCE => thread::sleep(INTERVAL),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed("does not answer"));
            }
        }
    };
    let answer = reader.join().unwrap_or_default();
    if !status.success() {
        let none = String::from_utf8_lossy(&answer).contains("credentials not found");
        return if none { Ok(None) } else { Err(failed("fails")) };
    }
    let answer: Answer = serde_json::from_slice(&answer).map_err(|_| failed("answers with something else than a login"))?;
    Ok((!answer.secret.is_empty()).then(|| password_of(&answer.username, &answer.secret)))
}
