//! Images at a registry.

use model::reference::Reference;

use super::{OpenOptions, Opened};
use crate::Error;

/// Opens an image at its registry.
pub(crate) fn open(reference: &Reference, _options: &OpenOptions) -> Result<Opened, Error> {
    Err(Error::unusable(reference.to_string(), "cannot be fetched from its registry by this build; save it to a file first"))
}
