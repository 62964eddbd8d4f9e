//! One policy file and one report in, one decision with its reasons out. Whatever is missing is a reason to deny: a report, a
//! database, an answer.
//!
//! ```text
//! file ─► load ─► rule ─► decide ◄─ evidence ◄─ facts ◄─ a report's JSON
//!          │                │
//!   short_form ─► cel (check ─► eval)
//! ```

mod cases;
mod cel;
mod decide;
mod evidence;
mod explain;
mod facts;
mod file;
mod licenses;
mod load;
mod pattern;
mod place;
mod purls;
mod rule;
mod short_form;
mod value;

pub use cases::{Case, CaseFile};
pub use decide::{decide, refuse};
pub use explain::{context, explain, explain_report};
pub use facts::question::{GATES, Question};
pub use facts::{Facts, ReportError};
pub use load::MAX_SIZE;
pub use place::PolicyError;
pub use rule::Policy;
