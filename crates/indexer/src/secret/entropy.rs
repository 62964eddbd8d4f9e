//! Telling a secret from a word, a placeholder and a row of digits.

/// Shannon entropy in bits a byte.
pub(super) fn bits(value: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for &byte in value {
        counts[usize::from(byte)] += 1;
    }
    let length = value.len() as f64;
    let terms = counts.iter().filter(|&&count| count > 0).map(|&count| {
        let share = f64::from(count) / length;
        share * share.log2()
    });
    // Nothing has no entropy, and no minus sign.
    (-terms.sum::<f64>()).max(0.0)
}

/// Words that stand where a secret would: nobody draws them by chance.
const PLACEHOLDERS: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "changethis",
    "change-this",
    "change_this",
    "replaceme",
    "replace_me",
    "replace-me",
    "replace_with",
    "replace-with",
    "redacted",
    "xxxxxx",
    "******",
    "......",
    "-----",
    "______",
    "yourtoken",
    "your_",
    "your-",
    "yourapi",
    "yoursecret",
    "yourkey",
    "yourpassword",
    "my_secret",
    "my-secret",
    "mysecret",
    "mytoken",
    "my_token",
    "my-token",
    "mypassword",
    "my_password",
    "insert_",
    "insert-",
    "inserthere",
    "dummy",
    "foobar",
    "notreal",
    "not_a_real",
    "not-a-real",
    "fake",
    "deadbeef",
    "todo_",
    "<token",
    "<secret",
    "<password",
    "<your",
    "undefined",
    "lorem",
    "thisisa",
    "this_is_",
    "this-is-",
    "not_set",
    "not-set",
    "unused",
    "secretkey",
    "secret_key",
    "secret-key",
    "generate_",
    "some_",
    "some-",
    "token_here",
    "token-here",
    "key_here",
    "key-here",
    "keyhere",
    "tokenhere",
    "goes_here",
    "goes-here",
    "masked",
    "hidden",
    "removed",
    "omitted",
    "truncated",
    "supersecret",
    "super_secret",
    "super-secret",
    "topsecret",
    "test_key",
    "testkey",
    "test-key",
    "test_token",
    "testtoken",
    "test-token",
    "test_secret",
    "testsecret",
];

/// Whether a value is there to be replaced: a word that says so, one letter over and over, or letters in their order.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    has_row(value) || is_repetition(value) || {
        let lower: Vec<u8> = value.iter().take(400).map(u8::to_ascii_lowercase).collect();
        PLACEHOLDERS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
    }
}

/// Six and more of one letter, or eight and more that follow each other (`abcdefgh`, `12345678`, `87654321`).
fn has_row(value: &[u8]) -> bool {
    let (mut same, mut up, mut down) = (1, 1, 1);
    for pair in value.windows(2) {
        let zeros = pair[0] == b'A';
        let (left, right) = (pair[0].to_ascii_lowercase(), pair[1].to_ascii_lowercase());
        same = if left == right { same + 1 } else { 1 };
        // After 9 comes 0, and a after 9 in hexadecimal.
        let next = right == left.wrapping_add(1) || matches!((left, right), (b'9', b'0' | b'a'));
        up = if next { up + 1 } else { 1 };
        down = if right.wrapping_add(1) == left { down + 1 } else { 1 };
        // Base64 writes zero bytes so.
        if (same >= 6 && !zeros) || up >= 8 || down >= 8 {
            return true;
        }
    }
    false
}

/// The same few letters again and again.
fn is_repetition(value: &[u8]) -> bool {
    (2..=8).any(|period| value.len() >= period * 3 && value.windows(period + 1).all(|window| window[0] == window[period]))
}

/// Whether letters (or hexadecimal digits) and digits are mixed, as chance mixes them.
pub(super) fn is_mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_of_known_strings() {
        assert!(bits(b"").abs() < 1e-9 && bits(b"aaaa").abs() < 1e-9);
        assert!((bits(b"abab") - 1.0).abs() < 1e-9 && (bits(b"abcdefgh") - 3.0).abs() < 1e-9);
    }

    #[test]
    fn placeholders() {
        for value in [
            "AKIAIOSFODNN7EXAMPLE",
            "xxxxxxxxxxxxxxxxxxxx",
            "0123456789abcdef0123456789abcdef",
            "1234567890",
            "abcdefghijklmnop",
            "your_api_key",
            "abcabcabcabc",
            "00000000-0000-0000-0000-000000000000",
        ] {
            assert!(is_placeholder(value.as_bytes()), "{value}");
        }
        for value in ["q8Zt2LmX0bYw7Rk4", "9f86d081884c7d659a2feaa0c55ad015", "hunter2Blue!stone"] {
            assert!(!is_placeholder(value.as_bytes()), "{value}");
        }
    }
}
