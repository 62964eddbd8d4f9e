//! Images of containers.

use crate::image::Image;
use crate::kubernetes::{Container, Object};
use crate::rule::Hit;

/// Where a container's image is as asked.
pub(super) fn images(object: &Object<'_>, asked: impl Fn(&Image<'_>, &Container<'_>) -> bool) -> Vec<Hit> {
    object.each(|_, container| {
        let written = container.node.get("image")?;
        let text = written.text()?;
        asked(&Image::parse(text)?, container).then(|| (written.line, text.to_owned()))
    })
}
