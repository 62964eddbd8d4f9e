//! Section 7: the swarm, where there is one.

use model::severity::Severity;

use crate::host::facts::{Engine, Swarm};
use crate::host::{Facts, Rule, Told, Verdict, count};

const LINK: &str = "https://docs.docker.com/engine/swarm/admin_guide/";
const ACTIVE: &str = r#"{"engine":{"known":{"swarm":{"state":"inactive"}}}}"#;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H109",
        aliases: &["CIS-Docker-7.1"],
        severity: Severity::Low,
        title: "The swarm has as few managers as it needs, and an odd number",
        why: "Each manager rules the whole swarm; an even number bears no more failures than one less.",
        fix: "Have 1, 3, 5 or 7: `docker node demote NODE`.",
        link: LINK,
        check: |facts| {
            manager(facts, |swarm| {
                let managers = swarm.managers?;
                Some(Verdict::pass_if(managers <= 7 && managers % 2 == 1, count(managers as usize, "manager")))
            })
        },
        bad: r#"{"engine":{"known":{"swarm":{"state":"active","managers":2}}}}"#,
        good: r#"{"engine":{"known":{"swarm":{"state":"active","managers":3}}}}"#,
    },
    Rule {
        id: "PLM-H110",
        aliases: &["CIS-Docker-7.2"],
        severity: Severity::Medium,
        title: "The swarm's managers listen at one address",
        why: "At every address the swarm can be joined and ruled from every network that the host is on.",
        fix: "Make the swarm with `docker swarm init --listen-addr ADDRESS:2377`.",
        link: "https://docs.docker.com/reference/cli/docker/swarm/init/#listen-addr",
        check: listeners,
        bad: r#"{"engine":{"known":{"swarm":{"state":"active"}}},"swarm_listeners":{"known":["0.0.0.0"]}}"#,
        good: r#"{"engine":{"known":{"swarm":{"state":"active"}}},"swarm_listeners":{"known":["10.0.0.1"]}}"#,
    },
    Rule {
        id: "PLM-H111",
        aliases: &["CIS-Docker-7.3"],
        severity: Severity::Medium,
        title: "What containers say to each other between hosts is encrypted",
        why: "An overlay network sends it in the clear, over whatever lies between the hosts.",
        fix: "Make the network with `docker network create --driver overlay --opt encrypted NAME`.",
        link: "https://docs.docker.com/engine/network/drivers/overlay/#encryption",
        check: overlays,
        bad: r#"{"engine":{"known":{"swarm":{"state":"active"},"networks":[{"name":"front","driver":"overlay"}]}}}"#,
        good: r#"{"engine":{"known":{"swarm":{"state":"active"},"networks":[{"name":"front","driver":"overlay","options":{"encrypted":""}}]}}}"#,
    },
    Rule {
        id: "PLM-H112",
        aliases: &["CIS-Docker-7.4"],
        severity: Severity::Medium,
        title: "Secrets of services are kept by the swarm",
        why: "In variables and files of images they can be read by whoever sees the service.",
        fix: "Keep them with `docker secret create`, and give them with `--secret`.",
        link: "https://docs.docker.com/engine/swarm/secrets/",
        check: |facts| {
            manager(facts, |swarm| {
                Some(match swarm.secrets? {
                    0 => Verdict::manual("the swarm keeps no secret; whether services need one has to be looked up"),
                    kept => Verdict::pass(format!("the swarm keeps {}", count(kept as usize, "secret"))),
                })
            })
        },
        bad: "",
        good: r#"{"engine":{"known":{"swarm":{"state":"active","secrets":2}}}}"#,
    },
    Rule {
        id: "PLM-H113",
        aliases: &["CIS-Docker-7.5"],
        severity: Severity::Medium,
        title: "Managers start locked",
        why: "Whoever has the disk of a manager has the keys of the swarm.",
        fix: "Run `docker swarm update --autolock`, and keep the key elsewhere.",
        link: "https://docs.docker.com/engine/swarm/swarm_manager_locking/",
        check: |facts| {
            manager(facts, |swarm| {
                let locked = swarm.auto_lock?;
                Some(Verdict::pass_if(locked, format!("autolock is {}", if locked { "on" } else { "off" })))
            })
        },
        bad: r#"{"engine":{"known":{"swarm":{"state":"active","auto_lock":false}}}}"#,
        good: r#"{"engine":{"known":{"swarm":{"state":"active","auto_lock":true}}}}"#,
    },
    Rule {
        id: "PLM-H114",
        aliases: &["CIS-Docker-7.6"],
        severity: Severity::Low,
        title: "The key that unlocks managers is changed from time to time",
        why: "Nobody knows who has seen it.",
        fix: "Run `docker swarm unlock-key --rotate`.",
        link: "https://docs.docker.com/engine/swarm/swarm_manager_locking/#rotate-the-unlock-key",
        check: |facts| by_people(facts, "when it was changed last, your records tell"),
        bad: "",
        good: ACTIVE,
    },
    Rule {
        id: "PLM-H115",
        aliases: &["CIS-Docker-7.7"],
        severity: Severity::Low,
        title: "Certificates of nodes are changed as often as is fitting",
        why: "One that was taken is good until it ends.",
        fix: "Run `docker swarm update --cert-expiry 720h`.",
        link: "https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/",
        check: |facts| {
            manager(facts, |swarm| {
                let days = swarm.certificate_seconds? / 86_400;
                Some(Verdict::manual(format!(
                    "they are valid for {}; whether that is fitting has to be decided",
                    count(days as usize, "day")
                )))
            })
        },
        bad: "",
        good: ACTIVE,
    },
    Rule {
        id: "PLM-H116",
        aliases: &["CIS-Docker-7.8"],
        severity: Severity::Low,
        title: "The swarm's authority is changed as often as is fitting",
        why: "Whoever has its key makes nodes as they like.",
        fix: "Run `docker swarm ca --rotate`.",
        link: "https://docs.docker.com/engine/swarm/how-swarm-mode-works/pki/#rotating-the-ca-certificate",
        check: |facts| by_people(facts, "when it was changed last, your records tell"),
        bad: "",
        good: ACTIVE,
    },
    Rule {
        id: "PLM-H117",
        aliases: &["CIS-Docker-7.9"],
        severity: Severity::Low,
        title: "What rules the swarm goes over another network than what it serves",
        why: "On one network whoever is in a container reaches the managers.",
        fix: "Make the swarm with `--advertise-addr` and `--data-path-addr` on two interfaces.",
        link: "https://docs.docker.com/engine/swarm/networking/#use-a-separate-interface-for-control-and-data-traffic",
        check: |facts| by_people(facts, "which networks its addresses are on, your records tell"),
        bad: "",
        good: ACTIVE,
    },
];

/// The swarm that the engine is in; the other way is the verdict where it is in none.
fn active(facts: &Facts) -> Result<Result<(&Engine, &Swarm), Verdict>, String> {
    let engine = facts.asked()?;
    let swarm = engine.swarm.as_ref().ok_or("the engine does not say whether it is in a swarm")?;
    Ok(match swarm.state.as_str() {
        "inactive" => Err(Verdict::not_applicable("the engine is in no swarm")),
        _ => Ok((engine, swarm)),
    })
}

/// What managers alone know.
fn manager(facts: &Facts, judge: fn(&Swarm) -> Option<Verdict>) -> Told {
    match active(facts)? {
        Ok((_, swarm)) => judge(swarm).ok_or_else(|| "a manager of the swarm alone can tell; ask one".to_owned()),
        Err(verdict) => Ok(verdict),
    }
}

fn by_people(facts: &Facts, what: &str) -> Told {
    Ok(active(facts)?.map_or_else(|verdict| verdict, |_| Verdict::manual(what)))
}

fn listeners(facts: &Facts) -> Told {
    if let Err(verdict) = active(facts)? {
        return Ok(verdict);
    }
    let at = facts.swarm_listeners.get().map_err(|why| format!("what listens at port 2377 is not known: {why}"))?;
    if at.is_empty() {
        return Ok(Verdict::pass("nothing listens at port 2377 here"));
    }
    let every = at.iter().any(|address| matches!(address.as_str(), "0.0.0.0" | "::"));
    let evidence = if every { "port 2377 is open at every address" } else { "port 2377 is open at single addresses" };
    Ok(Verdict::pass_if(!every, evidence).on(at))
}

fn overlays(facts: &Facts) -> Told {
    let engine = match active(facts)? {
        Ok((engine, _)) => engine,
        Err(verdict) => return Ok(verdict),
    };
    let networks = engine.networks.as_ref().ok_or("the engine did not list its networks")?;
    let overlays: Vec<_> = networks.iter().filter(|network| network.driver == "overlay").collect();
    let open = overlays.iter().filter(|network| !network.options.contains_key("encrypted")).map(|network| &network.name);
    let open: Vec<&String> = open.collect();
    let evidence = format!("{} of {} not encrypted", open.len(), count(overlays.len(), "overlay network"));
    Ok(Verdict::pass_if(open.is_empty(), evidence).on(open))
}
