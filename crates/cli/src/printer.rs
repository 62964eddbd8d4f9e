//! The one place that writes to the terminal: results to standard output or a file, everything else to standard error.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;

/// Writes a result: to `file`, whole or not at all, or to standard output.
pub fn result(bytes: &[u8], file: Option<&Path>) -> anyhow::Result<()> {
    match file {
        Some(path) => write_whole(path, bytes)
            .with_context(|| format!("{} could not be written; check that its folder exists and has room", path.display())),
        None => {
            let mut output = io::stdout().lock();
            output.write_all(bytes).and_then(|()| output.flush()).context("standard output could not be written")
        }
    }
}

/// Beside its place first, then renamed into it, so that no reader ever sees half of it. What is no regular file (a
/// pipe, `/dev/stdout`) is written to directly.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let write = || {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

/// An error, for people.
pub fn error(message: &str) {
    let _ = writeln!(io::stderr(), "plimsoll: {}", harmless(message));
}

/// A line beside the result, for people.
pub fn note(message: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(message));
}

/// Messages may quote what came from outside; none of it may drive the terminal.
pub fn harmless(message: &str) -> String {
    message.chars().map(|character| if character.is_control() && character != '\n' { '\u{fffd}' } else { character }).collect()
}

/// Whether colours are wanted on standard output: a terminal, and nobody said no (<https://no-color.org>).
pub fn color(no_color: bool) -> bool {
    !no_color && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && io::stdout().is_terminal()
}

/// Columns of the terminal; 100 where there is none.
pub fn width() -> usize {
    const USUAL: usize = 100;
    if !io::stdout().is_terminal() {
        return std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(USUAL);
    }
    // SAFETY: the struct is plain integers and outlives the call, which writes to it alone.
    #[expect(unsafe_code, reason = "no safe call asks a terminal for its size")]
    let size = unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        (libc::ioctl(libc::STDOUT_FILENO, libc::TIOCGWINSZ, &raw mut size) == 0).then_some(size)
    };
    size.map_or(USUAL, |size| usize::from(size.ws_col)).clamp(40, 400)
}
