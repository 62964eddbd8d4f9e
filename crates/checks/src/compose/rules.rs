//! The rules for Compose files, one a file.

mod apparmor_unconfined;
mod capabilities_kept;
mod capability_added;
mod cgroup_parent;
mod cpu_limit;
mod database_published;
mod default_bridge;
mod device;
mod healthcheck_disabled;
mod host_ipc;
mod host_network;
mod host_pid;
mod host_root;
mod host_sensitive;
mod host_users;
mod host_uts;
mod image_latest;
mod image_undigested;
mod label_disabled;
mod memory_limit;
mod mount_shared;
mod mounts;
mod new_privileges;
mod pids_limit;
mod port_privileged;
mod port_ssh;
mod privileged;
mod privileged_published;
mod restart_unlimited;
mod root_writable;
mod runtime_socket;
mod seccomp_unconfined;
mod secret_in_environment;
mod user_missing;
mod user_root;

use crate::compose::Rule;

/// All of them, in the order of their ids.
pub const ALL: &[&Rule] = &[
    &privileged::RULE,
    &runtime_socket::RULE,
    &host_root::RULE,
    &host_sensitive::RULE,
    &host_network::RULE,
    &host_pid::RULE,
    &host_ipc::RULE,
    &host_uts::RULE,
    &host_users::RULE,
    &capability_added::RULE,
    &capabilities_kept::RULE,
    &device::RULE,
    &seccomp_unconfined::RULE,
    &apparmor_unconfined::RULE,
    &label_disabled::RULE,
    &new_privileges::RULE,
    &root_writable::RULE,
    &user_root::RULE,
    &user_missing::RULE,
    &image_latest::RULE,
    &image_undigested::RULE,
    &memory_limit::RULE,
    &cpu_limit::RULE,
    &pids_limit::RULE,
    &database_published::RULE,
    &privileged_published::RULE,
    &restart_unlimited::RULE,
    &healthcheck_disabled::RULE,
    &secret_in_environment::RULE,
    &cgroup_parent::RULE,
    &default_bridge::RULE,
    &port_privileged::RULE,
    &port_ssh::RULE,
    &mount_shared::RULE,
];

/// The rule of an id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::manifest::check;
    use crate::rule::assert_sound;

    #[test]
    fn ids_are_unique_and_in_order() {
        assert_sound(ALL);
    }

    #[test]
    fn examples_behave() {
        for rule in ALL {
            let places = |text: &str| {
                let found = check(text.as_bytes());
                assert!(found.problems.is_empty() && found.manifests == 1, "{}: {found:?}", rule.id);
                found.hits.iter().filter(|(id, _)| *id == rule.id).count()
            };
            assert_eq!(places(rule.bad), 1, "{} on its bad example", rule.id);
            assert_eq!(places(rule.good), 0, "{} on its good example", rule.id);
        }
    }

    #[test]
    fn comments_take_rules_out() {
        for rule in ALL {
            for id in [rule.id].iter().chain(rule.aliases.first()) {
                let text = format!("# plimsoll ignore={id}\n{}", rule.bad);
                let found = check(text.as_bytes());
                assert!(found.hits.iter().all(|(id, _)| *id != rule.id) && found.ignored > 0, "{id}");
            }
        }
    }
}
