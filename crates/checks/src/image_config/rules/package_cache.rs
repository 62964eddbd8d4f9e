//! A layer keeps what a package manager fetched.

use model::notable::Notable;
use model::severity::Severity;

use crate::image_config::{ImageConfig, Rule, Spot};

pub(super) const RULE: Rule = Rule {
    id: "PLM-I009",
    aliases: &["DKL-DI-0005", "DKL-DI-0004", "DS-0015", "DS-0019", "DS-0020", "DS-0025", "DS-0027"],
    severity: Severity::Low,
    title: "A layer keeps what a package manager fetched",
    why: "It is of no use there and makes every pull longer; deleting it in a later layer takes nothing away.",
    fix: "Clean up in the same RUN (`rm -rf /var/lib/apt/lists/*`, `apk add --no-cache`, `dnf clean all`, `pip install --no-cache-dir`), or mount a cache.",
    link: "https://docs.docker.com/build/cache/optimize/#use-cache-mounts",
    check,
    bad: r#"{"notable": [{"path": "/var/lib/apt/lists", "kind": "package_cache", "bytes": 18200000}]}
"#,
    good: r#"{"notable": []}
"#,
};

/// Bytes below which it is not worth a word: locks and empty indexes.
const LEAST: u64 = 64 << 10;

fn check(config: &ImageConfig<'_>) -> Vec<Spot> {
    config.files(|file| match file.kind {
        Notable::PackageCache { bytes } if bytes >= LEAST => Some(format!("{} ({:.1} MB)", file.path, bytes as f64 / 1e6)),
        _ => None,
    })
}
