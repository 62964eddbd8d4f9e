//! Microsoft's identifiable keys: a signature in the base64 and a Marvin checksum behind it
//! (<https://github.com/microsoft/security-utilities>).
use super::checksum::marvin32;
use super::encode::{base64, digits};
use super::shape::{bytes, draw, of};
use crate::mutate::Random;

/// A key of `length` bytes: random, then the signature in four characters, then the checksum under the service's seed.
fn signed(length: usize, signature: &str, seed: [u8; 8], random: &mut Random) -> String {
    let mut key = bytes(length, random);
    // The signature must begin on a border of six bits, so some bits before it are cleared.
    let shift = (length - 7) * 8 % 6;
    let place = length - 8;
    let front = u32::from(key[place]) << 24 & 0xff00_0000 << shift;
    key[place..length - 4].copy_from_slice(&(front | signature_bits(signature) << shift).to_be_bytes());
    let sum = marvin32(&key[..length - 4], u64::from_be_bytes(seed));
    key[length - 4..].copy_from_slice(&sum.to_le_bytes());
    base64(&key)
}

/// Four characters of base64 as 24 bits.
fn signature_bits(signature: &str) -> u32 {
    signature.bytes().fold(0, |word, letter| {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        word << 6 | u32::from(value)
    })
}

/// The same until no sign but letters and digits is in it.
fn without_signs(length: usize, signature: &str, seed: [u8; 8], random: &mut Random) -> String {
    loop {
        let key = signed(length, signature, seed, random);
        if !key.contains(['+', '/']) {
            return key;
        }
    }
}

pub(super) fn storage(random: &mut Random) -> String {
    signed(64, "+ASt", *b"Default0", random)
}

pub(super) fn cosmos_db(random: &mut Random) -> String {
    signed(64, "ACDb", *b"MastRW00", random)
}

pub(super) fn batch(random: &mut Random) -> String {
    signed(64, "+ABa", *b"AbAcct00", random)
}

pub(super) fn service_bus(random: &mut Random) -> String {
    signed(32, "+ASb", *b"Manage00", random)
}

pub(super) fn event_hub(random: &mut Random) -> String {
    signed(32, "+AEh", *b"Send0000", random)
}

pub(super) fn relay(random: &mut Random) -> String {
    signed(32, "+ARm", *b"Listen00", random)
}

pub(super) fn iot_hub(random: &mut Random) -> String {
    signed(32, "AIoT", *b"IoTHub00", random)
}

pub(super) fn container_registry(random: &mut Random) -> String {
    signed(39, "+ACR", *b"ACRDflt0", random)
}

pub(super) fn search(random: &mut Random) -> String {
    without_signs(39, "AzSe", *b"PAdmin00", random)
}

pub(super) fn redis(random: &mut Random) -> String {
    without_signs(32, "AzCa", *b"Access00", random)
}

pub(super) fn functions(random: &mut Random) -> String {
    signed(40, "AzFu", *b"Functi00", random).replace('+', "-").replace('/', "_")
}

pub(super) fn api_management(random: &mut Random) -> String {
    signed(64, "APIM", *b"Gatewy00", random)
}

/// The newer common annotated keys of 84 characters: 52 random ones, `JQQJ99`, year and month, the place, the provider's
/// signature and half of the checksum.
fn annotated(signature: &str, random: &mut Random) -> String {
    loop {
        let text = format!("{}{signature}", draw("{a52}JQQJ99{=A|B}{=A|B|C|D|E|F|G|H|I|J|K|L}AC{a10}AAA{L1}", random));
        let key: Vec<u8> = text
            .as_bytes()
            .chunks(4)
            .flat_map(|group| signature_bits(&String::from_utf8_lossy(group)).to_be_bytes()[1..].to_vec())
            .collect();
        let sum = marvin32(&key, u64::from_be_bytes(*b"Default0")).to_le_bytes();
        let sum = base64(&sum[..3]);
        if !sum.contains(['+', '/']) {
            return text + &sum;
        }
    }
}

pub(super) fn ai_services(random: &mut Random) -> String {
    annotated("ACOG", random)
}

pub(super) fn devops(random: &mut Random) -> String {
    annotated("AZDO", random)
}

pub(super) fn maps(random: &mut Random) -> String {
    annotated("AZMP", random)
}

/// The secret of an application in Entra ID: 40 characters with `8Q~` in fourth place, closing with three of the checksum.
pub(super) fn entra_client_secret(random: &mut Random) -> String {
    const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    let text = format!("{}8Q~{}", draw("{a3}", random), of(&ALPHABET[..65], 31, random));
    let sum = digits(marvin32(text.as_bytes(), u64::from_be_bytes(*b"AadPwd00")), ALPHABET, 6);
    text + &sum[..3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_stand_before_the_checksum() {
        let random = &mut Random::new(5);
        for (key, length, signature) in [
            (storage(random), 88, "+ASt"),
            (cosmos_db(random), 88, "ACDb"),
            (service_bus(random), 44, "+ASb"),
            (iot_hub(random), 44, "AIoT"),
            (container_registry(random), 52, "+ACR"),
            (search(random), 52, "AzSe"),
            (functions(random), 56, "AzFu"),
        ] {
            assert_eq!(key.len(), length, "{signature}");
            let bare = key.trim_end_matches('=');
            assert_eq!(&bare[bare.len() - 10..bare.len() - 6], signature);
        }
        for key in [ai_services(random), devops(random), maps(random)] {
            assert_eq!(key.len(), 84);
            assert_eq!(&key[52..58], "JQQJ99");
        }
        let secret = entra_client_secret(random);
        assert_eq!((secret.len(), &secret[3..6]), (40, "8Q~"));
    }

    /// The checksum holds when it is read back from the written key.
    #[test]
    fn checksums_hold() {
        let key = storage(&mut Random::new(9));
        let mut read: Vec<u8> = key
            .trim_end_matches('=')
            .as_bytes()
            .chunks(4)
            .flat_map(|group| {
                let bits = signature_bits(&String::from_utf8_lossy(group)) << (6 * (4 - group.len()));
                bits.to_be_bytes()[1..group.len()].to_vec()
            })
            .collect();
        let sum = read.split_off(60);
        assert_eq!(marvin32(&read, 0x4465_6661_756c_7430).to_le_bytes().to_vec(), sum);
    }
}
