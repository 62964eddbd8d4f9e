//! `check --fix`: mends files where they lie.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context, ensure};
use checks::dockerfile;

use super::find::File;
use super::kind::{self, Kind};
use super::look::MAX_DOCKERFILE as MAX_SIZE;
use crate::{gate, printer};

/// Mends each file and says how many edits it took. Standard input goes to standard output, and comes back for the report.
pub(super) fn files(files: &[File]) -> anyhow::Result<Option<String>> {
    if files.iter().any(|file| file.path == Path::new("-")) {
        ensure!(files.len() == 1, "`--fix` takes either - or files: standard output has room for one text");
        return standard_input().map(Some);
    }
    // Only Dockerfiles have edits.
    let dockerfiles = files.iter().map(|file| &file.path).filter(|path| kind::of_name(path) != Some(Kind::Manifest));
    for path in dockerfiles {
        let name = path.strip_prefix("./").unwrap_or(path).display();
        let bytes = gate::bytes(path, MAX_SIZE)
            .with_context(|| format!("{name} could not be read; check the path and its permissions"))?;
        // What is no Dockerfile is left as it is; the check that follows says so.
        let Some(mended) = std::str::from_utf8(&bytes).ok().and_then(|text| dockerfile::mend(text).ok()) else { continue };
        if mended.edits > 0 {
            replace(path, mended.text.as_bytes())
                .with_context(|| format!("{name} could not be written; check its permissions"))?;
            printer::note(&format!("{name}: {}", edits(mended.edits)));
        }
    }
    Ok(None)
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(MAX_SIZE).read_to_end(&mut bytes).context("standard input could not be read")?;
    ensure!((bytes.len() as u64) < MAX_SIZE, "standard input is larger than any Dockerfile");
    let text = String::from_utf8(bytes).context("standard input is no text in UTF-8")?;
    let text = match dockerfile::mend(&text) {
        Ok(mended) => {
            printer::note(&format!("-: {}", edits(mended.edits)));
            mended.text
        }
        // The check that follows says why it is no Dockerfile.
        Err(_) => text,
    };
    printer::result(text.as_bytes(), None)?;
    Ok(text)
}

fn edits(number: usize) -> String {
    format!("{number} {}", if number == 1 { "edit" } else { "edits" })
}

/// Puts a text in the place of a file, whole or not at all, with the same permissions. A link stays, and what it leads to is
/// replaced.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let permissions = fs::metadata(&path)?.permissions();
    // What nobody may write to is not replaced, though its folder would allow it.
    drop(fs::OpenOptions::new().write(true).open(&path)?);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&temporary)?;
    let write = file
        .set_permissions(permissions)
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &path));
    write.inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}
