//! Amazon Linux's advisories as its security centre publishes them (<https://alas.aws.amazon.com>): an RSS index of each
//! release, and one HTML page per advisory with the packages that fix it.
//!
//! ```html
//! <div id='new_packages'><b>New Packages:</b><pre>x86_64:<br />&nbsp;&nbsp;&nbsp; perf-4.9.76-38.79.amzn2.x86_64<br />…
//! ```
//! Pages do not write epochs, which an installed package does have. A fix keeps its package's epoch, or no update would
//! bring it, so a package is held against the fix as one of its own epoch. The repositories' own `updateinfo.xml`
//! (see [`super::updateinfo`]) says the same with epochs.

use std::collections::HashMap;

use model::advisory::{Advisory, Affected, End, Namespace, Range};
use model::package::PackageType;
use model::severity::Severity;

use super::record::{cves_in, title};
use super::{ParseError, Sink, rating, time, xml};

/// Most packages of one advisory; the largest known has about 600.
const PACKAGES_LIMIT: usize = 20_000;
/// Most package entries that one page may turn into, counted over all its vulnerabilities.
const AFFECTED_LIMIT: usize = 1_000_000;
/// The epochs above 0 that Amazon's packages and those they are rebuilt from have: 1 is OpenSSL's, 4 Perl's, 32 BIND's.
const EPOCHS: [u8; 14] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15, 32];

/// Reads the index of a release, `amazon/AL2/alas.rss`. What it says of an advisory its page says better; it is asked how
/// far the advisories reach, and which pages there are.
pub fn parse_index(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut newest = None;
    let mut items = 0_usize;
    xml::elements(bytes, &|name| name == "item", &mut |item| {
        items += 1;
        // `Thu, 11 Jan 2018 21:05:00 GMT`
        let day = |name: &str| time::english_day(item.child_text(name).split_once(", ")?.1);
        newest = newest.max(day("pubDate")).max(day("lastBuildDate"));
        match item.child_text("link").rsplit('/').next() {
            Some(page) if page.starts_with("ALAS") => sink.names(&format!("{folder}/{page}")),
            _ => sink.problem(format!("{name}: `{}` has no page", title(item.child_text("title")))),
        }
        Ok(())
    })?;
    if items == 0 {
        return Err(ParseError("it names no advisories".into()));
    }
    sink.record(newest);
    Ok(())
}

/// Reads the page of one advisory, `amazon/AL2/ALAS-2018-939.html`; its folder says which release it is of.
pub fn parse_page(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let namespace = namespace(name).ok_or_else(|| ParseError("its folder does not name a release of Amazon Linux".into()))?;
    let page = String::from_utf8_lossy(bytes);
    // Of thousands of pages that are fetched one by one, some are what a server says instead: no end of the feed.
    let (Some(id), Some(packages)) = (id(&page), section(&page, "new_packages")) else {
        sink.problem(format!("{name} is not the page of an advisory"));
        return Ok(());
    };
    let date = |label: &str| time::timestamp(&text_of(page.split_once(label)?.1.split_once("<br")?.0));
    let issued = date("Advisory Release Date:");
    let updated = date("Advisory Updated Date:").or(issued);
    sink.record(updated.map(time::day));
    if !is_of_the_release(&id) {
        sink.problem(
            "advisories of Amazon Linux's extras are not used: packages do not tell which of them they come from".to_owned(),
        );
        return Ok(());
    }
    let Some(affected) = affected(&id, &namespace, packages, issued, sink) else { return Ok(()) };
    let mut cves = cves_in(&text_of(section(&page, "references").unwrap_or_default()));
    cves.sort_unstable();
    if cves.len().saturating_mul(affected.len()) > AFFECTED_LIMIT {
        sink.problem(format!("{id}: it names too many vulnerabilities and packages"));
        return Ok(());
    }
    let severity = text_of(section(&page, "severity").unwrap_or_default());
    let level = severity.split_whitespace().last().and_then(Severity::from_vendor_word);
    let sources = text_of(section(&page, "affected_packages").unwrap_or_default());
    let template = Advisory {
        title: title(sources.trim().trim_start_matches("Affected Packages:")),
        url: address(name),
        modified: updated,
        ratings: rating::ratings("amazon", level, [], &mut 0),
        affected,
        ..Advisory::default()
    };
    if cves.is_empty() {
        sink.advisory(Advisory { id, published: issued, ..template });
        return Ok(());
    }
    for cve in cves {
        sink.advisory(Advisory { id: cve, errata: vec![id.clone()], ..template.clone() });
    }
    Ok(())
}

/// `amazon:2` for `amazon/AL2/…`, as its security centre names its own folders; the first release is in none of them.
fn namespace(name: &str) -> Option<Namespace> {
    let release = name.rsplit('/').nth(1)?.strip_prefix("AL")?;
    (!release.is_empty() && release.len() <= 4 && release.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("amazon:{release}"))
}

/// Where the page is published.
fn address(name: &str) -> String {
    let path = name.strip_prefix("amazon/").unwrap_or(name);
    format!("https://alas.aws.amazon.com/{}", path.strip_prefix("AL1/").unwrap_or(path))
}

/// The advisory's id, as its headline gives it.
fn id(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<h1")?;
    let headline = rest.split_once('>')?.1.split_once("</h1>")?.0.trim();
    let is_id = headline.len() <= 64
        && headline.starts_with("ALAS")
        && headline.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    is_id.then(|| headline.to_owned())
}

/// Whether an advisory is about the release itself: `ALAS-2018-939`, `ALAS2023-2023-126`. Those of its extras, which bring
/// other versions of the same packages, and of live patches name them: `ALAS2KERNEL-5.10-2022-013`.
fn is_of_the_release(id: &str) -> bool {
    let rest = id.trim_start_matches("ALAS").trim_start_matches(|c: char| c.is_ascii_digit());
    rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// What is inside the element of this id, up to the end of a `div`.
fn section<'p>(page: &'p str, id: &str) -> Option<&'p str> {
    let quoted = [format!("id='{id}'"), format!("id=\"{id}\"")];
    let (_, rest) = quoted.iter().find_map(|attribute| page.split_once(attribute.as_str()))?;
    Some(rest.split_once('>')?.1.split_once("</div>")?.0)
}

/// The text of a piece of a page: tags taken off, line breaks as lines, and blanks that do not break as blanks.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        if tag.starts_with("br") {
            text.push('\n');
        }
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text.replace("&nbsp;", " ")
}

/// The packages of a page; `None`, said as a problem, where there are none that can be used.
fn affected(
    id: &str,
    namespace: &str,
    packages: &str,
    issued: Option<jiff::Timestamp>,
    sink: &mut dyn Sink,
) -> Option<Vec<Affected>> {
    let mut affected: Vec<Affected> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    let text = text_of(packages.split_once("<pre").map_or("", |(_, list)| list.split_once('>').map_or("", |(_, list)| list)));
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // The heading of an architecture; packages repeat it.
        if line.ends_with(':') {
            continue;
        }
        let Some((name, version, architecture)) = build(line) else {
            sink.problem(format!("{id}: `{}` is not a package", title(line)));
            continue;
        };
        if architecture == "src" {
            continue;
        }
        if affected.len() >= PACKAGES_LIMIT {
            sink.problem(format!("{id}: it fixes more than {PACKAGES_LIMIT} packages"));
            return None;
        }
        let at = *known.entry((name.to_owned(), version.to_owned())).or_insert_with(|| {
            affected.push(Affected {
                namespace: namespace.to_owned(),
                kind: Some(PackageType::Rpm),
                name: name.to_owned(),
                ranges: ranges(version),
                fixed_at: issued,
                ..Affected::default()
            });
            affected.len() - 1
        });
        if let Some(entry) = affected.get_mut(at)
            && !entry.architectures.iter().any(|known| known == architecture)
        {
            entry.architectures.push(architecture.to_owned());
        }
    }
    for entry in &mut affected {
        if entry.architectures.iter().any(|architecture| architecture == "noarch") {
            entry.architectures.clear();
        }
    }
    if affected.is_empty() {
        sink.problem(format!("{id}: it names no packages"));
        return None;
    }
    Some(affected)
}

/// `kernel-tools-4.9.76-38.79.amzn2.x86_64`: name, version with release, architecture.
fn build(line: &str) -> Option<(&str, &str, &str)> {
    let (stem, architecture) = line.rsplit_once('.')?;
    let release = stem.rfind('-')?;
    let version = stem.get(..release)?.rfind('-')?;
    let (name, version) = (stem.get(..version)?, stem.get(version + 1..)?);
    let is_word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
    (is_word(name) && is_word(version) && is_word(architecture)).then_some((name, version, architecture))
}

/// Below the version, in whichever epoch the package is.
fn ranges(version: &str) -> Vec<Range> {
    let plain = Range { end: End::Fixed(version.to_owned()), ..Range::default() };
    let of_epoch = |epoch: &u8| Range {
        introduced: Some(format!("{epoch}:0")),
        end: End::Fixed(format!("{epoch}:{version}")),
        ..Range::default()
    };
    std::iter::once(plain).chain(EPOCHS.iter().map(of_epoch)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_packages() {
        for (id, expected) in [
            ("ALAS-2018-939", true),
            ("ALAS2-2021-1699", true),
            ("ALAS2023-2023-126", true),
            ("ALASDOCKER-2021-001", false),
            ("ALAS2KERNEL-5.10-2022-013", false),
            ("ALAS2023LIVEPATCH-2023-014", false),
        ] {
            assert_eq!(is_of_the_release(id), expected, "{id}");
        }
        assert_eq!(build("perf-4.9.76-38.79.amzn2.x86_64"), Some(("perf", "4.9.76-38.79.amzn2", "x86_64")));
        for line in ["", "perf", "perf-1.x86_64", "-1-1.x86_64", "two words-1-1.x86_64"] {
            assert_eq!(build(line), None, "{line}");
        }
        assert_eq!(namespace("amazon/AL1/ALAS-2018-1106.html").as_deref(), Some("amazon:1"));
        assert_eq!((namespace("amazon/AL/x"), namespace("AL2"), namespace("amazon/ALx/x")), (None, None, None));
        assert_eq!(address("amazon/AL1/ALAS-2018-1106.html"), "https://alas.aws.amazon.com/ALAS-2018-1106.html");
    }

    #[test]
    fn pages_that_end_too_soon() {
        for html in ["<", "a<br", "<br", "&nbsp;<b", "id='x'", "<div id='x'>never closed"] {
            let _ = (text_of(html), section(html, "x"), id(html));
        }
        assert_eq!(section("<div id=\"x\" class='y'>in</div>out", "x"), Some("in"));
    }
}
