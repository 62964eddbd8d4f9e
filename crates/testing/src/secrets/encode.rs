//! How bytes and numbers are written in tokens and files.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Digits, then large, then small letters: the order that GitHub's and npm's checksums use.
pub(super) const BASE62: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(super) const BASE36: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Small hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn radix64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(char::from(alphabet[(word >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// Base64 with padding (RFC 4648).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = radix64(bytes, BASE64);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Base64 of the URL alphabet without padding.
pub(super) fn base64_url(bytes: &[u8]) -> String {
    radix64(bytes, BASE64_URL)
}

/// Text in lines of `width` characters, each with a line end.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    for (place, character) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(width) {
            lines.push('\n');
        }
        lines.push(character);
    }
    lines.push('\n');
    lines
}

/// A number in the digits of `alphabet`, filled up in front to `width`.
pub(super) fn digits(mut number: u32, alphabet: &str, width: usize) -> String {
    let alphabet = alphabet.as_bytes();
    let mut text = Vec::new();
    while number > 0 {
        text.push(alphabet[number as usize % alphabet.len()]);
        number /= alphabet.len() as u32;
    }
    while text.len() < width {
        text.push(alphabet[0]);
    }
    text.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// Base32 of small letters and 2 to 7, for lengths without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    bits(bytes, 5).iter().map(|bits| char::from(b"abcdefghijklmnopqrstuvwxyz234567"[usize::from(*bits)])).collect()
}

/// The bits of `bytes` in groups of `size`, the last filled with zeros.
fn bits(bytes: &[u8], size: usize) -> Vec<u8> {
    let all: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    all.chunks(size).map(|group| group.iter().fold(0, |word, bit| word << 1 | bit) << (size - group.len())).collect()
}

/// Bech32 with its six check characters (BIP 173), in capitals, as age writes identities.
pub(super) fn bech32_upper(prefix: &str, bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let data = bits(bytes, 5);
    let lower = prefix.to_ascii_lowercase();
    let high = lower.bytes().map(|byte| byte >> 5);
    let low = lower.bytes().map(|byte| byte & 31);
    let mut sum = 1u32;
    for value in high.chain([0]).chain(low).chain(data.iter().copied()).chain([0; 6]) {
        let top = sum >> 25;
        sum = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        for (bit, word) in GENERATOR.iter().enumerate() {
            if top >> bit & 1 == 1 {
                sum ^= word;
            }
        }
    }
    sum ^= 1;
    let check = (0..6).map(|place| (sum >> (5 * (5 - place)) & 31) as u8);
    let tail: String = data.iter().copied().chain(check).map(|value| char::from(ALPHABET[usize::from(value)])).collect();
    format!("{prefix}1{tail}")
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986).
pub(super) fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The inside of a JSON string.
pub(super) fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The inside of an XML element or attribute.
pub(super) fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// UTF-16 behind its byte order mark.
pub(super) fn utf16(text: &str, big: bool) -> Vec<u8> {
    "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_writings() {
        assert_eq!(base64(b"foob"), "Zm9vYg==");
        assert_eq!(base64(b"fooba"), "Zm9vYmE=");
        assert_eq!(base64_url(&[0xfb, 0xff]), "-_8");
        assert_eq!(base32(b"fooba"), "mzxw6ytb");
        assert_eq!(digits(62, BASE62, 6), "000010");
        assert_eq!(percent("a+b/c="), "a%2Bb%2Fc%3D");
        assert_eq!(wrapped("abcde", 2), "ab\ncd\ne\n");
        assert_eq!(utf16("a", true), [0xfe, 0xff, 0, b'a']);
    }

    /// The first valid string of BIP 173 is the empty one of the prefix `A`.
    #[test]
    fn bech32_of_its_specification() {
        assert_eq!(bech32_upper("A", &[]), "A12UEL5L");
    }
}
