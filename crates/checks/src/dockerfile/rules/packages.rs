//! What rules about package managers share.

use parse_dockerfile::Instruction;

use crate::dockerfile::{Dockerfile, ShellCommand, Step};
use crate::rule::Hit;

/// Flags of apt whose value is the next word.
pub(super) const APT_VALUES: &[&str] =
    &["-o", "--option", "-t", "--target-release", "--default-release", "-c", "--config-file", "-a"];
/// Of apk.
pub(super) const APK_VALUES: &[&str] =
    &["-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--keys-dir", "--repositories-file", "--cache-dir"];
/// Of pip.
pub(super) const PIP_VALUES: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--platform",
    "--trusted-host",
    "--python-version",
    "--timeout",
    "--retries",
    "--proxy",
    "--cert",
    "--cache-dir",
    "--upgrade-strategy",
    "--no-binary",
    "--only-binary",
    "--src",
    "--log",
    "--progress-bar",
    "--report",
    "--config-settings",
    "-C",
];

/// Of npm.
pub(super) const NPM_VALUES: &[&str] = &[
    "--prefix",
    "-C",
    "--registry",
    "--loglevel",
    "--userconfig",
    "--globalconfig",
    "--cache",
    "-w",
    "--workspace",
    "--omit",
    "--include",
    "--only",
    "--tag",
    "--save-prefix",
    "--script-shell",
    "--install-strategy",
    "--cpu",
    "--os",
    "--libc",
    "--fetch-retries",
    "--fetch-timeout",
    "--network-timeout",
];
/// Of gem.
pub(super) const GEM_VALUES: &[&str] = &[
    "-i",
    "--install-dir",
    "-n",
    "--bindir",
    "-s",
    "--source",
    "-P",
    "--trust-policy",
    "--platform",
    "-p",
    "--http-proxy",
    "-B",
    "--bulk-threshold",
    "-g",
    "--file",
    "--build-root",
    "--document",
];
/// Of go.
pub(super) const GO_VALUES: &[&str] = &[
    "-o",
    "-ldflags",
    "-tags",
    "-gcflags",
    "-asmflags",
    "-gccgoflags",
    "-mod",
    "-modfile",
    "-overlay",
    "-p",
    "-C",
    "-exec",
    "-buildmode",
    "-buildvcs",
    "-compiler",
    "-installsuffix",
    "-pkgdir",
    "-toolexec",
    "-covermode",
    "-coverpkg",
    "-pgo",
];
/// Of yum and dnf.
const RPM_VALUES: &[&str] = &[
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--repoid",
    "--setopt",
    "--installroot",
    "--releasever",
    "-x",
    "--exclude",
    "--excludepkgs",
    "-c",
    "--config",
    "-d",
    "-e",
    "--advisory",
    "--forcearch",
];
/// Of zypper.
pub(super) const ZYPPER_VALUES: &[&str] =
    &["-r", "--repo", "--from", "-p", "--plus-repo", "-R", "--root", "-C", "--capability", "--replacefiles", "--releasever"];

/// What a command installs: its operands after one of these verbs, without the values of flags.
pub(super) fn installed<'c>(
    command: &'c ShellCommand,
    verbs: &[&str],
    values: &'static [&'static str],
) -> impl Iterator<Item = &'c str> {
    let mut words = command.arguments().iter().map(String::as_str);
    let mut found = Vec::new();
    let mut verb = false;
    while let Some(word) = words.next() {
        if word == "--" {
            // What follows is for others, but for the few that take names after it.
            break;
        } else if values.contains(&word) {
            words.next();
        } else if !verb {
            verb = verbs.contains(&word);
            // The first word that is no flag is the verb.
            if !verb && !word.starts_with('-') && word != "pip" {
                break;
            }
        } else if !word.starts_with(['-', '>', '<']) {
            found.push(word);
        }
    }
    found.into_iter()
}

/// `pip`, `pip3`, `python -m pip`.
pub(super) fn is_pip(command: &ShellCommand) -> bool {
    let program = command.program();
    let python = program.starts_with("python")
        && command.arguments().first().is_some_and(|flag| flag == "-m")
        && command.arguments().get(1).is_some_and(|module| module == "pip");
    python || (program.starts_with("pip") && program[3..].chars().all(|one| one.is_ascii_digit() || one == '.'))
}

/// Whether a RUN mounts a cache or a temporary folder at a path that ends so, or above it.
pub(super) fn mounts(step: &Step<'_>, path: &str) -> bool {
    let Instruction::Run(run) = &step.instruction else { return false };
    let mounts = run.options.iter().filter(|flag| flag.name.value == "mount").filter_map(|flag| flag.value.as_ref());
    mounts.into_iter().any(|mount| {
        let kept = mount.value.contains("type=cache") || mount.value.contains("type=tmpfs");
        kept && mount.value.split(',').any(|part| {
            let target = part.split_once('=').filter(|(key, _)| matches!(*key, "target" | "dst" | "destination"));
            target.is_some_and(|(_, target)| {
                target.trim_end_matches('/').contains(path) || path.starts_with(target.trim_end_matches('/'))
            })
        })
    })
}

/// Where a package manager installs and cleans nothing up in the same RUN.
pub(super) fn cache_left(document: &Dockerfile<'_>, program: &str, folder: &str, clean: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    for step in document.steps() {
        let of = |command: &&ShellCommand| command.program() == program;
        let verb = |command: &ShellCommand, verbs: &[&str]| command.operands().next().is_some_and(|verb| verbs.contains(&verb));
        let installs = |command: &&ShellCommand| {
            verb(command, &["install", "in", "update", "upgrade", "groupinstall", "localinstall", "reinstall", "builddep"])
                || (verb(command, &["module", "group"]) && command.operands().nth(1) == Some("install"))
        };
        let Some(install) = step.commands.iter().filter(of).find(installs) else { continue };
        let cleans = step.commands.iter().filter(of).any(|command| verb(command, &["clean", "cc"]));
        let removes = step
            .commands
            .iter()
            .any(|command| command.program() == "rm" && command.operands().any(|path| path.starts_with("/var/cache")));
        if !cleans && !removes && !mounts(step, folder) {
            let edit = step.append.as_ref().filter(|_| install.is_plain());
            hits.push(Hit::at(install.line).mended_by(edit.map(|append| append.edit(clean))));
        }
    }
    hits
}

/// Whether a RUN has a mount of a type.
pub(super) fn mounts_type(step: &Step<'_>, wanted: &str) -> bool {
    let Instruction::Run(run) = &step.instruction else { return false };
    let mounts = run.options.iter().filter(|flag| flag.name.value == "mount").filter_map(|flag| flag.value.as_ref());
    mounts.into_iter().any(|mount| mount.value.split(',').any(|part| part.strip_prefix("type=") == Some(wanted)))
}

/// Where a package manager would wait for an answer: it does one of these verbs, and none of these flags answers for it.
pub(super) fn asks(document: &Dockerfile<'_>, programs: &[&str], verbs: &[&str], flags: &[&str]) -> Vec<Hit> {
    let of = document.commands().filter(|command| programs.contains(&command.program()));
    let waits = of.filter(|command| command.operands().any(|word| verbs.contains(&word)) && !command.has_flag(flags));
    let mended = |command: &ShellCommand| {
        command.operands().find(|word| verbs.contains(word)).and_then(|verb| command.insert_after(verb, "-y"))
    };
    waits.map(|command| Hit::at(command.line).mended_by(mended(command))).collect()
}

/// Where yum or dnf installs what has no version. Files and addresses are what they are; groups have none; a variable may
/// hold one.
pub(super) fn rpm_unpinned(document: &Dockerfile<'_>, programs: &[&str]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for command in document.commands().filter(|command| programs.contains(&command.program())) {
        let module = command.operands().next() == Some("module");
        let begins = |part: &str| part.starts_with(|one: char| one.is_ascii_digit() || one == '$');
        let pinned = |name: &str| {
            if module {
                return name.contains([':', '$', '/']);
            }
            name.starts_with(['@', '$', '/', '.'])
                || name.contains("://")
                || name.ends_with(".rpm")
                || name.split('-').skip(1).any(begins)
        };
        if module && command.operands().nth(1) != Some("install") {
            continue;
        }
        let verbs: &[&str] = if module { &["module"] } else { &["install"] };
        let names = installed(command, verbs, RPM_VALUES).skip(usize::from(module)).filter(|name| !pinned(name));
        hits.extend(names.map(|name| Hit::about(command.line, name)));
    }
    hits
}
