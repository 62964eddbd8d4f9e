//! Which advisory database a scan judges by: the one named, the one kept, one that is brought now, or the embedded set.

use std::path::Path;
use std::time::Duration;

use advisory::build::EMBEDDED;
use advisory::database::Database;
use advisory::mirror::{MirrorError, Target};
use advisory::update::UpdateError;
use anyhow::Context;
use jiff::Timestamp;
use model::distro::Distro;

use crate::args::Global;
use crate::args::scan::Update;
use crate::bring::{self, Patience};

/// Age past which `update = "daily"` asks for a newer database.
const DAY: Duration = Duration::from_secs(86_400);

/// A database and what is to be said about it.
pub struct Chosen {
    /// The database.
    pub database: Database,
    /// Sentences for the report's warnings.
    pub warnings: Vec<String>,
}

/// Opens the database of a verb that only asks: it must be there.
pub fn existing(global: &Global) -> anyhow::Result<Database> {
    let path = global.database();
    anyhow::ensure!(
        path.exists(),
        "there is no advisory database at {}; bring one with `plimsoll db update` or build one with `plimsoll db build`",
        path.display()
    );
    open(&path)
}

/// Opens the database of a scan, and brings one first where `update` says so: never under `--offline` or `--db`. What
/// cannot be brought is a warning; the kept database, or the embedded set, goes on to serve.
pub fn for_scan(global: &Global, update: Update, distro: Option<&Distro>) -> anyhow::Result<Chosen> {
    let path = global.database();
    let mut warnings = Vec::new();
    let wanted = match update {
        Update::Never => false,
        Update::Missing => !path.exists(),
        Update::Daily => age(&path).is_none_or(|age| age > DAY),
    };
    if wanted && !global.offline && global.db.is_none() {
        warnings = bring(global, distro);
    }
    if global.db.is_some() || path.exists() {
        return Ok(Chosen { database: open(&path)?, warnings });
    }
    let database = advisory::build::embedded().context("the embedded advisories cannot be read; this program is damaged")?;
    warnings.push(format!("there is no advisory database at {}; `plimsoll db update` brings one", path.display()));
    Ok(Chosen { database, warnings })
}

/// How long ago a database was written.
fn age(path: &Path) -> Option<Duration> {
    std::fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Asks the feeds' homes, and the mirror of the target's distribution where they leave it uncovered; what went wrong.
fn bring(global: &Global, distro: Option<&Distro>) -> Vec<String> {
    let mut warnings = match bring::from_feeds(global, false, Patience::Short) {
        Ok(summary) => bring::not_reached(&summary),
        Err(error) => vec![match error.downcast_ref::<UpdateError>() {
            Some(UpdateError::Unreachable { feeds, .. }) => format!("no advisory feed could be reached: {}", feeds.join(", ")),
            _ => format!("the advisory feeds were not brought: {error:#}"),
        }],
    };
    let Some(target) = distro.and_then(Target::of).filter(|target| !is_covered(global, &target.namespace)) else {
        return warnings;
    };
    match bring::from_mirror(global, &target, &[], false, Patience::Short) {
        Ok((mirror, _)) => warnings.extend(mirror.notes),
        Err(error) => match error.downcast_ref::<MirrorError>() {
            // No mirror is known, so none was asked. Where there could be one, say how.
            Some(MirrorError::NoMirror { .. }) if !target.has_mirrors() => {}
            Some(MirrorError::NoMirror { namespace }) => warnings.push(format!(
                "no package mirror of {namespace} is known on this machine; `plimsoll db update --distro {namespace} --mirror URL` reads one"
            )),
            _ => warnings.push(format!("the package mirror of {} was not read: {error:#}", target.namespace)),
        },
    }
    warnings
}

/// Whether a feed of the distribution itself speaks of a release, and is fresh. A mirror's own snapshot ages with every
/// update of the distribution, and the embedded set covers nothing.
fn is_covered(global: &Global, namespace: &str) -> bool {
    let feeds = Database::open(&global.database()).ok().and_then(|database| database.covers(namespace)).unwrap_or_default();
    let is_of_a_mirror = |name: &str| name.ends_with("-mirror") || name.starts_with("updateinfo-");
    let now = Timestamp::now();
    feeds.iter().any(|feed| {
        feed.feed != EMBEDDED
            && !is_of_a_mirror(&feed.feed)
            && model::coverage::too_old(&feed.feed, &feed.as_of, now, global.max_db_age).is_none()
    })
}

fn open(path: &Path) -> anyhow::Result<Database> {
    Database::open(path).with_context(|| {
        format!("the advisory database {} cannot be used; bring it anew with `plimsoll db update`", path.display())
    })
}
