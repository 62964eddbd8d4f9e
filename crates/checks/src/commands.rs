//! What commands of a build do, whether a Dockerfile or an image's history tells of them.

use crate::dockerfile::ShellCommand;

/// Commands that fetch what the next one runs.
pub(crate) fn fetched_and_run(commands: &[ShellCommand]) -> impl Iterator<Item = &ShellCommand> {
    let pairs = commands.windows(2).filter(|pair| {
        let fetches = pair[0].piped && matches!(pair[0].program(), "curl" | "wget");
        let runs = ["sh", "bash", "ash", "dash", "zsh", "python", "python3", "perl", "ruby", "node"];
        fetches && runs.contains(&pair[1].program())
    });
    pairs.map(|pair| &pair[0])
}

/// Whether a command is given to `sudo`.
pub(crate) fn is_sudo(command: &ShellCommand) -> bool {
    command.words.iter().find(|word| !word.contains('=')).is_some_and(|word| word == "sudo")
}

/// Whether a command upgrades the whole distribution.
pub(crate) fn upgrades_distribution(command: &ShellCommand) -> bool {
    let verb = command.operands().next().unwrap_or_default();
    match command.program() {
        "apt-get" | "apt" => matches!(verb, "dist-upgrade" | "full-upgrade"),
        "zypper" => matches!(verb, "dist-upgrade" | "dup"),
        _ => false,
    }
}

/// The command that brings packages or their lists up to date, where no other of the same RUN uses them.
pub(crate) fn updates_alone(commands: &[ShellCommand]) -> Option<&ShellCommand> {
    let is = |command: &ShellCommand, verbs: &[&str]| {
        matches!(command.program(), "apt-get" | "apt" | "apk" | "yum" | "dnf" | "zypper")
            && command.operands().next().is_some_and(|verb| verbs.contains(&verb))
    };
    let updates = |command: &&ShellCommand| is(command, &["update"]) || (command.program() == "zypper" && is(command, &["up"]));
    let update = commands.iter().find(updates)?;
    let uses = [
        "install",
        "in",
        "add",
        "upgrade",
        "dist-upgrade",
        "full-upgrade",
        "build-dep",
        "builddep",
        "source",
        "download",
        "satisfy",
        "groupinstall",
        "localinstall",
        "reinstall",
        "source-install",
        "module",
        "group",
    ];
    // A program that installs further packages by itself may be any.
    commands.iter().all(|command| !is(command, &uses) && !command.program().contains('.')).then_some(update)
}
