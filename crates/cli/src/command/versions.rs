//! `plimsoll versions ECOSYSTEM`: the matcher's version orders, laid open.

use std::cmp::Ordering;
use std::io::{self, BufRead, BufWriter, Write};

use anyhow::{Context, bail};

use crate::args::Versions;
use crate::exit::Exit;

/// Reads lines `A<TAB>B` and answers each with one character, as they come, so that a program can hold the conversation.
pub fn run(versions: &Versions) -> anyhow::Result<Exit> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut input = io::stdin().lock();
    let mut line = String::new();
    let mut number = 0_u64;
    loop {
        line.clear();
        if input.read_line(&mut line).context("standard input could not be read")? == 0 {
            break;
        }
        number += 1;
        let Some((left, right)) = line.trim_end_matches(['\n', '\r']).split_once('\t') else {
            output.flush().context("standard output could not be written")?;
            bail!("line {number} holds no tab; write two versions with a tab between them");
        };
        let answer = match versions.ecosystem.compare(left, right) {
            Some(Ordering::Less) => "<\n",
            Some(Ordering::Equal) => "=\n",
            Some(Ordering::Greater) => ">\n",
            None => "?\n",
        };
        output.write_all(answer.as_bytes()).context("standard output could not be written")?;
    }
    output.flush().context("standard output could not be written")?;
    Ok(Exit::Done)
}
