//! The file of notices that is handed on with an image: under which licence each package is, whose the copyright is, and the
//! texts that lie in the image.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use model::inventory::Notice;
use model::license::{self, LicenseVerdict};
use model::report::Report;

use crate::licenses::names;
use crate::text::{count, harmless, one_line, wrap};

/// Columns of a line of ours; the texts keep theirs.
const COLUMNS: usize = 100;
/// Copyright lines of one package; those of the texts stand there.
const COPYRIGHTS: usize = 20;

/// Renders reports one after the other.
pub(crate) fn render(reports: &[Report]) -> Vec<u8> {
    let mut out = String::new();
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            let _ = writeln!(out, "\n{}\n", "=".repeat(COLUMNS));
        }
        one(&mut out, report);
    }
    out.into_bytes()
}

fn one(out: &mut String, report: &Report) {
    let packages = report.packages.iter().map(|(purl, package)| (purl.as_str(), package.licenses.as_slice()));
    let (silent, groups): (Vec<_>, Vec<_>) =
        LicenseVerdict::group(packages).into_iter().partition(|group| group.expression == license::NOT_SAID);
    let title = format!("Third-party software in {}", one_line(&report.image.reference));
    let _ = writeln!(out, "{title}\n{}\n", "=".repeat(title.chars().count().min(COLUMNS)));
    let notices = report.notices.as_deref().unwrap_or_default();
    let texts = texts(notices);
    let summary = format!(
        "{}, {}, {}.",
        count(report.packages.len(), "package"),
        count(groups.len(), "licence expression"),
        if report.notices.is_some() { count(texts.len(), "text") } else { "texts not looked for".to_owned() }
    );
    let _ = writeln!(out, "{summary}");
    for warning in &report.warnings {
        let _ = writeln!(out, "{}", wrap(&format!("! {}", one_line(warning)), COLUMNS, 2));
    }
    let names = names(report);
    let mut copyrights: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut numbers: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (number, text) in texts.iter().enumerate() {
        for notice in &text.notices {
            for purl in &notice.packages {
                numbers.entry(purl).or_default().insert(number + 1);
                let lines = copyrights.entry(purl).or_default();
                for line in &notice.copyrights {
                    if !lines.contains(&line.as_str()) {
                        lines.push(line);
                    }
                }
            }
        }
    }
    for group in groups.iter().chain(&silent) {
        let head = if group.expression == license::NOT_SAID { "No licence is declared" } else { &group.expression };
        let _ = writeln!(out, "\n{}\n{}", wrap(head, COLUMNS, 0), "-".repeat(head.chars().count().min(COLUMNS)));
        for purl in &group.packages {
            let name = names.get(purl.as_str()).map_or(purl.as_str(), String::as_str);
            let numbers: Vec<String> =
                numbers.get(purl.as_str()).into_iter().flatten().map(|number| format!("[{number}]")).collect();
            let line = format!("{} {}", one_line(name), numbers.concat());
            let _ = writeln!(out, "  {}", line.trim_end());
            let lines = copyrights.get(purl.as_str()).map_or(&[][..], Vec::as_slice);
            for line in lines.iter().take(COPYRIGHTS) {
                let _ = writeln!(out, "      {}", one_line(line));
            }
            if lines.len() > COPYRIGHTS {
                let _ = writeln!(out, "      and {} in the text", count(lines.len() - COPYRIGHTS, "more line"));
            }
        }
    }
    for (number, text) in texts.iter().enumerate() {
        let paths: Vec<String> = text.notices.iter().map(|notice| one_line(&notice.path)).collect();
        let _ = writeln!(out, "\n{}\n[{}] {}\n", "=".repeat(COLUMNS), number + 1, wrap(&paths.join(", "), COLUMNS - 5, 4));
        for line in text.text.lines() {
            // Tabs and form feeds lay out a page, nothing else.
            let line = line.replace('\t', "        ").replace('\u{c}', "");
            let _ = writeln!(out, "{}", harmless(line.trim_end()));
        }
    }
}

/// One text, and every file that holds it.
struct Text<'a> {
    text: &'a str,
    notices: Vec<&'a Notice>,
}

/// The same text lies beside many packages; in the order of its first path.
fn texts(notices: &[Notice]) -> Vec<Text<'_>> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut texts: Vec<Text<'_>> = Vec::new();
    for notice in notices {
        let place = *places.entry(notice.text.trim()).or_insert_with(|| {
            texts.push(Text { text: notice.text.trim(), notices: Vec::new() });
            texts.len() - 1
        });
        texts[place].notices.push(notice);
    }
    texts
}
