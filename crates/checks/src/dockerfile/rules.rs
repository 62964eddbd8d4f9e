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
mod base;
mod cd_for_workdir;
mod cmd_twice;
mod copy_from_itself;
mod copy_from_unknown;
mod copy_many_to_file;
mod copy_relative;
mod dist_upgrade;
mod dnf_cache;
mod entrypoint_twice;
mod healthcheck_twice;
mod image_latest;
mod image_untagged;
mod maintainer;
mod microdnf_cache;
mod packages;
mod pip_cache;
mod pip_unpinned;
mod pipe_hides_failure;
mod pipe_to_shell;
mod port_out_of_range;
mod port_ssh;
mod secret_in_env;
mod shell_form;
mod stage_name_twice;
mod sudo;
mod update_alone;
mod user_missing;
mod user_root;
mod wget_and_curl;
mod workdir_absolute;
mod yum_cache;
mod zypper_cache;

use crate::dockerfile::Rule;
pub(crate) use secret_in_env::is_secret;

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
];

/// The rule of an id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;
    use crate::dockerfile::check;

    #[test]
    fn ids_are_unique_and_in_order() {
        let ids: Vec<&str> = ALL.iter().map(|rule| rule.id).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids, unique.into_iter().collect::<Vec<_>>());
        for rule in ALL {
            assert!(rule.title.len() < 100 && rule.why.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.id);
            assert!(rule.link.starts_with("https://") && rule.aliases.iter().all(|alias| !alias.is_empty()), "{}", rule.id);
        }
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
