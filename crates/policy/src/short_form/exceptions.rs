//! Caps on exceptions: how long one may live, who may write it, and what none may be written for.

use super::{Part, days, list, part};
use crate::file::Exceptions;

/// `exceptions`.
pub(super) fn caps(caps: &Exceptions) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    if let Some(limit) = caps.longest_days {
        // A day more: an exception holds to the end of its last one.
        let cel =
            format!("exceptions != null && exceptions.exists(e, e.expires == null || e.expires - now > {})", days(limit + 1));
        parts.push(part(cel, format!("an exception lives more than {limit} days from now")));
    }
    match caps.authors.as_deref() {
        Some([]) => return Err("the list of authors is empty; name one".to_owned()),
        Some(authors) => {
            let cel = format!(
                "exceptions != null && exceptions.exists(e, e.author == null || !(e.author in {}))",
                list(authors.iter().map(String::as_str))
            );
            parts.push(part(cel, "an exception is not by one of those who may write one"));
        }
        None => {}
    }
    if !parts.is_empty() {
        parts.push(part(
            "exceptions == null && findings.exists(f, f.suppressed != null)",
            "not looked at: the report does not tell by whom and until when findings are suppressed",
        ));
    }
    match caps.never_for_exploited {
        Some(false) => return Err("`never-for-exploited: false` never speaks; write `true`, or leave it away".to_owned()),
        Some(true) => parts.push(part(
            "exceptions == null || exceptions.exists(e, e.exploited)",
            "an exception for what is known to be exploited",
        )),
        None => {}
    }
    if parts.is_empty() {
        return Err("it caps nothing; write `longest-days: 90`, `authors: […]` or `never-for-exploited: true`".to_owned());
    }
    Ok(parts)
}
