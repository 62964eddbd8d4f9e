//! The dates of feed files, where a folder of feeds says them in the table of its `README.md` (columns `file` and `date`).
//!
//! Some upstream files carry no date at all (Alpine's security database, Go's vulnerability database), and what a feed
//! knows up to when is part of every answer. The file's own time stamp is not asked: copies change it.

use std::fs;
use std::path::Path;

use jiff::civil::Date;

/// Largest table read.
const SIZE_LIMIT: u64 = 1 << 20;

/// File patterns and dates.
#[derive(Default)]
pub(super) struct Dates(Vec<(String, String)>);

/// Reads the table; empty where there is none.
pub(super) fn dates(folder: &Path) -> Dates {
    let path = folder.join("README.md");
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() && metadata.len() <= SIZE_LIMIT => {}
        _ => return Dates::default(),
    }
    fs::read_to_string(path).map(|text| table(&text)).unwrap_or_default()
}

fn table(text: &str) -> Dates {
    let mut columns: Option<(usize, usize)> = None;
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Some((file, date)) = columns else {
            let position = |title| cells.iter().position(|cell| *cell == title);
            columns = position("file").zip(position("date"));
            continue;
        };
        let (Some(file), Some(date)) = (cells.get(file), cells.get(date)) else { continue };
        if date.parse::<Date>().is_ok() {
            rows.push((file.trim_matches('`').to_owned(), (*date).to_owned()));
        }
    }
    Dates(rows)
}

impl Dates {
    /// The date of a file: its own row's, else the oldest of the rows in the same top folder.
    pub(super) fn of(&self, path: &str) -> Option<String> {
        let own = self.0.iter().find(|(file, _)| file == path);
        own.map(|(_, date)| date.clone()).or_else(|| {
            let top = path.split('/').next()?;
            let siblings = self.0.iter().filter(|(file, _)| file.split('/').next() == Some(top));
            siblings.map(|(_, date)| date.clone()).min()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows() {
        let dates = table(
            "| file | upstream | date |\n|---|---|---|\n| `osv/Go/all.zip` | x | 2026-08-21 |\n| `osv/A/all.zip` | x | 2025-01-01 |\n| `b` | | soon |\n",
        );
        assert_eq!(dates.of("osv/Go/all.zip").as_deref(), Some("2026-08-21"));
        assert_eq!(dates.of("osv/Hex/all.zip").as_deref(), Some("2025-01-01"));
        assert_eq!(dates.of("b"), None);
    }
}
