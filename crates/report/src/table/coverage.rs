//! The first lines: what is there, how much of it could be judged and by whom, and what to know before believing the rest.

use model::coverage::{Coverage, Level};
use model::report::Report;

use super::paint::{Paint, Style};
use crate::text::{count, harmless, one_line, wrap};

/// `debian 12`, or what kind of target it is.
pub(crate) fn subject(report: &Report) -> String {
    match &report.distro {
        Some(distro) if !distro.version_id.is_empty() => one_line(&format!("{} {}", distro.id, distro.version_id)),
        Some(distro) => one_line(&format!("{} {}", distro.id, distro.codename.as_deref().unwrap_or_default())),
        None if report.image.source == "source" => "source code".to_owned(),
        None => "no distribution".to_owned(),
    }
}

/// How one row was judged: `judged 420 by debian-dsa (2023-04-02, fixed-only) · 11 not judged (…)`.
fn judged(row: &Coverage) -> String {
    let mut parts = Vec::new();
    if let Some(feed) = &row.feed {
        let mut how: Vec<&str> = row.as_of.as_deref().into_iter().collect();
        if row.level != Level::Full {
            how.push(row.level.name());
        }
        let how = if how.is_empty() { String::new() } else { format!(" ({})", how.join(", ")) };
        parts.push(format!("judged {} by {feed}{how}", row.judged));
    }
    if row.unjudged > 0 {
        parts.push(format!("{} not judged", row.unjudged));
    }
    if row.undetermined > 0 {
        parts.push(format!("{} undetermined", row.undetermined));
    }
    if parts.is_empty() {
        parts.push("nothing to judge".to_owned());
    }
    let mut text = parts.join(" · ");
    if !row.reasons.is_empty() {
        text = format!("{text} ({})", folded(&row.reasons));
    }
    one_line(&text)
}

/// Packages that one reason names one by one.
const NAMED: usize = 3;

/// The reasons, those of single packages (`name: why`) gathered under what they have in common.
fn folded(reasons: &[String]) -> String {
    let mut texts: Vec<(&str, Vec<&str>)> = Vec::new();
    for reason in reasons {
        match reason.split_once(": ") {
            Some((name, why)) => match texts.iter_mut().find(|(known, names)| *known == why && !names.is_empty()) {
                Some((_, names)) => names.push(name),
                None => texts.push((why, vec![name])),
            },
            None => texts.push((reason, Vec::new())),
        }
    }
    // What is said of all comes before what is said of some.
    texts.sort_by_key(|(_, names)| !names.is_empty());
    let text = |(why, names): &(&str, Vec<&str>)| {
        let more = names.len().saturating_sub(NAMED);
        match (names.as_slice(), more) {
            ([], _) => (*why).to_owned(),
            (names, 0) => format!("{}: {why}", names.join(", ")),
            (names, more) => format!("{} and {more} more: {why}", names[..NAMED].join(", ")),
        }
    };
    texts.iter().map(text).collect::<Vec<_>>().join("; ")
}

/// Packages judged, not judged and undetermined.
pub(crate) fn totals(report: &Report) -> (usize, usize, usize) {
    report.coverage.iter().fold((0, 0, 0), |(judged, unjudged, undetermined), row| {
        (judged + row.judged, unjudged + row.unjudged, undetermined + row.undetermined)
    })
}

/// Writes the coverage.
pub(super) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let head = format!("{} · {}", subject(report), count(report.packages.len(), "package"));
    let mut lines: Vec<String> = Vec::new();
    match report.coverage.as_slice() {
        _ if report.findings.is_none() => lines.push(format!("{head} · an inventory: nothing was judged")),
        [] => lines.push(format!("{head} · nothing was judged")),
        [row] => lines.push(format!("{head} · {}", judged(row))),
        rows => {
            let (judged_packages, unjudged, undetermined) = totals(report);
            let mut line = format!("{head} · judged {judged_packages}");
            for (number, word) in [(unjudged, "not judged"), (undetermined, "undetermined")] {
                if number > 0 {
                    line = format!("{line} · {number} {word}");
                }
            }
            lines.push(line);
            let widest = rows.iter().map(|row| row.kind.len()).max().unwrap_or(0);
            for row in rows {
                let text =
                    wrap(&judged(row), columns.saturating_sub(widest + 4), 0).replace('\n', &format!("\n{:1$}", "", widest + 4));
                lines.push(format!("  {:widest$}  {text}", one_line(&row.kind)));
            }
        }
    }
    for (number, line) in lines.iter().enumerate() {
        // The rows of several are wrapped already.
        let (style, text) = if number == 0 { (Style::Bold, wrap(line, columns, 2)) } else { (Style::Plain, line.clone()) };
        for part in text.split('\n') {
            paint.push(out, style, part);
            out.push('\n');
        }
    }
    paint.push(out, Style::Dim, &wrap(&image(report), columns, 2));
    out.push('\n');
}

/// Which image it is.
fn image(report: &Report) -> String {
    let image = &report.image;
    let mut parts = vec![harmless(&image.reference).into_owned()];
    parts.extend(image.platform.as_ref().map(|platform| harmless(&platform.to_string()).into_owned()));
    // The whole digest stands in the other formats; twelve digits are what people compare.
    let short = |digest: model::digest::Digest| format!("{}:{:.12}", digest.algorithm(), digest.hex());
    parts.extend(image.digest.or(image.config_digest).map(short));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// What to know before believing the rest: ended support, a database that knows little, and everything that was not
/// looked at. In plain words, not yet escaped.
pub(crate) fn warnings(report: &Report) -> Vec<String> {
    let mut warnings = Vec::new();
    let looked = report.findings.is_some();
    if let Some(ended) = report.distro_eol.as_deref().filter(|ended| *ended < report.created.to_string().as_str()) {
        warnings.push(format!(
            "{} has had no security support since {ended}: what is not listed here may be vulnerable all the same",
            report.distro.as_ref().map_or("this release", |distro| &distro.pretty_name)
        ));
    }
    if looked && report.database.kind == "embedded" && !report.warnings.iter().any(|said| said.contains("known-exploited")) {
        warnings.push("only known-exploited vulnerabilities were looked for: this is the embedded database".to_owned());
    }
    if looked && report.database.kind == "none" {
        warnings.push("there is no advisory database: no vulnerability can be found".to_owned());
    }
    warnings.extend(report.warnings.iter().cloned());
    warnings
}

/// Writes the warnings.
pub(super) fn write_warnings(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    for warning in warnings(report) {
        let text = wrap(&one_line(&warning), columns.saturating_sub(2), 2);
        paint.push(out, Style::Warning, &format!("! {text}"));
        out.push('\n');
    }
}
