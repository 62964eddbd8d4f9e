//! The rules for images, one a file.

mod add_for_copy;
mod add_from_web;
mod credential_files;
mod dist_upgrade;
mod no_healthcheck;
mod no_origin_labels;
mod no_password;
mod package_cache;
mod pipe_to_shell;
mod port_ssh;
mod second_root;
mod secret_in_config;
mod set_uid_of_distribution;
mod set_uid_of_nobody;
mod shared_ids;
mod sudo_installed;
mod sudo_used;
mod system_folder;
mod tag_latest;
mod unneeded_files;
mod update_alone;
mod user_root;
mod writable_by_all;

use super::Rule;

/// All of them, in the order of their ids.
pub const ALL: &[&Rule] = &[
    &user_root::RULE,
    &no_healthcheck::RULE,
    &set_uid_of_distribution::RULE,
    &set_uid_of_nobody::RULE,
    &secret_in_config::RULE,
    &tag_latest::RULE,
    &writable_by_all::RULE,
    &credential_files::RULE,
    &package_cache::RULE,
    &pipe_to_shell::RULE,
    &add_from_web::RULE,
    &dist_upgrade::RULE,
    &update_alone::RULE,
    &sudo_used::RULE,
    &sudo_installed::RULE,
    &system_folder::RULE,
    &no_origin_labels::RULE,
    &port_ssh::RULE,
    &no_password::RULE,
    &second_root::RULE,
    &shared_ids::RULE,
    &unneeded_files::RULE,
    &add_for_copy::RULE,
];

/// The rule of an id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use model::image::ImageInfo;
    use model::notable::NotableFile;
    use model::secret::Secret;
    use serde::Deserialize;

    use super::ALL;
    use crate::image_config::check;
    use crate::rule::assert_sound;

    /// The facts of an example.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Facts {
        #[serde(default)]
        image: ImageInfo,
        #[serde(default)]
        notable: Vec<NotableFile>,
        secrets: Option<Vec<Secret>>,
    }

    #[test]
    fn ids_are_unique_and_in_order() {
        assert_sound(ALL);
    }

    #[test]
    fn examples_behave() {
        for rule in ALL {
            let places = |text: &str| {
                let facts: Facts = serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", rule.id));
                let found = check(&facts.image, &facts.notable, facts.secrets.as_deref());
                found.iter().filter(|one| one.id == rule.id).count()
            };
            assert_eq!(places(rule.bad), 1, "{} on its bad example", rule.id);
            assert_eq!(places(rule.good), 0, "{} on its good example", rule.id);
        }
    }
}
