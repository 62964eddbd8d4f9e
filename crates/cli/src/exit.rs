//! The three ways to end: 0 done, 1 looked and the answer is no, 2 could not be carried out.

use std::io;
use std::process::ExitCode;

use crate::printer;

/// How a command that could be carried out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done, and the gate, if one was asked for, passed.
    Done,
    /// Looked, and the answer is no.
    Refused,
    /// Looked, and what was asked cannot be answered: part of it is undetermined.
    Undetermined,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Refused => Self::from(1),
            Exit::Undetermined => Self::from(2),
        }
    }
}

/// Says why a command could not be carried out: one sentence, and with `-v` the causes underneath.
pub fn report(error: &anyhow::Error, verbosity: u8) -> ExitCode {
    // Who reads the output went away (`plimsoll … | head`): that is no failure.
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(closed) {
        return ExitCode::SUCCESS;
    }
    printer::error(&error.to_string());
    if verbosity > 0 {
        for cause in error.chain().skip(1) {
            printer::note(&format!("  because: {cause}"));
        }
    }
    ExitCode::from(2)
}
