//! The rules for Dockerfiles, one a file.

mod add_for_copy;
mod add_from_web;
mod apk_cache;
mod apk_unpinned;
mod apt_asks;
mod apt_for_people;
mod apt_lists_left;
mod apt_recommends;
mod apt_unpinned;
mod archive_unpacked;
mod base;
mod cd_for_workdir;
mod cmd_twice;
mod copy_everything;
mod copy_from_itself;
mod copy_from_unknown;
mod copy_many_to_file;
mod copy_relative;
mod dist_upgrade;
mod dnf_asks;
mod dnf_cache;
mod dnf_unpinned;
mod entrypoint_twice;
mod env_refers_to_itself;
mod gem_unpinned;
mod go_unpinned;
mod healthcheck_missing;
mod healthcheck_twice;
mod image_latest;
mod image_untagged;
mod label_empty;
mod label_key;
mod label_license;
mod label_revision;
mod label_time;
mod label_url;
mod label_version;
mod labels;
mod login_in_run;
mod maintainer;
mod microdnf_cache;
mod npm_unpinned;
mod onbuild_forbidden;
mod packages;
pub(super) mod pairs;
mod pip_cache;
mod pip_unpinned;
mod pipe_hides_failure;
mod pipe_to_shell;
mod platform_fixed;
mod platform_redundant;
mod pointless_command;
mod port_out_of_range;
mod port_ssh;
mod run_after_run;
mod secret_copied;
mod secret_in_env;
mod shell_form;
mod shell_replaced;
mod stage_name_reserved;
mod stage_name_twice;
mod sudo;
mod update_alone;
mod user_by_name;
mod user_missing;
mod user_root;
mod useradd_sparse;
mod volume_of_system;
mod wget_and_curl;
mod wget_progress;
mod workdir_absolute;
mod workdir_of_system;
mod yarn_cache;
mod yum_asks;
mod yum_cache;
mod yum_unpinned;
mod zypper_asks;
mod zypper_cache;
mod zypper_unpinned;

use crate::dockerfile::Rule;

/// All of them, in the order of their ids.
pub const ALL: &[&Rule] = &[
    &workdir_absolute::RULE,
    &user_root::RULE,
    &user_missing::RULE,
    &cd_for_workdir::RULE,
    &sudo::RULE,
    &image_untagged::RULE,
    &image_latest::RULE,
    &apt_unpinned::RULE,
    &apk_unpinned::RULE,
    &pip_unpinned::RULE,
    &apt_lists_left::RULE,
    &port_out_of_range::RULE,
    &port_ssh::RULE,
    &healthcheck_twice::RULE,
    &cmd_twice::RULE,
    &entrypoint_twice::RULE,
    &apt_asks::RULE,
    &apt_recommends::RULE,
    &apk_cache::RULE,
    &add_for_copy::RULE,
    &copy_many_to_file::RULE,
    &copy_from_itself::RULE,
    &stage_name_twice::RULE,
    &shell_form::RULE,
    &apt_for_people::RULE,
    &yum_cache::RULE,
    &dnf_cache::RULE,
    &microdnf_cache::RULE,
    &zypper_cache::RULE,
    &pip_cache::RULE,
    &copy_relative::RULE,
    &maintainer::RULE,
    &wget_and_curl::RULE,
    &pipe_hides_failure::RULE,
    &update_alone::RULE,
    &secret_in_env::RULE,
    &pipe_to_shell::RULE,
    &add_from_web::RULE,
    &copy_from_unknown::RULE,
    &dist_upgrade::RULE,
    &pointless_command::RULE,
    &archive_unpacked::RULE,
    &npm_unpinned::RULE,
    &gem_unpinned::RULE,
    &platform_fixed::RULE,
    &yum_asks::RULE,
    &yum_unpinned::RULE,
    &zypper_asks::RULE,
    &zypper_unpinned::RULE,
    &dnf_asks::RULE,
    &dnf_unpinned::RULE,
    &onbuild_forbidden::RULE,
    &env_refers_to_itself::RULE,
    &useradd_sparse::RULE,
    &wget_progress::RULE,
    &label_key::RULE,
    &label_empty::RULE,
    &label_url::RULE,
    &label_time::RULE,
    &label_license::RULE,
    &label_revision::RULE,
    &label_version::RULE,
    &healthcheck_missing::RULE,
    &run_after_run::RULE,
    &yarn_cache::RULE,
    &go_unpinned::RULE,
    &stage_name_reserved::RULE,
    &platform_redundant::RULE,
    &user_by_name::RULE,
    &copy_everything::RULE,
    &shell_replaced::RULE,
    &workdir_of_system::RULE,
    &volume_of_system::RULE,
    &secret_copied::RULE,
    &login_in_run::RULE,
];

/// The rule of an id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::dockerfile::check;
    use crate::rule::assert_sound;

    #[test]
    fn ids_are_unique_and_in_order() {
        assert_sound(ALL);
    }

    #[test]
    fn examples_behave() {
        for rule in ALL {
            let places = |text: &str| {
                let found = check(text).unwrap_or_else(|error| panic!("{}: {error:?}", rule.id));
                assert!(found.unread.is_empty(), "{}", rule.id);
                found.hits.iter().filter(|(id, _)| *id == rule.id).count()
            };
            assert_eq!(places(rule.bad), 1, "{} on its bad example", rule.id);
            assert_eq!(places(rule.good), 0, "{} on its good example", rule.id);
        }
    }

    #[test]
    fn comments_take_rules_out() {
        for rule in ALL {
            let global = format!("# plimsoll global ignore={}\n{}", rule.id, rule.bad);
            let found = check(&global).unwrap();
            assert!(found.hits.iter().all(|(id, _)| *id != rule.id) && found.ignored > 0, "{}", rule.id);
        }
        let one = "FROM debian:12\n# hadolint ignore=DL3000,DL3008\nWORKDIR a\nWORKDIR b\n";
        let lines: Vec<usize> =
            check(one).unwrap().hits.iter().filter(|(id, _)| *id == "PLM-D001").map(|(_, hit)| hit.line).collect();
        assert_eq!(lines, [4]);
    }
}
