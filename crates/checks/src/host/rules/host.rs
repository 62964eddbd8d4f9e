//! 1.1.1, 1.1.2, 1.2.2: the host's disks, its users and the engine's version.

use std::path::Path;

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H001",
        aliases: &["CIS-Docker-1.1.1"],
        severity: Severity::Medium,
        title: "The engine's data is on a file system of its own",
        why: "Where images and logs fill the disk, nothing else on the host can write.",
        fix: "Mount a file system at the folder that is shown, or move the data with `data-root`.",
        link: "https://docs.docker.com/engine/daemon/#daemon-data-directory",
        check: partition,
        bad: r#"{"engine":{"known":{"root_dir":"/var/lib/docker"}},"mounts":{"known":{"/":"8:1","/var/lib/docker":"8:1"}}}"#,
        good: r#"{"engine":{"known":{"root_dir":"/var/lib/docker"}},"mounts":{"known":{"/":"8:1","/var/lib/docker":"8:2"}}}"#,
    },
    Rule {
        id: "PLM-H002",
        aliases: &["CIS-Docker-1.1.2"],
        severity: Severity::High,
        title: "Only trusted users are in the group docker",
        why: "Each of them is root on this host: they start a container with all of it inside.",
        fix: "Take out whoever has no need, as in `gpasswd --delete USER docker`.",
        link: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
        check: users,
        bad: "",
        good: r#"{"docker_group":{"known":[]}}"#,
    },
    Rule {
        id: "PLM-H020",
        aliases: &["CIS-Docker-1.2.2"],
        severity: Severity::Medium,
        title: "The engine is up to date",
        why: "Old engines have weaknesses that everybody can look up.",
        fix: "Update it from where it came from.",
        link: "https://docs.docker.com/engine/release-notes/",
        check: version,
        bad: "",
        good: "",
    },
];

fn partition(facts: &Facts) -> Told {
    let engine = facts.asked()?;
    let root = engine.root_dir.as_deref().ok_or("the engine does not say where its data is")?;
    if engine.has_option("rootless") == Some(true) {
        return Ok(Verdict::not_applicable("the engine is rootless, and its data is in a home"));
    }
    // Where users are mapped, the data of each mapping is in a folder of the data.
    let mapped = engine.has_option("userns") == Some(true);
    let folder = Path::new(root).parent().filter(|_| mapped).and_then(Path::to_str).unwrap_or(root);
    let mounts = facts.mounts.get().map_err(|why| format!("the mounted file systems are not known: {why}"))?;
    // The engine mounts its data onto itself where it needs to; that is no other file system.
    let device = |path: &Path| path.ancestors().find_map(|path| mounts.get(path.to_str()?));
    let above = Path::new(folder).parent().and_then(device);
    let own = mounts.get(folder).is_some_and(|device| Some(device) != above);
    let evidence = if own { "is a file system of its own" } else { "is on the file system of others" };
    Ok(Verdict::pass_if(own, format!("{folder} {evidence}")).on([folder]))
}

fn users(facts: &Facts) -> Told {
    let members = facts.docker_group.get().map_err(|why| format!("the groups of the host could not be read: {why}"))?;
    Ok(match members.as_deref() {
        None => Verdict::pass("there is no group docker"),
        Some([]) => Verdict::pass("nobody is in the group docker"),
        Some(names) => Verdict::manual("whether these are to be root has to be decided").on(names),
    })
}

fn version(facts: &Facts) -> Told {
    let version = facts.asked()?.version.as_deref().ok_or("the engine does not say its version")?;
    Ok(Verdict::manual(format!("it is version {version}; whether that is maintained, its vendor tells")))
}
