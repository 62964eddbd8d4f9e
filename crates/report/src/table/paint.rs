//! Colour, and the signs that say the same without it.

use model::finding::{Finding, FindingKind};
use model::severity::Severity;

/// How a piece of text looks on a terminal that has colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it comes.
    #[default]
    Plain,
    /// Headings and what matters.
    Bold,
    /// What may be passed over.
    Dim,
    /// What one should know before believing the rest.
    Warning,
    /// What is good.
    Good,
    /// Marks that must not be missed.
    Alarm,
    /// As bad as it is.
    Severity(Severity),
}

impl Style {
    /// Parameters of the SGR sequence (ECMA-48, 8.3.117); the sixteen basic colours, so that the terminal's theme holds.
    fn codes(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Warning => "33",
            Self::Good => "32",
            Self::Alarm => "1;37;41",
            Self::Severity(Severity::Critical) => "1;31",
            Self::Severity(Severity::High) => "31",
            Self::Severity(Severity::Medium) => "33",
            Self::Severity(Severity::Low) => "36",
            Self::Severity(Severity::Negligible) => "2",
            Self::Severity(Severity::Unknown) => "35",
        }
    }
}

/// Paints text, or leaves it as it is where there is no colour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) color: bool,
}

impl Paint {
    /// Adds the painted text.
    pub(crate) fn push(self, out: &mut String, style: Style, text: &str) {
        let codes = style.codes();
        if !self.color || codes.is_empty() || text.is_empty() {
            out.push_str(text);
            return;
        }
        for part in ["\u{1b}[", codes, "m", text, "\u{1b}[0m"] {
            out.push_str(part);
        }
    }
}

/// The sign of a level: a shape of its own for each, so that colour is never the only thing that tells them apart.
pub(crate) fn symbol(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "■",
        Severity::High => "▲",
        Severity::Medium => "◆",
        Severity::Low => "▽",
        Severity::Negligible => "·",
        Severity::Unknown => "?",
    }
}

/// The mark beside the id of what is more than an ordinary weakness.
pub(crate) fn badge(finding: &Finding) -> Option<&'static str> {
    match finding.kind {
        FindingKind::Malicious => Some("MALWARE"),
        FindingKind::EndOfLife => Some("EOL"),
        FindingKind::Unmaintained => Some("UNMAINTAINED"),
        FindingKind::Vulnerability => finding.is_known_exploited().then_some("KEV"),
    }
}
