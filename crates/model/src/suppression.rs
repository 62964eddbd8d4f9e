//! Why a finding is set aside: the words of whoever decided so, kept with the finding for as long as it stays visible.

use jiff::civil::Date;
use serde::Deserialize;

use crate::vex::VexStatus;

/// Where the decision came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKind {
    /// A VEX statement.
    Vex,
    /// An exception with a reason, an author and an expiry.
    Exception,
    /// An entry of another scanner's ignore file.
    IgnoreFile,
    /// An earlier report has it, too.
    Baseline,
}

impl SuppressionKind {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vex => "vex",
            Self::Exception => "exception",
            Self::IgnoreFile => "ignore-file",
            Self::Baseline => "baseline",
        }
    }
}

/// One decision about one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suppression {
    /// What sort of decision.
    pub kind: SuppressionKind,
    /// The file, or the feed of the database, that it stands in.
    pub source: String,
    /// Line in the file, from 1; `None` where the format has no lines that mean anything.
    pub line: Option<u32>,
    /// Id of the statement or its document; empty where it has none.
    pub id: String,
    /// Who decided; empty where nobody says so.
    pub author: String,
    /// Why, in words; empty where nobody says so.
    pub reason: String,
    /// What the VEX statement says; for exceptions `None`.
    pub status: Option<VexStatus>,
    /// OpenVEX's word for why the product is not affected; empty where there is none.
    pub justification: String,
    /// The last day on which it holds; `None` where it has no end.
    pub expires: Option<Date>,
}

impl Suppression {
    /// One line for people: the reason, and in brackets who says so, until when, and where.
    pub fn words(&self) -> String {
        let justification = self.justification.replace('_', " ");
        let status = self.status.map(|status| status.name().replace('_', " "));
        let mut text = String::new();
        for part in [status.as_deref().unwrap_or_default(), &justification, &self.reason] {
            if !part.is_empty() {
                text.push_str(if text.is_empty() { "" } else { ": " });
                text.push_str(part);
            }
        }
        if text.is_empty() {
            text.push_str("no reason given");
        }
        let until = self.expires.map(|date| format!("until {date}"));
        let place = self.line.map_or_else(|| self.source.clone(), |line| format!("{} line {line}", self.source));
        let who = [self.author.as_str(), until.as_deref().unwrap_or_default(), &place];
        let who: Vec<&str> = who.into_iter().filter(|part| !part.is_empty()).collect();
        if who.is_empty() { text } else { format!("{text} ({})", who.join(", ")) }
    }
}
