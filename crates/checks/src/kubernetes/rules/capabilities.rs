//! Capabilities that containers add.

use crate::kubernetes::Object;
use crate::kubernetes::pod::capability;
use crate::rule::Hit;

/// What the baseline level allows: those that runtimes give by default.
pub(super) const DEFAULT: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Where a capability is added of which `asked` is true, as it is written and by its proper name.
pub(super) fn added(object: &Object<'_>, asked: impl Fn(&str, &str) -> bool) -> Vec<Hit> {
    object.each_of(|_, container| {
        let added = container.capabilities("add").into_iter().map(|(line, written)| (line, written, capability(written)));
        added.filter(|(_, written, name)| asked(written, name)).map(|(line, _, name)| (line, name)).collect()
    })
}
