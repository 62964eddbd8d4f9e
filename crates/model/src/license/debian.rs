//! Short names of Debian that no other dialect has, or that mean something else elsewhere.

/// Names in lower case, sorted. `BSD`, `GPL` and `LGPL` go by several texts and are not here on purpose.
pub(super) const NAMES: [(&str, &str); 19] = [
    ("artistic", "Artistic-1.0-Perl"),
    ("artistic-2", "Artistic-2.0"),
    ("bsd-4-clause-uc", "BSD-4-Clause-UC"),
    ("bsl-1", "BSL-1.0"),
    ("cc0", "CC0-1.0"),
    ("efl-2", "EFL-2.0"),
    ("expat", "MIT"),
    ("gfdl-niv-1.1", "GFDL-1.1-no-invariants-only"),
    ("gfdl-niv-1.1+", "GFDL-1.1-no-invariants-or-later"),
    ("gfdl-niv-1.2", "GFDL-1.2-no-invariants-only"),
    ("gfdl-niv-1.2+", "GFDL-1.2-no-invariants-or-later"),
    ("gfdl-niv-1.3", "GFDL-1.3-no-invariants-only"),
    ("gfdl-niv-1.3+", "GFDL-1.3-no-invariants-or-later"),
    ("openldap-2.8", "OLDAP-2.8"),
    ("public-domain", "LicenseRef-public-domain"),
    ("python-2.0", "Python-2.0"),
    ("w3c", "W3C"),
    ("zlib", "Zlib"),
    ("zlib/libpng", "Zlib"),
];
