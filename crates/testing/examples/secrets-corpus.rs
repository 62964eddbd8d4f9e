//! Writes the corpus of secrets: `cargo run -p testing --example secrets-corpus -- DIR [SEED]`.
#![allow(clippy::print_stderr, reason = "says how it is used")]

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seed = |text: Option<String>| text.map_or(Ok(1), |text| text.parse::<u64>());
    let (Some(folder), Ok(seed)) = (arguments.next().map(PathBuf::from), seed(arguments.next())) else {
        eprintln!("usage: secrets-corpus DIR [SEED]");
        return ExitCode::FAILURE;
    };
    match testing::secrets::corpus(seed).write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
