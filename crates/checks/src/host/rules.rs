//! The rules for hosts: one control a file, or one question that several controls ask of different values.

mod audit;
mod aufs;
mod authorization;
mod base_device_size;
mod by_people;
mod capabilities;
mod cgroup_parent;
mod confinement;
mod container_cgroup;
mod container_healthcheck;
mod content_trust;
mod daemon_seccomp;
mod default_bridge;
mod default_ulimit;
mod devices;
mod execs;
mod experimental;
mod files;
mod host;
mod icc;
mod images;
mod insecure_registries;
mod iptables;
mod limits;
mod live_restore;
mod log_level;
mod mounts;
mod namespaces;
mod no_new_privileges;
mod ports;
mod privileged;
mod read_only;
mod remote_logging;
mod restart;
mod rootless;
mod sprawl;
mod sshd;
mod stale_image;
mod swarm;
mod swarm_off;
mod tls;
mod ulimits;
mod user_namespaces;
mod userland_proxy;

use std::sync::LazyLock;

use super::Rule;

/// All of them, in the order of their ids, which is the benchmark's.
pub static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let families: &[&'static [Rule]] = &[
        audit::RULES,
        aufs::RULES,
        authorization::RULES,
        base_device_size::RULES,
        by_people::RULES,
        capabilities::RULES,
        cgroup_parent::RULES,
        confinement::RULES,
        container_cgroup::RULES,
        container_healthcheck::RULES,
        content_trust::RULES,
        daemon_seccomp::RULES,
        default_bridge::RULES,
        default_ulimit::RULES,
        devices::RULES,
        execs::RULES,
        experimental::RULES,
        files::RULES,
        host::RULES,
        icc::RULES,
        images::RULES,
        insecure_registries::RULES,
        iptables::RULES,
        limits::RULES,
        live_restore::RULES,
        log_level::RULES,
        mounts::RULES,
        namespaces::RULES,
        no_new_privileges::RULES,
        ports::RULES,
        privileged::RULES,
        read_only::RULES,
        remote_logging::RULES,
        restart::RULES,
        rootless::RULES,
        sprawl::RULES,
        sshd::RULES,
        stale_image::RULES,
        swarm::RULES,
        swarm_off::RULES,
        tls::RULES,
        ulimits::RULES,
        user_namespaces::RULES,
        userland_proxy::RULES,
    ];
    let mut all: Vec<&'static Rule> = families.iter().copied().flatten().collect();
    all.sort_by_key(|rule| rule.id);
    all
});

/// Whether a word of the user names the rule: our id, an alias, the benchmark's number, or a section of it.
pub fn is_named(rule: &Rule, word: &str) -> bool {
    let number = super::number(rule);
    let below = number.strip_prefix(word.trim_end_matches('.')).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    is(rule.id) || rule.aliases.iter().any(|alias| is(alias)) || (below && !word.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::host::HostOutcome;

    use super::{ALL, is_named};
    use crate::host::{self, Facts, facts::Seen};

    fn number(text: &str) -> Vec<u32> {
        text.split('.').map(|part| part.parse().unwrap()).collect()
    }

    #[test]
    fn ids_and_numbers_are_unique_and_in_order() {
        let ids: Vec<String> = (1..=ALL.len()).map(|number| format!("PLM-H{number:03}")).collect();
        assert_eq!(ALL.iter().map(|rule| rule.id).collect::<Vec<_>>(), ids);
        let numbers: Vec<Vec<u32>> = ALL.iter().map(|rule| number(host::number(rule))).collect();
        let unique: BTreeSet<Vec<u32>> = numbers.iter().cloned().collect();
        assert_eq!(numbers, unique.into_iter().collect::<Vec<_>>());
        crate::rule::assert_sound(&ALL);
        // As many controls as the benchmark has in its sections one to seven.
        let in_section = |section: u32| numbers.iter().filter(|number| number[0] == section).count();
        assert_eq!((1..=7).map(in_section).collect::<Vec<_>>(), [20, 18, 24, 12, 32, 2, 9]);
    }

    /// A bad example fails, a good one does not: it passes, or there is nothing that the control speaks of.
    #[test]
    fn examples_behave() {
        for rule in ALL.iter() {
            let outcome = |example: &str| {
                let facts: Facts = serde_json::from_str(example).unwrap_or_else(|error| panic!("{}: {error}", rule.id));
                (rule.check)(&facts).unwrap_or_else(|why| panic!("{} on {example}: {why}", rule.id)).outcome
            };
            if !rule.bad.is_empty() {
                assert_eq!(outcome(rule.bad), HostOutcome::Fail, "{} on its bad example", rule.id);
            }
            if !rule.good.is_empty() {
                let good = outcome(rule.good);
                assert!(matches!(good, HostOutcome::Pass | HostOutcome::NotApplicable), "{} on its good example", rule.id);
            }
        }
    }

    #[test]
    fn what_nobody_saw_is_no_pass() {
        let blind = Facts { engine: Seen::Unknown("no".to_owned()), ..Facts::default() };
        for control in host::judge(&blind, ALL.iter().copied()) {
            let none = matches!(control.outcome, HostOutcome::Undetermined | HostOutcome::Manual);
            assert!(none && !control.evidence.is_empty(), "{} {:?}", control.number, control.outcome);
        }
    }

    #[test]
    fn names() {
        let named = |word: &str| ALL.iter().filter(|rule| is_named(rule, word)).count();
        let counts = ["5", "5.1", "1.1", "1.1.", "PLM-H001", "cis-docker-2.1", "", "9", "5.3"].map(named);
        assert_eq!(counts, [32, 1, 18, 18, 1, 1, 0, 0, 1]);
    }
}
