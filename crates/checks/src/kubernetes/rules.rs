//! The rules for Kubernetes, one a file.

mod api_removed;
mod apparmor_unconfined;
mod bound_anonymous;
mod bound_authenticated;
mod bound_cluster_admin;
mod bound_masters;
mod capabilities;
mod capabilities_kept;
mod capability_added;
mod capability_all;
mod capability_net_raw;
mod capability_restricted;
mod capability_sys_admin;
mod capability_sys_module;
mod cpu_limit;
mod cpu_request;
mod default_account_bound;
mod grant_aws_auth;
mod grant_certificates;
mod grant_escalate;
mod grant_every_resource;
mod grant_every_verb;
mod grant_everything;
mod grant_exec;
mod grant_impersonate;
mod grant_logs_deleted;
mod grant_network;
mod grant_node_proxy;
mod grant_roles;
mod grant_secrets;
mod grant_tokens;
mod grant_volumes;
mod grant_webhooks;
mod grant_workloads;
mod group_low;
mod group_root;
mod host_aliases;
mod host_ipc;
mod host_network;
mod host_path;
mod host_paths;
mod host_pid;
mod host_port;
mod host_process;
mod host_root;
mod host_runtime_socket;
mod host_sensitive;
mod image_latest;
mod image_pull_policy;
mod image_undigested;
mod images;
mod ingress_without_tls;
mod liveness_missing;
mod may_be_root;
mod memory_limit;
mod memory_request;
mod namespace_default;
mod namespace_privileged;
mod namespace_system;
mod network_policy_open;
mod privilege_escalation;
mod privileged;
mod probe_host;
mod probes;
mod proc_mount;
mod process_namespace_shared;
mod readiness_missing;
mod resources;
mod root_writable;
mod seccomp_missing;
mod seccomp_unconfined;
mod secret_in_configmap;
mod secret_in_env;
mod selinux;
mod service_external_ip;
mod service_open;
mod sysctl;
mod tiller;
mod token_mounted;
mod user_low;
mod user_root;
mod volume_type;

use crate::kubernetes::Rule;

/// All of them, in the order of their ids.
pub const ALL: &[&Rule] = &[
    &privileged::RULE,
    &privilege_escalation::RULE,
    &host_network::RULE,
    &host_pid::RULE,
    &host_ipc::RULE,
    &host_port::RULE,
    &capability_added::RULE,
    &capability_all::RULE,
    &capability_sys_admin::RULE,
    &capability_sys_module::RULE,
    &capability_net_raw::RULE,
    &capability_restricted::RULE,
    &capabilities_kept::RULE,
    &host_runtime_socket::RULE,
    &host_root::RULE,
    &host_sensitive::RULE,
    &host_path::RULE,
    &volume_type::RULE,
    &root_writable::RULE,
    &may_be_root::RULE,
    &user_root::RULE,
    &user_low::RULE,
    &group_root::RULE,
    &group_low::RULE,
    &seccomp_missing::RULE,
    &seccomp_unconfined::RULE,
    &apparmor_unconfined::RULE,
    &selinux::RULE,
    &proc_mount::RULE,
    &sysctl::RULE,
    &probe_host::RULE,
    &host_process::RULE,
    &process_namespace_shared::RULE,
    &host_aliases::RULE,
    &memory_limit::RULE,
    &cpu_limit::RULE,
    &memory_request::RULE,
    &cpu_request::RULE,
    &image_latest::RULE,
    &image_undigested::RULE,
    &image_pull_policy::RULE,
    &token_mounted::RULE,
    &default_account_bound::RULE,
    &namespace_default::RULE,
    &namespace_system::RULE,
    &secret_in_env::RULE,
    &secret_in_configmap::RULE,
    &liveness_missing::RULE,
    &readiness_missing::RULE,
    &grant_everything::RULE,
    &grant_every_verb::RULE,
    &grant_every_resource::RULE,
    &grant_secrets::RULE,
    &grant_exec::RULE,
    &grant_impersonate::RULE,
    &grant_escalate::RULE,
    &grant_roles::RULE,
    &grant_workloads::RULE,
    &grant_node_proxy::RULE,
    &grant_webhooks::RULE,
    &grant_tokens::RULE,
    &grant_certificates::RULE,
    &grant_volumes::RULE,
    &grant_logs_deleted::RULE,
    &grant_network::RULE,
    &bound_cluster_admin::RULE,
    &bound_anonymous::RULE,
    &bound_authenticated::RULE,
    &bound_masters::RULE,
    &service_external_ip::RULE,
    &service_open::RULE,
    &ingress_without_tls::RULE,
    &network_policy_open::RULE,
    &namespace_privileged::RULE,
    &tiller::RULE,
    &api_removed::RULE,
    &grant_aws_auth::RULE,
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
