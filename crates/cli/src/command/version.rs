//! `plimsoll version`.

use crate::exit::Exit;
use crate::printer;

/// Prints the version.
pub fn run() -> anyhow::Result<Exit> {
    printer::result(concat!("plimsoll ", env!("CARGO_PKG_VERSION"), "\n").as_bytes(), None)?;
    Ok(Exit::Done)
}
