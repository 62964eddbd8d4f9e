//! `--format X[=FILE]` and `-o FILE`: which reports are written where.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use model::report::Report;
use report::{Format, RenderOptions};

use crate::args::Global;
use crate::args::scan::Output;
use crate::printer;

/// Every report that is wanted and where it goes; `None` is standard output.
pub struct Outputs {
    wanted: Vec<(Format, Option<PathBuf>)>,
}

impl Outputs {
    /// Reads the flags; `usual` is the format where none is named.
    pub fn new(output: &Output, usual: Format) -> anyhow::Result<Self> {
        let mut wanted = Vec::new();
        for text in &output.format {
            wanted.push(match text.split_once('=') {
                // The file of a template is part of the format, not where the report goes.
                Some(("template", _)) | None => (text.parse::<Format>()?, None),
                Some((format, file)) if !file.is_empty() => (format.parse()?, Some(PathBuf::from(file))),
                Some(_) => bail!("--format {text} names no file after `=`"),
            });
        }
        if wanted.is_empty() {
            wanted.push((usual, None));
        }
        let mut to_output = wanted.iter_mut().filter(|(_, file)| file.is_none());
        if let Some((_, file)) = to_output.next() {
            file.clone_from(&output.output);
        } else {
            ensure!(output.output.is_none(), "-o names a file, but every --format has one already; leave -o away");
        }
        ensure!(
            to_output.next().is_none(),
            "only one format can go to standard output; give the others a file, as in `--format json=report.json`"
        );
        Ok(Self { wanted })
    }

    /// The formats that are wanted and the file each goes to; at least one.
    pub fn wanted(&self) -> &[(Format, Option<PathBuf>)] {
        &self.wanted
    }

    /// Whether somebody reads a report on a terminal or pipe as a table.
    pub fn is_table_on_terminal(&self) -> bool {
        self.wanted.iter().any(|(format, file)| matches!(format, Format::Table) && file.is_none())
    }

    /// Renders and writes all.
    pub fn write(&self, global: &Global, reports: &[Report], index: Option<report::Index>) -> anyhow::Result<()> {
        for (format, file) in &self.wanted {
            let options =
                RenderOptions { width: printer::width(), color: file.is_none() && printer::color(global.no_color), index };
            let bytes = report::render(format, reports, &options)?;
            printer::result(&bytes, file.as_deref().map(Path::new))?;
        }
        Ok(())
    }
}
