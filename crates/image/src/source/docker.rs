//! Images of a local Docker Engine.

use model::reference::Reference;

use super::{OpenOptions, Opened};
use crate::Error;

/// Opens an image of the local engine; `None` where there is no engine or it does not have the image.
#[expect(clippy::unnecessary_wraps, reason = "an engine that answers badly is an error")]
pub(crate) fn open(_reference: &Reference, _options: &OpenOptions) -> Result<Option<Opened>, Error> {
    Ok(None)
}
