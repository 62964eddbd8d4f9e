//! `plimsoll man [VERB]`: the manual page in roff, for `plimsoll man | man -l -`.

use anyhow::Context;

use crate::args::{self, Man};
use crate::exit::Exit;
use crate::printer;

/// Prints the page.
pub fn run(man: &Man) -> anyhow::Result<Exit> {
    let mut command = args::command();
    command.build();
    if let Some(verb) = &man.verb {
        let found = command.find_subcommand(verb).with_context(|| format!("there is no verb `{verb}`; see `plimsoll --help`"))?;
        command = found.clone().display_name(format!("plimsoll {verb}"));
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).context("the page could not be rendered")?;
    printer::result(&page, None)?;
    Ok(Exit::Done)
}
