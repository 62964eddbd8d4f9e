//! What pipelines run, run as they run it: the step of the GitHub action, the job of the GitLab template and the hook of
//! pre-commit, with the environment that their runners set.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{Outcome, Sandbox, program, run};
use crate::fixture::{OF_APP, prepared};

fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn digest() -> String {
    testing::image::sha256(&std::fs::read(program()).unwrap()).trim_start_matches("sha256:").to_owned()
}

/// A file of YAML, read by what every runner has.
fn yaml(path: &Path) -> Option<Value> {
    let code = "import json,sys,yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)";
    let interpreter =
        std::env::var_os("PLIMSOLL_VALIDATORS").map_or_else(|| "python3".into(), |folder| Path::new(&folder).join("bin/python3"));
    let output = Command::new(&interpreter).args(["-c", code]).arg(path).output();
    match output {
        Ok(output) if output.status.success() => Some(serde_json::from_slice(&output.stdout).unwrap()),
        _ => testing::skip("python3 with yaml"),
    }
}

/// The action's step: its inputs reach it as its `env` says, no other way.
fn action(sandbox: &Sandbox, inputs: &[(&str, &str)]) -> Option<(Outcome, String, String)> {
    let action = yaml(&repository("action.yml"))?;
    let step = &action["runs"]["steps"][0];
    for name in ["temp", "output", "summary"] {
        let _ = std::fs::remove_dir_all(sandbox.path(name));
        let _ = std::fs::remove_file(sandbox.path(name));
    }
    std::fs::create_dir(sandbox.path("temp")).unwrap();
    let mut runner = sandbox.prepare(Command::new("bash"));
    runner.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"].as_str().unwrap()]);
    runner
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("GITHUB_ACTIONS", "true")
        .env("CI", "true")
        .env("GITHUB_ACTION_PATH", repository(""))
        .env("GITHUB_OUTPUT", sandbox.path("output"))
        .env("GITHUB_STEP_SUMMARY", sandbox.path("summary"))
        .env("RUNNER_TEMP", sandbox.path("temp"))
        .env("PLIMSOLL_OFFLINE", "1")
        .env("PLIMSOLL_DB", sandbox.path("test.db"));
    for (name, expression) in step["env"].as_object().unwrap() {
        let input = expression.as_str().unwrap().trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        let default = action["inputs"][input]["default"].as_str().unwrap_or_default();
        let value = inputs.iter().find(|(name, _)| *name == input).map_or(default, |(_, value)| value);
        runner.env(name, value);
    }
    let outcome = run(&mut runner);
    let read = |name: &str| std::fs::read_to_string(sandbox.path(name)).unwrap_or_default();
    let (output, summary) = (read("output"), read("summary"));
    Some((outcome, output, summary))
}

#[test]
fn the_action_runs_the_pinned_program_and_no_other() {
    let sandbox = prepared();
    let url = format!("file://{}", program().display());
    let digest = digest();
    let pinned = [("target", "app.tar"), ("url", &url), ("sha256", &digest)];
    let Some((outcome, output, summary)) = action(&sandbox, &pinned) else { return };
    let outcome = outcome.exits(1);
    assert!(
        outcome.text().contains("::error title=CVE-2024-3001 in jinja2 (critical%2C known exploited)::"),
        "{}",
        outcome.text()
    );
    assert!(summary.starts_with("### Plimsoll: deny"), "{summary}");
    let report = output.lines().find_map(|line| line.strip_prefix("json=")).unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    assert_eq!(crate::command::ids(&report), OF_APP);

    // Terms and arguments stand one a line, and nothing in them is code.
    let more =
        [("fail-on", "malicious\nrisk>=99.9"), ("arguments", "--severity\nlow\n--skip-dirs\n$(touch owned);`touch owned`")];
    let (outcome, ..) = action(&sandbox, &[&pinned[..], &more].concat()).unwrap();
    outcome.exits(1);
    assert!(!sandbox.path("owned").exists());
    let (outcome, ..) = action(&sandbox, &[&pinned[..], &[("fail-on", "")]].concat()).unwrap();
    outcome.exits(0);

    let other = "0".repeat(64);
    for (url, digest, words) in [
        (url.as_str(), other.as_str(), "has another digest"),
        (&url, "latest", "64 hexadecimal digits"),
        (&url, "", "64 hexadecimal digits"),
        ("http://127.0.0.1:9/plimsoll", &digest, "must begin with https://"),
        ("file:///nowhere/plimsoll", &digest, "could not be fetched"),
    ] {
        let (outcome, _, summary) = action(&sandbox, &[("target", "app.tar"), ("url", url), ("sha256", digest)]).unwrap();
        let outcome = outcome.exits(2);
        assert!(outcome.text().contains(words), "{}", outcome.text());
        assert_eq!(summary, "", "nothing ran");
    }
}

#[test]
fn the_action_asks_for_nothing_but_its_inputs() {
    let text = std::fs::read_to_string(repository("action.yml")).unwrap();
    for word in ["github.token", "secrets.", "uses:"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(
        !text.lines().any(|line| line.trim_start().starts_with("run:") && line.contains("${{")),
        "an input would be read as code"
    );
}

#[test]
fn the_gitlab_job_leaves_its_reports() {
    let sandbox = prepared();
    let Some(template) = yaml(&repository("integrations/gitlab/plimsoll.gitlab-ci.yml")) else { return };
    let job = &template["plimsoll"];
    let script: Vec<&str> = job["script"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let gitlab = |digest: &str| {
        let mut runner = sandbox.prepare(Command::new("bash"));
        runner.args(["-eo", "pipefail", "-c", &script.join("\n")]);
        runner
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("CI", "true")
            .env("GITLAB_CI", "true")
            .env("PLIMSOLL_URL", format!("file://{}", program().display()))
            .env("PLIMSOLL_SHA256", digest)
            .env("PLIMSOLL_TARGET", "app.tar")
            .env("PLIMSOLL_ARGUMENTS", job["variables"]["PLIMSOLL_ARGUMENTS"].as_str().unwrap())
            .env("PLIMSOLL_OFFLINE", "1")
            .env("PLIMSOLL_DB", sandbox.path("test.db"));
        run(&mut runner)
    };
    gitlab(&digest()).exits(1);
    for (name, report) in job["artifacts"]["reports"].as_object().unwrap() {
        let content = String::from_utf8(sandbox.read(report.as_str().unwrap())).unwrap();
        assert!(content.contains("CVE-2024-3001"), "{name}");
    }
    std::fs::remove_file(sandbox.path("plimsoll")).unwrap();
    assert_ne!(gitlab(&"0".repeat(64)).code, 0);
}

#[test]
fn the_hook_refuses_a_commit() {
    let sandbox = prepared();
    let Some(hooks) = yaml(&repository(".pre-commit-hooks.yaml")) else { return };
    let entry = hooks[0]["entry"].as_str().unwrap();
    std::fs::create_dir(sandbox.path("bin")).unwrap();
    symlink(program(), sandbox.path("bin/plimsoll")).unwrap();
    let hook = |lock: &str| {
        sandbox.write("tree/package-lock.json", lock);
        let mut runner = sandbox.prepare(Command::new("bash"));
        runner.current_dir(sandbox.path("tree")).args(["-c", entry]);
        let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        runner.env("PATH", path).env("PLIMSOLL_OFFLINE", "1").env("PLIMSOLL_DB", sandbox.path("test.db"));
        run(&mut runner).code
    };
    let lock = |name: &str| format!(r#"{{"lockfileVersion": 3, "packages": {{"node_modules/{name}": {{"version": "1.0.0"}}}}}}"#);
    assert_eq!(hook(&lock("evil-pack")), 1);
    assert_eq!(hook(&lock("left-pad")), 0);
}
