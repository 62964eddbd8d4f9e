//! Capabilities that containers add.

use crate::capability::capability;
use crate::kubernetes::Object;
use crate::rule::Hit;

/// Where a capability is added of which `asked` is true, as it is written and by its proper name.
pub(super) fn added(object: &Object<'_>, asked: impl Fn(&str, &str) -> bool) -> Vec<Hit> {
    object.each_of(|_, container| {
        let added = container.capabilities("add").into_iter().map(|(line, written)| (line, written, capability(written)));
        added.filter(|(_, written, name)| asked(written, name)).map(|(line, _, name)| (line, name)).collect()
    })
}
