//! Flag, then environment, then ./plimsoll.toml, then the user's file.

use std::process::Command;

use crate::command::{Outcome, Sandbox, run};
use crate::fixture::prepared;

/// `cache` says which folder it is about: a setting whose effect is seen at once.
fn cache_folder(command: &mut Command) -> String {
    let outcome = run(command.arg("cache")).exits(0);
    outcome.text().lines().find_map(|line| line.strip_prefix("folder  ")).unwrap().to_owned()
}

#[test]
fn the_nearer_setting_wins() {
    let sandbox = Sandbox::new();
    assert_eq!(cache_folder(&mut sandbox.command()), sandbox.home().join(".cache/plimsoll").display().to_string());
    assert_eq!(cache_folder(sandbox.command().env("XDG_CACHE_HOME", "/x")), "/x/plimsoll");

    let user = sandbox.home().join(".config/plimsoll");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(user.join("plimsoll.toml"), "cache-dir = \"of-user\"\noffline = true\n").unwrap();
    assert_eq!(cache_folder(&mut sandbox.command()), "of-user");

    std::fs::create_dir_all(sandbox.path("xdg/plimsoll")).unwrap();
    sandbox.write("xdg/plimsoll/plimsoll.toml", "cache-dir = \"of-xdg\"\n");
    assert_eq!(cache_folder(sandbox.command().env("XDG_CONFIG_HOME", sandbox.path("xdg"))), "of-xdg");

    sandbox.write("plimsoll.toml", "cache-dir = \"of-folder\"\n");
    assert_eq!(cache_folder(&mut sandbox.command()), "of-folder");
    assert_eq!(cache_folder(sandbox.command().env("PLIMSOLL_CACHE_DIR", "of-environment")), "of-environment");
    let mut flag = sandbox.command();
    flag.env("PLIMSOLL_CACHE_DIR", "of-environment").args(["--cache-dir", "of-flag"]);
    assert_eq!(cache_folder(&mut flag), "of-flag");

    // --config stands in the place of both files; the environment may name it.
    sandbox.write("other.toml", "cache-dir = \"of-other\"\n");
    assert_eq!(cache_folder(sandbox.command().args(["--config", "other.toml"])), "of-other");
    assert_eq!(cache_folder(sandbox.command().arg("--config=other.toml")), "of-other");
    assert_eq!(cache_folder(sandbox.command().env("PLIMSOLL_CONFIG", "other.toml")), "of-other");
}

#[test]
fn settings_of_one_verb_and_lists() {
    let sandbox = prepared();
    let scan = |sandbox: &Sandbox, variables: &[(&str, &str)], arguments: &[&str]| -> Outcome {
        let mut command = sandbox.offline(&["scan", "-q", "--format", "json", "--db", "test.db", "app.tar"]);
        run(command.args(arguments).envs(variables.iter().copied()))
    };
    scan(&sandbox, &[], &[]).exits(0);
    sandbox.write("plimsoll.toml", "[scan]\nfail-on = [\"unrated\", \"critical\"]\n");
    let denied = scan(&sandbox, &[], &[]).exits(1).json();
    assert_eq!(denied["decision"]["policy"], "fail-on unrated or critical");
    scan(&sandbox, &[("PLIMSOLL_FAIL_ON", "unrated")], &[]).exits(0);
    scan(&sandbox, &[("PLIMSOLL_FAIL_ON", "critical")], &["--fail-on", "unrated"]).exits(0);

    // Filters by the environment, a switch by any usual word.
    for (word, hidden) in [("1", 3), ("true", 3), ("yes", 3), ("0", 0), ("false", 0), ("", 0)] {
        let report = scan(&sandbox, &[("PLIMSOLL_IGNORE_UNFIXED", word)], &["--fail-on", "unrated"]).exits(0).json();
        assert_eq!(report["summary"]["hidden_by_filters"], hidden, "{word}");
    }
    let report = scan(&sandbox, &[("PLIMSOLL_SEVERITY", "high,medium")], &["--fail-on", "unrated"]).exits(0).json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
    // A setting of another verb is none of this one's.
    sandbox.write("plimsoll.toml", "[sbom]\nformat = \"table\"\n");
    scan(&sandbox, &[], &[]).exits(0).json();
}

#[test]
fn a_bad_settings_file_is_an_error_that_names_it() {
    let sandbox = prepared();
    for (text, words) in [
        ("offline = \n", "line 1"),
        ("\n\noffline = true\noffline = true\n", "plimsoll.toml, line"),
        ("frob = true\n", "`frob` is no setting"),
        ("[frob]\nx = 1\n", "`[frob]` is no verb"),
        ("offline = 1.5\n", "`offline` must be"),
        ("[scan]\ncache_dir = \"x\"\n", "`cache_dir` is no setting"),
        ("[feeds]\nkev = 3\n", "feeds.kev"),
    ] {
        sandbox.write("plimsoll.toml", text);
        // The feeds' addresses are looked at by those who fetch.
        let verb = if text.contains("feeds") { &["db", "update"][..] } else { &["scan", "app.tar"] };
        let sentence = run(sandbox.command().args(verb)).fails();
        assert!(sentence.starts_with("plimsoll.toml") && sentence.contains(words), "{text}: {sentence}");
    }
    let sentence = run(sandbox.command().args(["--config", "missing.toml", "cache"])).fails();
    assert!(sentence.contains("missing.toml does not exist"), "{sentence}");
    // A value that the flag would not take.
    sandbox.write("plimsoll.toml", "[scan]\nfail-on = \"sometimes\"\n");
    let outcome = run(sandbox.command().args(["scan", "app.tar"])).exits(2);
    assert!(outcome.stderr.contains("sometimes"), "{}", outcome.stderr);
}

/// Colours are for terminals: `script` makes one.
#[test]
fn colours_are_for_terminals_that_want_them() {
    let Some(_) = testing::tool("script", &["--version"]) else { return };
    let sandbox = prepared();
    let line = |flags: &str| {
        let program = crate::command::program().display();
        format!("{program} --offline --cache-dir cache -q {flags} scan --db test.db app.tar")
    };
    let on_terminal = |flags: &str, variables: &[(&str, &str)]| {
        let mut script = sandbox.prepare(Command::new("script"));
        script.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TERM", "xterm");
        script.args(["-qec", &line(flags), "/dev/null"]).envs(variables.iter().copied());
        run(&mut script).exits(0)
    };
    let coloured = |outcome: &Outcome| outcome.stdout.windows(2).any(|bytes| bytes == b"\x1b[");
    assert!(coloured(&on_terminal("", &[])));
    assert!(!coloured(&on_terminal("", &[("NO_COLOR", "1")])));
    assert!(coloured(&on_terminal("", &[("NO_COLOR", "")])), "an empty NO_COLOR says nothing");
    assert!(!coloured(&on_terminal("--no-color", &[])));
    assert!(!coloured(&sandbox.run(&["scan", "--db", "test.db", "app.tar"])));
}
