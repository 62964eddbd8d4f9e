//! The rules by which secrets are looked for.

use anyhow::{Context, anyhow};
use indexer::secret::SecretRules;

use crate::args::secret::Secrets;
use crate::gate;

/// Bytes of a user's file of rules.
const MAX_SIZE: u64 = 4 << 20;

/// Ours, and the user's.
pub fn rules(asked: &Secrets) -> anyhow::Result<SecretRules> {
    let Some(path) = &asked.secret_rules else { return Ok(SecretRules::built_in()) };
    let shown = path.display();
    let bytes = gate::bytes(path, MAX_SIZE).with_context(|| format!("the rules {shown} could not be read; check the path"))?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("the rules {shown} are no text in UTF-8"))?;
    SecretRules::with(&text).map_err(|error| anyhow!("the rules {shown} cannot be used: {error}"))
}
