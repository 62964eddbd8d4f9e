//! Names that mean exactly one licence. What several texts go by (`BSD`, `GPL`, `MIT/X11`, `Artistic`) is not here on purpose.

/// A name as the tables hold it: lower case, `license` in one spelling, nothing before or behind what matters.
pub(super) fn key(name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase().replace("licence", "license").replace([',', '_', '"'], " ");
    let mut key = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    for prefix in ["https://", "http://", "www.", "the "] {
        if let Some(rest) = key.strip_prefix(prefix) {
            key = rest.to_owned();
        }
    }
    for suffix in ["/", ".txt", ".html", ".php", "."] {
        if let Some(rest) = key.strip_suffix(suffix) {
            key = rest.to_owned();
        }
    }
    key
}

/// The identifier of a name in the form of [`key`].
pub(super) fn general(key: &str) -> Option<&'static str> {
    GENERAL.binary_search_by(|(name, _)| (*name).cmp(key)).ok().map(|at| GENERAL[at].1)
}

/// An exception by its name in lower case.
pub(super) fn exception(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches(['.', ',']);
    if let Some(exception) = spdx::identifiers::EXCEPTIONS.iter().find(|exception| exception.name.eq_ignore_ascii_case(name)) {
        return spdx::exception_id(exception.name).filter(|id| !id.is_deprecated()).map(|_| exception.name);
    }
    EXCEPTIONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok().map(|at| EXCEPTIONS[at].1)
}

/// Exceptions in words. That of Autoconf and that for OpenSSL have several texts.
const EXCEPTIONS: [(&str, &str); 14] = [
    ("bison exception", "Bison-exception-2.2"),
    ("bison-2.2 exception", "Bison-exception-2.2"),
    ("classpath exception", "Classpath-exception-2.0"),
    ("classpath-exception", "Classpath-exception-2.0"),
    ("cpe", "Classpath-exception-2.0"),
    ("font exception", "Font-exception-2.0"),
    ("gcc runtime library exception", "GCC-exception-3.1"),
    ("gnu classpath exception", "Classpath-exception-2.0"),
    ("libtool exception", "Libtool-exception"),
    ("linux-syscall-note exception", "Linux-syscall-note"),
    ("llvm exception", "LLVM-exception"),
    ("llvm exceptions", "LLVM-exception"),
    ("runtime exception", "GCC-exception-3.1"),
    ("texinfo exception", "Texinfo-exception"),
];

/// Names from registries, in the form of [`key`], sorted. Addresses are of the texts themselves.
const GENERAL: [(&str, &str); 122] = [
    ("0-clause bsd license", "0BSD"),
    ("2-clause bsd license", "BSD-2-Clause"),
    ("3-clause bsd license", "BSD-3-Clause"),
    ("academic free license v2.1", "AFL-2.1"),
    ("academic free license v3.0", "AFL-3.0"),
    ("apache 2", "Apache-2.0"),
    ("apache 2 license", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache 2.0 license", "Apache-2.0"),
    ("apache license (2.0)", "Apache-2.0"),
    ("apache license (v2.0)", "Apache-2.0"),
    ("apache license 2", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache license v2", "Apache-2.0"),
    ("apache license v2.0", "Apache-2.0"),
    ("apache license version 2", "Apache-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("apache license-2.0", "Apache-2.0"),
    ("apache public license 2.0", "Apache-2.0"),
    ("apache software license - version 2.0", "Apache-2.0"),
    ("apache software license 2.0", "Apache-2.0"),
    ("apache software license version 1.1", "Apache-1.1"),
    ("apache software license version 2.0", "Apache-2.0"),
    ("apache v2", "Apache-2.0"),
    ("apache v2.0", "Apache-2.0"),
    ("apache-2", "Apache-2.0"),
    ("apache-2.0 license", "Apache-2.0"),
    ("apache.org/licenses/license-2.0", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("apache2.0", "Apache-2.0"),
    ("artistic license 2.0", "Artistic-2.0"),
    ("asl 2.0", "Apache-2.0"),
    ("boost software license 1.0", "BSL-1.0"),
    ("boost software license 1.0 (bsl-1.0)", "BSL-1.0"),
    ("boost software license version 1.0", "BSL-1.0"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("bsd 2-clause", "BSD-2-Clause"),
    ("bsd 2-clause license", "BSD-2-Clause"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("bsd 3-clause license", "BSD-3-Clause"),
    ("bsd license 2.0", "BSD-3-Clause"),
    ("bsd license 3", "BSD-3-Clause"),
    ("bsd-2", "BSD-2-Clause"),
    ("bsd-3", "BSD-3-Clause"),
    ("bsd-3-clause license", "BSD-3-Clause"),
    ("cc0", "CC0-1.0"),
    ("cc0 1.0 universal", "CC0-1.0"),
    ("cc0 1.0 universal (cc0 1.0) public domain dedication", "CC0-1.0"),
    ("cddl 1.0", "CDDL-1.0"),
    ("cddl 1.1", "CDDL-1.1"),
    ("common development and distribution license (cddl) version 1.0", "CDDL-1.0"),
    ("common development and distribution license (cddl) version 1.1", "CDDL-1.1"),
    ("common public license version 1.0", "CPL-1.0"),
    ("creative commons attribution 4.0", "CC-BY-4.0"),
    ("creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
    ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
    ("do what the fuck you want to public license", "WTFPL"),
    ("eclipse distribution license - v 1.0", "BSD-3-Clause"),
    ("eclipse distribution license v. 1.0", "BSD-3-Clause"),
    ("eclipse distribution license v1.0", "BSD-3-Clause"),
    ("eclipse public license - v 1.0", "EPL-1.0"),
    ("eclipse public license - v 2.0", "EPL-2.0"),
    ("eclipse public license 1.0", "EPL-1.0"),
    ("eclipse public license 1.0 (epl-1.0)", "EPL-1.0"),
    ("eclipse public license 2.0", "EPL-2.0"),
    ("eclipse public license 2.0 (epl-2.0)", "EPL-2.0"),
    ("eclipse public license v. 2.0", "EPL-2.0"),
    ("eclipse public license v1.0", "EPL-1.0"),
    ("eclipse public license v2.0", "EPL-2.0"),
    ("eclipse public license version 1.0", "EPL-1.0"),
    ("eclipse public license version 2.0", "EPL-2.0"),
    ("eclipse.org/legal/epl-2.0", "EPL-2.0"),
    ("eclipse.org/legal/epl-v10", "EPL-1.0"),
    ("eclipse.org/legal/epl-v20", "EPL-2.0"),
    ("epl 1.0", "EPL-1.0"),
    ("epl 2.0", "EPL-2.0"),
    ("european union public license 1.2 (eupl 1.2)", "EUPL-1.2"),
    ("expat", "MIT"),
    ("expat license", "MIT"),
    ("gnu.org/licenses/old-licenses/lgpl-2.1", "LGPL-2.1-only"),
    ("gpl2 w/ cpe", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("historical permission notice and disclaimer (hpnd)", "HPND"),
    ("isc license", "ISC"),
    ("isc license (iscl)", "ISC"),
    ("mit license", "MIT"),
    ("mit license (expat)", "MIT"),
    ("mit license (mit)", "MIT"),
    ("mit no attribution license (mit-0)", "MIT-0"),
    ("mit-license", "MIT"),
    ("modified bsd license", "BSD-3-Clause"),
    ("mozilla public license 1.1 (mpl 1.1)", "MPL-1.1"),
    ("mozilla public license 2.0", "MPL-2.0"),
    ("mozilla public license 2.0 (mpl 2.0)", "MPL-2.0"),
    ("mozilla public license version 1.1", "MPL-1.1"),
    ("mozilla public license version 2.0", "MPL-2.0"),
    ("mozilla.org/en-us/mpl/2.0", "MPL-2.0"),
    ("mozilla.org/mpl/2.0", "MPL-2.0"),
    ("mpl 1.1", "MPL-1.1"),
    ("mpl 2.0", "MPL-2.0"),
    ("mpl2", "MPL-2.0"),
    ("new bsd license", "BSD-3-Clause"),
    ("opensource.org/license/mit", "MIT"),
    ("opensource.org/licenses/apache-2.0", "Apache-2.0"),
    ("opensource.org/licenses/bsd-2-clause", "BSD-2-Clause"),
    ("opensource.org/licenses/bsd-3-clause", "BSD-3-Clause"),
    ("opensource.org/licenses/isc", "ISC"),
    ("opensource.org/licenses/mit", "MIT"),
    ("opensource.org/licenses/mit-license", "MIT"),
    ("psf license", "PSF-2.0"),
    ("psfl", "PSF-2.0"),
    ("python software foundation license", "PSF-2.0"),
    ("repository.jboss.org/licenses/apache-2.0", "Apache-2.0"),
    ("revised bsd", "BSD-3-Clause"),
    ("revised bsd license", "BSD-3-Clause"),
    ("sil open font license 1.1 (ofl-1.1)", "OFL-1.1"),
    ("simplified bsd", "BSD-2-Clause"),
    ("simplified bsd license", "BSD-2-Clause"),
    ("unlicense (unlicense)", "Unlicense"),
    ("wtfpl version 2", "WTFPL"),
    ("zlib license", "Zlib"),
    ("zlib/libpng license", "Zlib"),
];

/// Fedora's names in the form of [`key`], sorted; `None` where SPDX has several licences for one name. `LGPLv2+` stands for
/// the library's licence 2 and the lesser one 2.1: the older, under which the newer may be chosen, is taken.
pub(super) const FEDORA: [(&str, Option<&str>); 44] = [
    ("agplv3", Some("AGPL-3.0-only")),
    ("agplv3+", Some("AGPL-3.0-or-later")),
    ("artistic", Some("Artistic-1.0-Perl")),
    ("artistic 2.0", Some("Artistic-2.0")),
    ("asl 1.1", Some("Apache-1.1")),
    ("asl 2.0", Some("Apache-2.0")),
    ("boost", Some("BSL-1.0")),
    ("bsd", None),
    ("bsd with advertising", None),
    ("cc-by", None),
    ("cc0", Some("CC0-1.0")),
    ("cddl", Some("CDDL-1.0")),
    ("cpl", Some("CPL-1.0")),
    ("epl", None),
    ("epl-1.0", Some("EPL-1.0")),
    ("epl-2.0", Some("EPL-2.0")),
    ("ftl", Some("FTL")),
    ("gfdl", None),
    ("gpl+", Some("GPL-1.0-or-later")),
    ("gplv1", Some("GPL-1.0-only")),
    ("gplv2", Some("GPL-2.0-only")),
    ("gplv2+", Some("GPL-2.0-or-later")),
    ("gplv3", Some("GPL-3.0-only")),
    ("gplv3+", Some("GPL-3.0-or-later")),
    ("ijg", Some("IJG")),
    ("lgplv2", None),
    ("lgplv2+", Some("LGPL-2.0-or-later")),
    ("lgplv3", Some("LGPL-3.0-only")),
    ("lgplv3+", Some("LGPL-3.0-or-later")),
    ("mplv1.0", Some("MPL-1.0")),
    ("mplv1.1", Some("MPL-1.1")),
    ("mplv2.0", Some("MPL-2.0")),
    ("ncsa", Some("NCSA")),
    ("ofl", Some("OFL-1.1")),
    ("openldap", Some("OLDAP-2.8")),
    ("postgresql", Some("PostgreSQL")),
    ("psf", Some("PSF-2.0")),
    ("public domain", Some("LicenseRef-Fedora-Public-Domain")),
    ("python", Some("Python-2.0.1")),
    ("qpl", Some("QPL-1.0")),
    ("sissl", Some("SISSL")),
    ("unicode", None),
    ("wtfpl", Some("WTFPL")),
    ("zplv2.1", Some("ZPL-2.1")),
];

/// Arch's names in the form of [`key`], sorted: a bare family means version 2 or later, `GPL3` version 3 or later.
pub(super) const ARCH: [(&str, Option<&str>); 16] = [
    ("agpl", Some("AGPL-3.0-or-later")),
    ("agpl3", Some("AGPL-3.0-or-later")),
    ("apache", Some("Apache-2.0")),
    ("apache2.0", Some("Apache-2.0")),
    ("artistic2.0", Some("Artistic-2.0")),
    ("boost", Some("BSL-1.0")),
    ("gpl", Some("GPL-2.0-or-later")),
    ("gpl2", Some("GPL-2.0-only")),
    ("gpl3", Some("GPL-3.0-or-later")),
    ("lgpl", Some("LGPL-2.0-or-later")),
    ("lgpl2", Some("LGPL-2.0-only")),
    ("lgpl2.1", Some("LGPL-2.1-only")),
    ("lgpl3", Some("LGPL-3.0-or-later")),
    ("mpl", None),
    ("mpl2", Some("MPL-2.0")),
    ("zlib", Some("Zlib")),
];

#[cfg(test)]
mod tests {
    use super::super::is_expression;
    use super::*;

    #[test]
    fn tables_are_sorted_keys_of_expressions() {
        fn check<'a>(table: impl Iterator<Item = (&'a str, Option<&'a str>)>) {
            let mut last = "";
            for (name, id) in table {
                assert!(last < name, "{last} is not before {name}");
                assert!(id.is_none_or(is_expression), "{name}");
                last = name;
            }
        }
        check(GENERAL.iter().map(|(name, id)| (*name, Some(*id))));
        check(FEDORA.into_iter());
        check(ARCH.into_iter());
        check(super::super::debian::NAMES.iter().map(|(name, id)| (*name, Some(*id))));
        check(EXCEPTIONS.iter().map(|(name, _)| (*name, None)));
        for (name, _) in GENERAL {
            assert_eq!(key(name), name.replace("licence", "license"));
        }
        for (_, id) in EXCEPTIONS {
            assert!(spdx::exception_id(id).is_some_and(|id| !id.is_deprecated()), "{id}");
        }
    }

    #[test]
    fn keys() {
        assert_eq!(key("The Apache Software License, Version 2.0"), "apache software license version 2.0");
        assert_eq!(key("https://www.apache.org/licenses/LICENSE-2.0.txt"), "apache.org/licenses/license-2.0");
        assert_eq!(key("MIT Licence."), "mit license");
    }
}
