//! Lengths of time as people write them: `30s`, `10m`, `12h`, `7d`, `2w`.

use std::time::Duration;

/// Reads a whole number and a unit.
pub fn parse(text: &str) -> Result<Duration, String> {
    let error = || format!("`{text}` is no length of time; write a number and one of s, m, h, d, w, as in `7d`");
    let split = text.find(|character: char| !character.is_ascii_digit()).ok_or_else(error)?;
    let (number, unit) = text.split_at(split);
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(error()),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(seconds)).map(Duration::from_secs).ok_or_else(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        assert_eq!(parse("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse("7d"), Ok(Duration::from_secs(604_800)));
        for bad in ["", "7", "d", "7 d", "-1d", "99999999999999999999w", "1y"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
