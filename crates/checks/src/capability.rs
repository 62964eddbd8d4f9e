//! Capabilities of the kernel, by the names that manifests give them.

/// Those that runtimes give by default, and that the baseline level of Kubernetes allows.
pub(crate) const DEFAULT: [&str; 13] = [
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

/// A capability by its proper name, in capitals and without `CAP_`.
pub(crate) fn capability(text: &str) -> String {
    let text = text.trim().to_ascii_uppercase();
    text.strip_prefix("CAP_").unwrap_or(&text).to_owned()
}
