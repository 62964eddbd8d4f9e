//! The check values that providers put into their tokens so that a scanner can tell them from other text.
use sha2::{Digest, Sha256};

/// CRC-32 of IEEE 802.3, as in zip and PNG.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The CRC-24 under which OpenPGP armor closes (RFC 9580, section 6.1.1).
pub(super) fn crc24(bytes: &[u8]) -> u32 {
    let mut crc = 0x00b7_04ce_u32;
    for byte in bytes {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4cfb;
            }
        }
    }
    crc & 0x00ff_ffff
}

/// Marvin32 with its two halves folded together, which Microsoft's identifiable keys carry
/// (<https://github.com/microsoft/security-utilities>).
pub(super) fn marvin32(bytes: &[u8], seed: u64) -> u32 {
    let (low, high) = marvin(bytes, seed);
    low ^ high
}

fn marvin(bytes: &[u8], seed: u64) -> (u32, u32) {
    let mut state = (seed as u32, (seed >> 32) as u32);
    let mut words = bytes.chunks_exact(4);
    for word in words.by_ref() {
        state = round(state, u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
    }
    // What is left over closes with a set bit, as in many hashes.
    let last = words.remainder().iter().rev().fold(0x80, |word, byte| word << 8 | u32::from(*byte));
    round(round(state, last), 0)
}

const fn round((low, high): (u32, u32), word: u32) -> (u32, u32) {
    let low = low.wrapping_add(word);
    let high = high ^ low;
    let low = low.rotate_left(20).wrapping_add(high);
    let high = high.rotate_left(9) ^ low;
    let low = low.rotate_left(27).wrapping_add(high);
    (low, high.rotate_left(19))
}

/// HMAC-SHA-256 (RFC 2104), for signed tokens.
pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    for (slot, byte) in block.iter_mut().zip(key) {
        *slot = *byte;
    }
    let keyed = |pad: u8, text: &[u8]| {
        let mut hash = Sha256::new();
        hash.update(block.map(|byte| byte ^ pad));
        hash.update(text);
        hash.finalize().to_vec()
    };
    keyed(0x5c, &keyed(0x36, message))
}

#[cfg(test)]
mod tests {
    use super::super::encode::hex;
    use super::*;

    #[test]
    fn known_sums() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc24(b"123456789"), 0x0021_cf02);
    }

    #[test]
    fn marvin_of_its_public_vectors() {
        let seed = 0x004f_b61a_001b_dbcc;
        for (bytes, hash) in [
            (&[] as &[u8], 0x30ed_35c1_00cd_3c7d_u64),
            (&[0xaf], 0x48e7_3fc7_7d75_ddc1),
            (&[0xe7, 0x0f], 0xb5f6_e1fc_485d_bff8),
            (&[0x86, 0x42, 0xdc, 0x59], 0x7008_f2e8_7e9c_f556),
            (&[0xab, 0x42, 0x7e, 0xa8, 0xd1, 0x0f, 0xc7], 0xe118_47e4_f067_8c41),
        ] {
            let (low, high) = marvin(bytes, seed);
            assert_eq!(u64::from(high) << 32 | u64::from(low), hash);
            assert_eq!(marvin32(bytes, seed), low ^ high);
        }
    }

    #[test]
    fn hmac_of_rfc_4231() {
        let sum = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&sum), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
