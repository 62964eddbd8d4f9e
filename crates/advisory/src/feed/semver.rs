//! Bounds in other ways of counting, as versions of three numbers (<https://semver.org>).

/// The version of three numbers that stands among its like where the bound stands. Libraries had their own ways of counting
/// before they came to npm (`4.5`, `1.01`, `1.9.0b1`, `1.0.0.beta.3`, `0.9.7.1`, and `1.3.0-*` from the first pre-release
/// on), and Ruby once counted patch levels (`1.8.6.369`). `None` where it cannot be told.
pub(super) fn as_semver(bound: &str) -> Option<String> {
    let mut rest = bound;
    let mut numbers = [0_u64; 4];
    let mut count = 0;
    for number in &mut numbers {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (text, after) = rest.split_at(digits);
        *number = text.parse().ok()?;
        count += 1;
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if next.starts_with(|letter: char| letter.is_ascii_digit()) => rest = next,
            _ => break,
        }
    }
    let [major, minor, mut patch, fourth] = numbers;
    let suffix = rest.trim_start_matches(['-', '.']);
    let usable = suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.+".contains(&byte));
    Some(match suffix {
        // Between 0.9.7 and 0.9.8 lies no version of three numbers but those that lead to 0.9.8.
        "" if count == 4 && fourth > 0 => {
            patch += 1;
            format!("{major}.{minor}.{patch}-0")
        }
        "" => format!("{major}.{minor}.{patch}"),
        "*" => format!("{major}.{minor}.{patch}-0"),
        pre if usable && count < 4 => format!("{major}.{minor}.{patch}-{pre}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use model::version::Scheme;

    use super::as_semver;

    #[test]
    fn bounds_become_versions_of_three_numbers() {
        for (bound, expected) in [
            ("1.2.3", Some("1.2.3")),
            ("0", Some("0.0.0")),
            ("4.5", Some("4.5.0")),
            ("1.01", Some("1.1.0")),
            ("1.9.0b1", Some("1.9.0-b1")),
            ("1.0RC2", Some("1.0.0-RC2")),
            ("3.0.RC3", Some("3.0.0-RC3")),
            ("1.0.0.beta.3", Some("1.0.0-beta.3")),
            ("1.4.0-beta.2", Some("1.4.0-beta.2")),
            ("1.3.0-*", Some("1.3.0-0")),
            ("0.9.7.1", Some("0.9.8-0")),
            ("1.2.3.0", Some("1.2.3")),
            ("1.9.2.A", Some("1.9.2-A")),
            ("~", None),
            ("1.2.3 or so", None),
            ("99999999999999999999.0.0", None),
        ] {
            let found = as_semver(bound);
            assert_eq!(found.as_deref(), expected, "{bound}");
            if let Some(version) = found {
                assert!(Scheme::Npm.compare(&version, &version).is_some(), "{bound}");
            }
        }
    }
}
