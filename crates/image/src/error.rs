//! What can go wrong, naming the object it went wrong on and what to do next.

use std::io;

/// Why an image could not be opened or one of its layers not be read.
///
/// Every message is one sentence for the user; the cause underneath is the [`source`](std::error::Error::source).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is nothing at the path.
    #[error("{object} does not exist; check the path")]
    NotFound {
        /// The path, as the user wrote it.
        object: String,
    },
    /// Reading failed.
    #[error("{object} could not be read ({}); check that the file is whole and may be read", source.kind())]
    Io {
        /// What was read.
        object: String,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// The bytes are not what their digest says.
    #[error("{object} is not what its digest says (expected {expected}, got {actual}); fetch or build the image again")]
    WrongDigest {
        /// What was read.
        object: String,
        /// The digest that the manifest or the configuration names.
        expected: String,
        /// The digest of the bytes.
        actual: String,
    },
    /// The bytes break the rules of their format.
    #[error("{object} is damaged: {reason}; fetch or build the image again")]
    Corrupt {
        /// What was read.
        object: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The target is something else than it was taken for.
    #[error("{object} {reason}")]
    Unusable {
        /// The target or the part of it.
        object: String,
        /// Why it cannot be used and what to do, continuing the sentence that the object begins.
        reason: String,
    },
    /// No image for the platform that was asked for.
    #[error("{object} holds no image for {wanted}; choose one with --platform: {available}")]
    NoPlatform {
        /// The index.
        object: String,
        /// What was asked for.
        wanted: String,
        /// What there is, joined by commas.
        available: String,
    },
    /// A bound of [`crate::Limits`] was reached and the object cannot be judged without what lies beyond.
    #[error("{object} {reason}; if it is trusted, unpack the image and scan the folder (`dir:PATH`)")]
    Limit {
        /// What was read.
        object: String,
        /// Which bound, continuing the sentence.
        reason: String,
    },
    /// The time allowed for the image is over.
    #[error("{object} was not read within the time allowed; raise --timeout")]
    Timeout {
        /// What was being read.
        object: String,
    },
    /// A registry or an engine was reached, or not, and the answer is no.
    #[error("{object}: {reason}")]
    Remote {
        /// The registry, the engine, or the reference asked for.
        object: String,
        /// What it answered and what to do.
        reason: String,
        /// The cause, where there is one underneath.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

impl Error {
    /// An I/O error on `object`; one that carries an [`Error`] inside, as errors of remote blobs do, is unpacked.
    pub fn io(object: impl Into<String>, source: io::Error) -> Self {
        let object = object.into();
        match source.downcast::<Self>() {
            Ok(error) => error,
            Err(source) if source.kind() == io::ErrorKind::NotFound => Self::NotFound { object },
            Err(source) => Self::Io { object, source },
        }
    }

    /// A damaged object.
    pub fn corrupt(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Corrupt { object: object.into(), reason: reason.into() }
    }

    /// An object that cannot be used.
    pub fn unusable(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unusable { object: object.into(), reason: reason.into() }
    }

    /// A no from afar.
    pub fn remote(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Remote { object: object.into(), reason: reason.into(), source: None }
    }

    /// A reached limit.
    pub fn limit(object: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Limit { object: object.into(), reason: reason.into() }
    }
}
