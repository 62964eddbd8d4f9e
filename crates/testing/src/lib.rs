//! What the tests of several crates share: real data and real tools where the machine has them, and a plain skip line
//! where it has not. `PLIMSOLL_REQUIRE_REAL=1` turns every skip into a failure, so that CI cannot go green by skipping.
#![allow(clippy::print_stderr, reason = "tests speak on standard error")]

pub mod engine;
pub mod image;
pub mod mutate;
pub mod secrets;
pub mod server;
pub mod tar;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Says that a test is skipped, or fails it where skipping is not allowed. Always `None`.
///
/// # Panics
/// Under `PLIMSOLL_REQUIRE_REAL=1`.
pub fn skip<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os("PLIMSOLL_REQUIRE_REAL").is_none(), "missing, and PLIMSOLL_REQUIRE_REAL is set: {what}");
    eprintln!("skipped: {what} is not here");
    None
}

/// A file or folder of the real data that lies beside the checkout (`PLIMSOLL_REAL_DATA` names another place):
/// `feeds/…`, `images/…`, `vectors/…`.
pub fn real_data(path: &str) -> Option<PathBuf> {
    let base = std::env::var_os("PLIMSOLL_REAL_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let full = base.join(path);
    if full.exists() { Some(full) } else { skip(&format!("real data {path}")) }
}

/// A large image made by `images/make-images.sh` of the real data, from the folder `PLIMSOLL_IMAGES`.
pub fn built_image(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("PLIMSOLL_IMAGES") else { return skip(&format!("PLIMSOLL_IMAGES, for image {name}")) };
    let full = PathBuf::from(folder).join(name);
    if full.exists() { Some(full) } else { skip(&format!("image {name}")) }
}

/// Another scanner, from the folder `PLIMSOLL_PEERS`.
pub fn peer(name: &str) -> Option<Command> {
    let Some(folder) = std::env::var_os("PLIMSOLL_PEERS") else { return skip(&format!("PLIMSOLL_PEERS, for {name}")) };
    let full = PathBuf::from(folder).join(name);
    if full.exists() { Some(Command::new(full)) } else { skip(name) }
}

/// A program of the machine, checked by running it with `arguments`.
pub fn tool(program: &str, arguments: &[&str]) -> Option<Command> {
    match Command::new(program).args(arguments).output() {
        Ok(_) => Some(Command::new(program)),
        Err(_) => skip(&format!("program {program}")),
    }
}
