//! What a decision rests on: a report (`plimsoll.report/v1`) as conditions see it. Stored and live reports are read from
//! the same JSON, so that a decision on either is the same. Fields that a condition cannot name are not read.

pub(crate) mod database;
pub(crate) mod finding;
pub(crate) mod image;
pub(crate) mod question;
pub(crate) mod trust;

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;

use database::{Coverage, Database, Summary};
use finding::Finding;
use image::{Image, Os, Package};
use trust::{Exception, License, Misconfiguration, Secret, Signature};

/// The schema that is read.
const SCHEMA: &str = "plimsoll.report/v1";

/// A report that is none, or not one that can be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReportError(String);

/// A report. Lists without which nothing can be called clean must be there; what may be `null` was not looked at.
#[derive(Debug, Deserialize)]
pub struct Facts {
    schema: String,
    pub(crate) created: Timestamp,
    pub(crate) image: Image,
    pub(crate) os: Option<Os>,
    pub(crate) database: Database,
    pub(crate) coverage: Vec<Coverage>,
    pub(crate) packages: Vec<Package>,
    pub(crate) findings: Option<Vec<Finding>>,
    #[serde(default)]
    pub(crate) misconfigurations: Option<Vec<Misconfiguration>>,
    #[serde(default)]
    pub(crate) secrets: Option<Vec<Secret>>,
    #[serde(default)]
    pub(crate) licenses: Option<Vec<License>>,
    /// What the findings that are set aside tell; `None` where one of them does not.
    #[serde(skip)]
    pub(crate) exceptions: Option<Vec<Exception>>,
    /// Never read: until signatures can be verified, what a report says of them is anybody's claim.
    #[serde(skip)]
    pub(crate) signatures: Option<Vec<Signature>>,
    /// Never read, for the same reason.
    #[serde(skip)]
    pub(crate) attestations: Option<Vec<Signature>>,
    pub(crate) summary: Summary,
    /// Parts of the image that were not read; `None` in reports of a time that did not say.
    #[serde(default)]
    pub(crate) unread: Option<Vec<String>>,
}

impl Facts {
    /// Reads a report's JSON.
    pub fn read(json: &[u8]) -> Result<Self, ReportError> {
        let bad = |error: serde_json::Error| ReportError(format!("this is no report of the form {SCHEMA}: {error}"));
        let facts: Self = serde_json::from_slice(json).map_err(bad)?;
        facts.checked()
    }

    /// When the report was written.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// Reads a report that is parsed already.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, ReportError> {
        let bad = |error: serde_json::Error| ReportError(format!("this is no report of the form {SCHEMA}: {error}"));
        Self::deserialize(value).map_err(bad)?.checked()
    }

    fn checked(mut self) -> Result<Self, ReportError> {
        if self.schema != SCHEMA {
            let hint = if self.schema == "plimsoll.index/v1" { "; ask about each of its `reports`" } else { "" };
            return Err(ReportError(format!("the report is of the form `{}`; {SCHEMA} is read{hint}", self.schema)));
        }
        if self.licenses.is_some() {
            for package in &mut self.packages {
                package.license = model::license::combined(&package.licenses);
            }
        }
        if let Some(findings) = &mut self.findings {
            // Decisions name findings in this order, whatever the order in the report.
            findings.sort_by(Finding::order);
            let told: Result<Vec<Option<Exception>>, ()> = findings.iter().map(Finding::exception).collect();
            self.exceptions = told.ok().map(|exceptions| exceptions.into_iter().flatten().collect());
        }
        Ok(self)
    }

    /// Marks which feeds are too old at a time.
    pub(crate) fn age(&mut self, now: Timestamp, max_age: Duration) {
        let too_old = |name: &str, as_of: &str| model::coverage::too_old(name, as_of, now, max_age);
        for feed in &mut self.database.feeds {
            feed.doubt = too_old(&feed.name, &feed.as_of);
        }
        for row in &mut self.coverage {
            let name = row.feed.as_deref().unwrap_or("the feed");
            row.doubt = row.as_of.as_deref().and_then(|as_of| too_old(name, as_of));
        }
    }
}
