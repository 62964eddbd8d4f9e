//! Private keys.
use super::super::key;
use super::{Kind, made};

pub(super) const KINDS: &[Kind] = &[
    made("private-key-rsa", "tls key|private key", key::rsa),
    made("private-key-pkcs8-rsa", "private key|signing key", key::pkcs8_rsa),
    made("private-key-pkcs8-ed25519", "signing key", key::pkcs8_ed25519),
    made("private-key-ec", "jwt private key|tls key", key::elliptic),
    made("private-key-dsa", "private key", key::dsa),
    made("private-key-openssh-ed25519", "ssh private key|deploy key", key::openssh_ed25519),
    made("private-key-openssh-rsa", "ssh private key|deploy key", key::openssh_rsa),
    made("private-key-putty", "putty key", key::putty),
    made("private-key-pgp", "gpg private key|signing key", key::pgp),
];
