//! Which advisory database a scan judges by: the one named, the one kept, one that is brought now, or the embedded set.

use std::path::Path;

use advisory::database::Database;
use anyhow::Context;

use crate::args::Global;
use crate::args::scan::Update;

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

/// Opens the database of a scan.
pub fn for_scan(global: &Global, update: Update) -> anyhow::Result<Chosen> {
    let path = global.database();
    if global.db.is_some() || path.exists() {
        return Ok(Chosen { database: open(&path)?, warnings: Vec::new() });
    }
    let database = advisory::build::embedded().context("the embedded advisories cannot be read; this program is damaged")?;
    let warning = format!(
        "no advisory database at {}: only known-exploited vulnerabilities were looked for; bring one with `plimsoll db update`",
        path.display()
    );
    Ok(Chosen { database, warnings: vec![warning] })
}

fn open(path: &Path) -> anyhow::Result<Database> {
    Database::open(path).with_context(|| format!("the advisory database {} cannot be used; bring it anew with `plimsoll db update`", path.display()))
}
