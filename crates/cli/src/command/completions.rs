//! `plimsoll completions SHELL`.

use crate::args::{self, Completions};
use crate::exit::Exit;
use crate::printer;

/// Prints the completions.
pub fn run(completions: &Completions) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut args::command(), "plimsoll", &mut script);
    printer::result(&script, None)?;
    Ok(Exit::Done)
}
