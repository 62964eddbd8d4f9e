//! 2.6: layers are not stored with aufs.

use model::severity::Severity;

use crate::host::{Facts, Rule, Told, Verdict};

pub(super) const RULES: &[Rule] = &[Rule {
    id: "PLM-H026",
    aliases: &["CIS-Docker-2.6"],
    severity: Severity::Medium,
    title: "Layers are not stored with aufs",
    why: "aufs is in no kernel that is maintained and is known to bring kernels down.",
    fix: "Set `\"storage-driver\": \"overlay2\"` and pull the images again.",
    link: "https://docs.docker.com/engine/storage/drivers/select-storage-driver/",
    check,
    bad: r#"{"engine":{"known":{"storage_driver":"aufs"}}}"#,
    good: r#"{"engine":{"known":{"storage_driver":"overlay2"}}}"#,
}];

fn check(facts: &Facts) -> Told {
    let driver = facts.asked()?.storage_driver.as_ref().ok_or("the engine does not say how it stores layers")?;
    Ok(Verdict::pass_if(driver != "aufs", format!("the storage driver is {driver}")))
}
