//! What is tried again, and after how long.

use std::time::Duration;

use jiff::Timestamp;

/// Times a request is made at most.
pub(crate) const ATTEMPTS: u32 = 5;
/// Longest pause that a server may ask for.
const LONGEST: Duration = Duration::from_secs(60);
/// The first pause; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(250);

/// The pause after a failed attempt, the first being 0.
pub(crate) fn pause(attempt: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(attempt)).min(LONGEST)
}

/// Whether the server may answer otherwise if asked again.
pub(crate) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// The pause that `Retry-After` asks for (<https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>); `None` where it is too
/// long to be waited for.
pub(crate) fn asked_pause(header: Option<&str>, attempt: u32, now: Timestamp) -> Option<Duration> {
    let Some(header) = header.map(str::trim) else { return Some(pause(attempt)) };
    let asked = match header.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => match jiff::fmt::rfc2822::parse(header) {
            Ok(time) => Duration::try_from(time.timestamp().duration_since(now)).unwrap_or_default(),
            Err(_) => pause(attempt),
        },
    };
    (asked <= LONGEST).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let asked = |header| asked_pause(header, 1, now);
        assert_eq!(asked(None), Some(Duration::from_millis(500)));
        assert_eq!(asked(Some("7")), Some(Duration::from_secs(7)));
        assert_eq!(asked(Some("Thu, 01 Jan 2026 00:00:09 GMT")), Some(Duration::from_secs(9)));
        assert_eq!(asked(Some("Wed, 31 Dec 2025 00:00:09 GMT")), Some(Duration::ZERO));
        assert_eq!(asked(Some("soon")), Some(Duration::from_millis(500)));
        assert_eq!(asked(Some("3600")), None);
        assert_eq!(pause(40), LONGEST);
        assert!(is_passing(429) && is_passing(503) && !is_passing(404) && !is_passing(501));
    }
}
