//! Private keys in the formats that tools write; the numbers are random, the structure around them is real.
use super::checksum::{crc24, hmac_sha256};
use super::encode::{base64, base64_url, hex, wrapped};
use super::shape::{bytes, draw};
use crate::mutate::Random;
use serde_json::json;

/// A DER element: tag, length, contents.
fn der(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let mut element = vec![tag];
    match length {
        0..=0x7f => element.push(length as u8),
        0x80..=0xff => element.extend([0x81, length as u8]),
        _ => element.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    element.extend(contents);
    element
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

/// A positive INTEGER of that many random bytes.
fn number(length: usize, random: &mut Random) -> Vec<u8> {
    let mut digits = bytes(length, random);
    digits[0] |= 0x80;
    digits.insert(0, 0);
    digits[length] |= 1;
    der(2, &digits)
}

fn small(value: u8) -> Vec<u8> {
    der(2, &[value])
}

/// Armor as in RFC 7468. The label is put together here, so that no scanner takes this file for a key.
fn pem(label: &str, contents: &[u8]) -> String {
    let label = format!("{label} KEY-----\n");
    format!("-----BEGIN {label}{}-----END {label}", wrapped(&base64(contents), 64))
}

/// RSAPrivateKey (RFC 8017, appendix A.1.2) with a modulus of 2,048 bits.
fn rsa_numbers(random: &mut Random) -> Vec<u8> {
    let mut parts = vec![small(0), number(256, random), der(2, &[1, 0, 1]), number(256, random)];
    parts.extend((0..5).map(|_| number(128, random)));
    sequence(&parts)
}

pub(super) fn rsa(random: &mut Random) -> String {
    pem("RSA PRIVATE", &rsa_numbers(random))
}

/// PrivateKeyInfo (RFC 5958) around RSA.
pub(super) fn pkcs8_rsa(random: &mut Random) -> String {
    let algorithm = sequence(&[der(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), der(5, &[])]);
    pem("PRIVATE", &sequence(&[small(0), algorithm, der(4, &rsa_numbers(random))]))
}

/// PrivateKeyInfo around Ed25519: 48 bytes in all (RFC 8410).
pub(super) fn pkcs8_ed25519(random: &mut Random) -> String {
    let algorithm = sequence(&[der(6, &[0x2b, 0x65, 0x70])]);
    pem("PRIVATE", &sequence(&[small(0), algorithm, der(4, &der(4, &bytes(32, random)))]))
}

/// ECPrivateKey (RFC 5915) on P-256.
pub(super) fn elliptic(random: &mut Random) -> String {
    let curve = der(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]);
    let mut point = bytes(66, random);
    point[0] = 0;
    point[1] = 4;
    pem("EC PRIVATE", &sequence(&[small(1), der(4, &bytes(32, random)), der(0xa0, &curve), der(0xa1, &der(3, &point))]))
}

pub(super) fn dsa(random: &mut Random) -> String {
    let parts = [small(0), number(128, random), number(20, random), number(128, random), number(128, random), number(20, random)];
    pem("DSA PRIVATE", &sequence(&parts))
}

/// A string of the SSH protocol: its length in four bytes, then itself (RFC 4251).
fn ssh_string(text: &[u8]) -> Vec<u8> {
    [&(text.len() as u32).to_be_bytes(), text].concat()
}

/// `openssh-key-v1` without a passphrase (OpenSSH's PROTOCOL.key).
fn openssh(public: &[u8], private: &[Vec<u8>], random: &mut Random) -> String {
    let check = bytes(4, random);
    let mut secret = [check.clone(), check, private.concat(), ssh_string(b"deploy@build-7")].concat();
    for pad in 1.. {
        if secret.len().is_multiple_of(8) {
            break;
        }
        secret.push(pad);
    }
    let file = [
        b"openssh-key-v1\0".to_vec(),
        ssh_string(b"none"),
        ssh_string(b"none"),
        ssh_string(b""),
        vec![0, 0, 0, 1],
        ssh_string(public),
        ssh_string(&secret),
    ];
    let label = "OPENSSH PRIVATE KEY-----\n";
    format!("-----BEGIN {label}{}-----END {label}", wrapped(&base64(&file.concat()), 70))
}

pub(super) fn openssh_ed25519(random: &mut Random) -> String {
    let kind = ssh_string(b"ssh-ed25519");
    let point = bytes(32, random);
    let secret = [bytes(32, random), point.clone()].concat();
    openssh(&[kind.clone(), ssh_string(&point)].concat(), &[kind, ssh_string(&point), ssh_string(&secret)], random)
}

pub(super) fn openssh_rsa(random: &mut Random) -> String {
    let kind = ssh_string(b"ssh-rsa");
    let mut large = |length: usize| {
        let mut digits = bytes(length, random);
        digits[0] |= 0x80;
        digits.insert(0, 0);
        ssh_string(&digits)
    };
    let (modulus, exponent) = (large(384), ssh_string(&[1, 0, 1]));
    let private = [kind.clone(), modulus.clone(), exponent.clone(), large(384), large(192), large(192), large(192)];
    openssh(&[kind, exponent, modulus].concat(), &private, random)
}

/// PuTTY's format, the third version.
pub(super) fn putty(random: &mut Random) -> String {
    let kind = ssh_string(b"ssh-ed25519");
    let public = base64(&[kind, ssh_string(&bytes(32, random))].concat());
    let secret = base64(&ssh_string(&bytes(32, random)));
    let mac = hex(&hmac_sha256(b"", secret.as_bytes()));
    format!(
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: deploy-key\nPublic-Lines: 2\n{}Private-Lines: 1\n{secret}\nPrivate-MAC: {mac}\n",
        wrapped(&public, 64)
    )
}

/// Armor of OpenPGP: base64 in lines and its CRC-24 (RFC 9580, section 6).
pub(super) fn armor(label: &str, packets: &[u8]) -> String {
    let sum = base64(&crc24(packets).to_be_bytes()[1..]);
    format!("-----BEGIN PGP {label}-----\n\n{}={sum}\n-----END PGP {label}-----\n", wrapped(&base64(packets), 64))
}

/// A secret-key packet of version 4 without protection, a user and a signature.
pub(super) fn pgp(random: &mut Random) -> String {
    let integer = |length: usize, random: &mut Random| {
        let mut digits = bytes(length, random);
        digits[0] |= 0x80;
        [((length * 8) as u16).to_be_bytes().to_vec(), digits].concat()
    };
    let mut key = vec![4, 0x65, 0x2f, 0x1a, 0x7c, 1];
    key.extend(integer(256, random));
    key.extend([0, 17, 1, 0, 1, 0]);
    for length in [256, 128, 128, 128] {
        key.extend(integer(length, random));
    }
    key.extend(bytes(2, random));
    let packet = |tag: u8, body: &[u8]| [&[0x80 | tag << 2 | 1], &(body.len() as u16).to_be_bytes()[..], body].concat();
    let user = packet(13, b"Release Signing <release@acme.io>");
    armor("PRIVATE KEY BLOCK", &[packet(5, &key), user, packet(2, &bytes(310, random))].concat())
}

/// A private key as JSON (RFC 7517), on P-256.
pub(super) fn json_web_key(random: &mut Random) -> String {
    let mut part = || base64_url(&bytes(32, random));
    json!({"kty": "EC", "crv": "P-256", "x": part(), "y": part(), "d": part(), "use": "sig", "kid": "2026-03"}).to_string()
}

pub(super) fn json_web_key_rsa(random: &mut Random) -> String {
    let mut part = |length| base64_url(&bytes(length, random));
    json!({"kty": "RSA", "e": "AQAB", "n": part(256), "d": part(256), "p": part(128), "q": part(128), "dp": part(128), "dq": part(128),
        "qi": part(128), "alg": "RS256", "use": "sig"})
    .to_string()
}

/// What age-keygen writes.
pub(super) fn age(random: &mut Random) -> String {
    super::token::age_identity(random)
}

/// A certificate's armor around random contents, which is public.
pub(super) fn certificate(random: &mut Random) -> String {
    let body = sequence(&[
        sequence(&[small(2), number(16, random), der(0x17, b"260101000000Z"), der(4, &bytes(620, random))]),
        der(3, &bytes(257, random)),
    ]);
    format!("-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n", wrapped(&base64(&body), 64))
}

/// A public key's armor.
pub(super) fn public(random: &mut Random) -> String {
    let algorithm = sequence(&[der(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), der(5, &[])]);
    let mut numbers = vec![0];
    numbers.extend(sequence(&[number(256, random), der(2, &[1, 0, 1])]));
    pem("PUBLIC", &sequence(&[algorithm, der(3, &numbers)]))
}

/// The line of a public key in `authorized_keys`, without a name.
pub(super) fn ssh_public(random: &mut Random) -> String {
    let blob = [ssh_string(b"ssh-ed25519"), ssh_string(&bytes(32, random))].concat();
    format!("ssh-ed25519 {}", base64(&blob))
}

pub(super) fn ssh_public_rsa(random: &mut Random) -> String {
    let blob = [ssh_string(b"ssh-rsa"), ssh_string(&[1, 0, 1]), ssh_string(&bytes(385, random))].concat();
    format!("ssh-rsa {}", base64(&blob))
}

/// A public key block of OpenPGP.
pub(super) fn pgp_public(random: &mut Random) -> String {
    armor("PUBLIC KEY BLOCK", &[vec![0x99, 0x01, 0x0d, 4, 0x65, 0x2f, 0x1a, 0x7c, 1], bytes(600, random)].concat())
}

/// A random key name for files.
pub(super) fn file_name(random: &mut Random) -> String {
    draw("{=deploy|backup|build|prod|ci}-{=key|access|node}", random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_real_keys() {
        let random = &mut Random::new(2);
        // A key of 2,048 bits takes some 1,190 bytes in PKCS #1, and 48 bytes are an Ed25519 key in PKCS #8.
        assert!((1_600..1_720).contains(&rsa(random).len()));
        assert_eq!(pkcs8_ed25519(random).lines().nth(1).unwrap().len(), 64);
        assert_eq!(openssh_ed25519(random).lines().count(), 7);
        assert!(
            openssh_ed25519(random)
                .lines()
                .nth(1)
                .unwrap()
                .starts_with("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAA")
        );
    }
}
