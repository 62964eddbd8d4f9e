//! A volume or the working folder is one of the system's.

use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I016",
    aliases: &["DKL-DI-0002", "DS-0030"],
    severity: Severity::Medium,
    title: "A volume or the working folder is one of the system's",
    why: "A volume there outlives the image and hides its updates; below /proc and /sys, and in /dev, a container meets the host.",
    fix: "Keep data and programs in folders of their own, as in `WORKDIR /app` and `VOLUME /data`.",
    link: "https://docs.docker.com/reference/dockerfile/#volume",
    check,
    bad: r#"{"image": {"history": [{"created_by": "/bin/sh -c #(nop)  VOLUME [/etc]"}]}}
"#,
    good: r#"{"image": {"history": [{"created_by": "VOLUME [/data]"}, {"created_by": "WORKDIR /usr/src/app"}]}}
"#,
};

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    let steps = config.of("VOLUME").chain(config.of("WORKDIR"));
    let such = steps.filter(|(_, step)| {
        let folders = step.arguments.split(|one: char| one.is_whitespace() || matches!(one, '[' | ']' | ',' | '"'));
        folders.into_iter().any(is_of_system)
    });
    such.map(|(number, _)| Spot { step: Some(number), about: String::new() }).collect()
}

fn is_of_system(folder: &str) -> bool {
    let Some(path) = folder.strip_prefix('/') else { return false };
    let path = path.trim_end_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    matches!(path, "bin" | "etc" | "lib" | "lib64" | "sbin" | "usr") || matches!(first, "boot" | "dev" | "proc" | "sys")
}
