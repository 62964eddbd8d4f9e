//! Small things that records of many feeds share.

use jiff::civil::Date;
use model::advisory::{Advisory, CveFacts};
use model::vex::VexStatement;
use serde::{Deserialize, Deserializer};

use super::Sink;

/// Longest title kept, in characters.
const TITLE_LIMIT: usize = 200;

/// Whether a text is a CVE id: `CVE-`, four digits, `-`, four or more digits.
pub(crate) fn is_cve(text: &str) -> bool {
    let Some((year, number)) = text.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')) else { return false };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    year.len() == 4 && digits(year) && (4..=19).contains(&number.len()) && digits(number)
}

/// Finds the CVE ids inside a text, each once, in order of appearance.
pub(super) fn cves_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (start, _) in text.match_indices("CVE-") {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.char_indices().skip(4).find(|(_, c)| !c.is_ascii_digit() && *c != '-').map_or(rest.len(), |(at, _)| at);
        let id = rest.get(..end).unwrap_or_default().trim_end_matches('-');
        if is_cve(id) && !found.iter().any(|known| known == id) {
            found.push(id.to_owned());
        }
    }
    found
}

/// One line: blanks folded, cut at a word where it is too long.
pub(super) fn title(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(TITLE_LIMIT));
    let mut characters = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if characters + length + 1 > TITLE_LIMIT {
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        characters += length + 1;
    }
    line
}

/// The first sentence of a description, for feeds that have no title: up to a full stop that ends a sentence, or the line.
pub(super) fn first_sentence(text: &str) -> String {
    let line = text.lines().map(|line| line.trim_start_matches(['#', ' ', '*']).trim()).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    let end = line.find(". ").map_or(line.len(), |at| at + 1);
    title(line.get(..end).unwrap_or(line))
}

/// `CWE-79` for `CWE-79`, `79` and `cwe-79: Cross-site …`; `None` for anything else (`NVD-CWE-noinfo`).
pub(super) fn cwe(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = match text.get(..4) {
        Some(prefix) if prefix.eq_ignore_ascii_case("CWE-") => text.get(4..)?,
        _ => text,
    };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| rest.get(..end).unwrap_or_default());
    (!digits.is_empty() && digits.len() <= 6).then(|| format!("CWE-{digits}"))
}

/// Reads `null` as the type's default, as feeds write empty lists and texts.
pub(super) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// What a parser put into it, in order: lets documents be parsed on several threads and handed on in their order.
#[derive(Default)]
pub(super) struct Recording(pub(super) Vec<Event>);

/// One call of a [`Sink`].
pub(super) enum Event {
    /// [`Sink::advisory`].
    Advisory(Box<Advisory>),
    /// [`Sink::facts`].
    Facts(Box<CveFacts>),
    /// [`Sink::vex`].
    Vex(Box<VexStatement>),
    /// [`Sink::record`].
    Record(Option<Date>),
    /// [`Sink::problem`].
    Problem(String),
    /// [`Sink::names`].
    Names(String),
}

impl Sink for Recording {
    fn advisory(&mut self, advisory: Advisory) {
        self.0.push(Event::Advisory(Box::new(advisory)));
    }
    fn facts(&mut self, facts: CveFacts) {
        self.0.push(Event::Facts(Box::new(facts)));
    }
    fn problem(&mut self, problem: String) {
        self.0.push(Event::Problem(problem));
    }
    fn vex(&mut self, statement: VexStatement) {
        self.0.push(Event::Vex(Box::new(statement)));
    }
    fn record(&mut self, date: Option<Date>) {
        self.0.push(Event::Record(date));
    }
    fn names(&mut self, document: &str) {
        self.0.push(Event::Names(document.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        assert!(is_cve("CVE-2024-3094") && is_cve("CVE-2024-1234567"));
        assert!(!is_cve("CVE-2024-309") && !is_cve("CVE_2019-2426") && !is_cve("CVE-2017-17434-1"));
        assert_eq!(cves_in("see CVE-2020-1234, CVE-2020-1234 and (CVE-2021-99999)"), ["CVE-2020-1234", "CVE-2021-99999"]);
        assert!(cves_in("CVE-ü CVE-2020").is_empty());
        assert_eq!(cwe("CWE-79: Cross-site").as_deref(), Some("CWE-79"));
        assert_eq!((cwe("79").as_deref(), cwe("NVD-CWE-noinfo")), (Some("CWE-79"), None));
    }

    #[test]
    fn titles() {
        assert_eq!(title("  a\n b  "), "a b");
        assert!(title(&"wörd ".repeat(100)).chars().count() <= TITLE_LIMIT + 1);
        assert_eq!(first_sentence("\n# Summary of v1.2 bugs\nMore."), "Summary of v1.2 bugs");
        assert_eq!(first_sentence("It breaks. Then more."), "It breaks.");
    }
}
