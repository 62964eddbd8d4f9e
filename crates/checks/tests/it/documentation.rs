//! `docs/checks.md` is made of the rules: `PLIMSOLL_TEST_WRITE_DOCS=1` writes it anew.

use std::fmt::Write as _;

use checks::dockerfile::{Mended, mend};
use checks::{Rule, compose, dockerfile, host, image_config, kubernetes};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/checks.md");

const HEAD: &str = "# Checks

What `plimsoll check` looks for. Dockerfiles are told by their names, manifests of Kubernetes and Compose files by what is in
them, in YAML as in JSON; standard input (`-`) by what it brings.

A comment takes a rule out, by our id or that of another tool. In a Dockerfile, for the instruction below it
(`# plimsoll ignore=PLM-D008`, `# hadolint ignore=DL3008`) or for the whole file (`# plimsoll global ignore=PLM-D008`).
In YAML, for its own line or the one below with all that is nested in it (`# plimsoll ignore=PLM-K001`,
`# trivy:ignore:KSV-0017`), above the first line of a document for that document, and with `global` for the whole file.

How the rules for Dockerfiles agree with those of hadolint and Trivy, and which of theirs we leave out, is in
[agreement.md](agreement.md). ShellCheck's own rules are left to ShellCheck.
";

const COMPOSE: &str = "
## Compose

A service is looked at with everything put in that its file says: anchors, `<<`, and what it extends. Of a variable the default
counts (`${TAG:-latest}`); without one it is unknown, and no rule speaks. Where a part of a service is in another file, or it
names neither `image` nor `build`, no rule says that something is missing. Numbers are those of the CIS Docker Benchmark.
";

const KUBERNETES: &str = "
## Kubernetes

Every document of a file is read by itself, so that one that is wrong takes no other with it. Whatever makes pods is looked
at as the pod it makes. Templates are no manifests: render a chart first (`helm template … | plimsoll check -`), and build a
kustomization (`kubectl kustomize … | plimsoll check -`). A file may have 32 MB, a document a million values.

For every workload, the report says which [Pod Security Standard](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
it meets, as of Kubernetes 1.34, and which controls stand against the next. Rules that are part of a control say so as
`PSS:baseline` or `PSS:restricted`; comments that take a rule out change no level.
";

const IMAGE: &str = "
## Images

What `plimsoll scan --only misconfig IMAGE` looks for: in the configuration, in the history, which every builder writes in its own
way, and in the names and modes of the files of every layer. Each finding names the step of the history that it came from. A root
file system has no configuration, so of it the files alone are told. `CIS-DI-…`, `DKL-…` are Dockle's ids; numbers are those of the
CIS Docker Benchmark. What a package manager left is looked for in the layers, so that no habit of writing commands is taken for
it. Files of each kind are named up to a thousand a layer. The examples are facts of an image.
";

fn rules<C>(out: &mut String, language: &str, rules: &[&Rule<C>]) {
    for rule in rules {
        let aliases = if rule.aliases.is_empty() { String::new() } else { format!(" · {}", rule.aliases.join(", ")) };
        // Of other documents there is nothing to mend.
        let silent = |mended: &Mended| mended.edits > 0 && mended.left.hits.iter().all(|(id, _)| *id != rule.id);
        let fixed = if mend(rule.bad).is_ok_and(|mended| silent(&mended)) { " · `--fix` mends it" } else { "" };
        let _ = writeln!(out, "\n### {} {}\n\n{}{aliases}{fixed}\n", rule.id, rule.title, rule.severity);
        let _ = writeln!(out, "{} {} ([more]({}))\n", rule.why, rule.fix, rule.link);
        let sign = if language == "jsonc" { "//" } else { "#" };
        let _ = writeln!(out, "```{language}\n{sign} bad\n{}```\n\n```{language}\n{sign} good\n{}```", rule.bad, rule.good);
    }
}

fn page() -> String {
    let mut out = HEAD.to_owned();
    out += "\n## Dockerfile\n";
    rules(&mut out, "dockerfile", dockerfile::rules::ALL);
    out += COMPOSE;
    rules(&mut out, "yaml", compose::rules::ALL);
    out += KUBERNETES;
    rules(&mut out, "yaml", kubernetes::rules::ALL);
    out += IMAGE;
    rules(&mut out, "jsonc", image_config::rules::ALL);
    out.push_str(HOST);
    let mut section = "";
    for rule in host::rules::ALL.iter() {
        let number = host::number(rule);
        if section != host::section(number) {
            section = host::section(number);
            let _ = writeln!(out, "\n### {} {section}", number.split('.').next().unwrap_or_default());
        }
        let _ = writeln!(out, "\n#### {} {}\n\n{} · {}\n", rule.id, rule.title, rule.severity, rule.aliases.join(", "));
        let _ = writeln!(out, "{} {} ([more]({}))", rule.why, rule.fix, rule.link);
        let examples = [("bad", rule.bad), ("good", rule.good)].into_iter().filter(|(_, example)| !example.is_empty());
        let examples: Vec<String> = examples.map(|(word, example)| format!("// {word}\n{example}\n")).collect();
        if examples.is_empty() {
            out.push_str("\nOnly a person can tell.\n");
        } else {
            let _ = writeln!(out, "\n```jsonc\n{}```", examples.concat());
        }
    }
    out
}

const HOST: &str = "\n## Docker host\n\nWhat `plimsoll host check` looks for, by the CIS Docker Benchmark; [how](host-check.md). The \
                    examples are facts of a host.\n";

#[test]
fn the_page_is_current() {
    let page = page();
    if std::env::var_os("PLIMSOLL_TEST_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(PAGE).parent().unwrap()).unwrap();
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == page, "docs/checks.md is not what the rules say; run this test with PLIMSOLL_TEST_WRITE_DOCS=1");
}
