//! Digests of streams.

use model::digest::Digest;
use sha2::Digest as _;

use crate::Error;

/// A digest in the making.
#[derive(Clone)]
pub enum Hasher {
    /// SHA-256.
    Sha256(sha2::Sha256),
    /// SHA-512.
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// By the algorithm of the digest that is expected; SHA-256 where none is.
    pub fn for_expected(expected: Option<&Digest>) -> Self {
        match expected {
            Some(Digest::Sha512(_)) => Self::Sha512(sha2::Sha512::new()),
            Some(Digest::Sha256(_)) | None => Self::Sha256(sha2::Sha256::new()),
        }
    }

    /// Takes more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    /// The digest of all bytes taken.
    pub fn finish(self) -> Digest {
        match self {
            Self::Sha256(hasher) => Digest::Sha256(hasher.finalize().into()),
            Self::Sha512(hasher) => Digest::Sha512(hasher.finalize().into()),
        }
    }
}

/// The digest of `bytes`, by the algorithm of `expected`, or SHA-256.
pub fn digest_of(bytes: &[u8], expected: Option<&Digest>) -> Digest {
    let mut hasher = Hasher::for_expected(expected);
    hasher.update(bytes);
    hasher.finish()
}

/// An error that names `object` unless its digest is the expected one.
pub fn verify(object: &str, expected: &Digest, actual: &Digest) -> Result<(), Error> {
    if expected == actual {
        return Ok(());
    }
    Err(Error::WrongDigest { object: object.to_owned(), expected: expected.to_string(), actual: actual.to_string() })
}
