//! What `go build` writes into a program about itself: the version of Go and the modules that were linked
//! (<https://go.dev/src/debug/buildinfo/buildinfo.go>, `runtime/debug/mod.go`).

/// The mark in front of it, at an offset that 16 divides; address size and flags follow.
pub(super) const MAGIC: &[u8; 14] = b"\xff Go buildinf:";
/// Stands before and behind the module text (`cmd/go/internal/modload/build.go`).
pub(super) const START: [u8; 16] =
    [0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6];
/// See [`START`].
pub(super) const END: [u8; 16] = [0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2];
/// The longest module text that is read; ten thousand modules take about 1 MiB.
pub(super) const MAX_TEXT: usize = 4 << 20;
/// Modules that are read.
const MAX_MODULES: usize = 1 << 16;

/// Build information, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BuildInfo {
    /// `go1.20.4`; empty where it is not known.
    pub(super) go_version: String,
    /// Lines of `path`, `mod`, `dep`, `=>` and `build`.
    pub(super) modules: String,
}

/// How far the block has been read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// More bytes are needed.
    More,
    /// Go 1.18 and later: everything stands in the block.
    Inline(BuildInfo),
    /// Before: addresses of the two string headers.
    Pointers {
        /// Of the version.
        version: u64,
    },
    /// Not build information.
    Broken,
}

/// Reads the block that begins with [`MAGIC`].
pub(super) fn parse(block: &[u8]) -> Parsed {
    let (Some(&size), Some(&flags)) = (block.get(14), block.get(15)) else { return Parsed::More };
    if flags & 2 == 0 {
        let layout = super::super::elf::Layout { wide: size == 8, big_endian: flags & 1 != 0 };
        if usize::from(size) != layout.address_size() {
            return Parsed::Broken;
        }
        return match layout.address(block, 16) {
            Some(version) => Parsed::Pointers { version },
            None => Parsed::More,
        };
    }
    let mut rest = block.get(32..).unwrap_or_default();
    let mut texts = [const { Vec::new() }; 2];
    for text in &mut texts {
        let Some((length, width)) = uvarint(rest) else {
            return if rest.len() < 10 { Parsed::More } else { Parsed::Broken };
        };
        if length > MAX_TEXT as u64 {
            return Parsed::Broken;
        }
        let end = width + length as usize;
        let Some(content) = rest.get(width..end) else { return Parsed::More };
        *text = content.to_vec();
        rest = &rest[end..];
    }
    let [version, modules] = texts;
    let modules = match modules.strip_prefix(&START).and_then(|text| text.strip_suffix(&END)) {
        Some(text) => text,
        // Programs built without modules say nothing.
        None if modules.is_empty() => &[],
        None => return Parsed::Broken,
    };
    match (String::from_utf8(version), std::str::from_utf8(modules)) {
        (Ok(go_version), Ok(modules)) => Parsed::Inline(BuildInfo { go_version, modules: modules.to_owned() }),
        _ => Parsed::Broken,
    }
}

/// An unsigned number in base 128, least significant group first, and how many bytes it takes.
fn uvarint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (index, byte) in bytes.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (index * 7);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

/// One module of the module text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Module {
    /// The path by which it is imported.
    pub(super) path: String,
    /// Its version.
    pub(super) version: String,
    /// Path and version of what was built in its place.
    pub(super) replaced_by: Option<(String, String)>,
}

/// The module text, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Modules {
    /// Import path of the main package.
    pub(super) main_package: String,
    /// The main module, where there is one.
    pub(super) main: Option<Module>,
    /// The modules it was built with.
    pub(super) dependencies: Vec<Module>,
    /// The version that the linker was told to write into the program (`-X …version=1.2.3`), where the main module has none.
    pub(super) stamped: Option<String>,
}

impl Modules {
    /// Reads the lines; what is not known is passed over.
    pub(super) fn read(text: &str) -> Self {
        let (mut modules, mut linker_flags) = (Self::default(), "");
        for line in text.lines() {
            let mut fields = line.split('\t');
            let (verb, path, version) =
                (fields.next().unwrap_or_default(), fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            let module = || Module { path: path.to_owned(), version: version.to_owned(), replaced_by: None };
            match verb {
                "path" => path.clone_into(&mut modules.main_package),
                "mod" if !path.is_empty() => modules.main = Some(module()),
                "dep" if !path.is_empty() && modules.dependencies.len() < MAX_MODULES => modules.dependencies.push(module()),
                "=>" if !path.is_empty() => {
                    let replaced = modules.dependencies.last_mut().or(modules.main.as_mut());
                    if let Some(replaced) = replaced {
                        replaced.replaced_by = Some((path.to_owned(), version.to_owned()));
                    }
                }
                "build" => linker_flags = path.strip_prefix("-ldflags=").unwrap_or(linker_flags),
                _ => {}
            }
        }
        modules.stamped = modules.main.as_ref().and_then(|main| stamped_version(linker_flags, &main.path));
        modules
    }
}

/// The one version among the `-X package.name=value` of the linker flags whose name says that it is the version, and
/// whose package is the main module's own. Kubernetes keeps the version of all its programs in a module beside them.
fn stamped_version(flags: &str, main: &str) -> Option<String> {
    let mut found: Option<&str> = None;
    for word in flags.split(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '\\')) {
        let Some((name, value)) = word.trim_start_matches("-X=").split_once('=') else { continue };
        let Some((package, variable)) = name.rsplit_once('.') else { continue };
        let own = package == "main"
            || package.strip_prefix(main).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || (main == "k8s.io/kubernetes" && package == "k8s.io/component-base/version");
        let named = ["version", "gitversion", "buildversion", "appversion", "releaseversion"]
            .iter()
            .any(|known| variable.eq_ignore_ascii_case(known));
        let digits = value.strip_prefix('v').unwrap_or(value);
        let mut parts = digits.splitn(3, '.');
        let numeric =
            |part: Option<&str>| part.is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        let sound = numeric(parts.next())
            && numeric(parts.next())
            && parts.next().is_some_and(|last| last.starts_with(|first: char| first.is_ascii_digit()));
        if own && named && sound {
            if found.is_some_and(|other| other != digits) {
                return None;
            }
            found = Some(digits);
        }
    }
    found.map(|digits| format!("v{digits}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A block as Go 1.18 writes it. For tests.
    pub(in super::super) fn build(go_version: &str, modules: &str) -> Vec<u8> {
        let mut block = MAGIC.to_vec();
        block.extend([8, 2]);
        block.resize(32, 0);
        let text = [&START[..], modules.as_bytes(), &END[..]].concat();
        for part in [go_version.as_bytes(), &text] {
            let mut length = part.len();
            while length >= 0x80 {
                block.push(length as u8 | 0x80);
                length >>= 7;
            }
            block.push(length as u8);
            block.extend_from_slice(part);
        }
        block
    }

    #[test]
    fn reads_the_inline_form() {
        let block = build("go1.20.4", "path\ta\n");
        assert_eq!(parse(&block), Parsed::Inline(BuildInfo { go_version: "go1.20.4".into(), modules: "path\ta\n".into() }));
        for length in 0..block.len() {
            assert_eq!(parse(&block[..length]), Parsed::More, "{length}");
        }
    }

    #[test]
    fn replacements_belong_to_the_line_before() {
        let modules = Modules::read(
            "path\tx.org/a/cmd\nmod\tx.org/a\t(devel)\t\ndep\tb.org/b\tv1.0.0\th1:\n=>\tc.org/b\tv1.0.1\th1:\ndep\td.org/d\tv2.0.0\t\n",
        );
        assert_eq!(modules.main_package, "x.org/a/cmd");
        assert_eq!(modules.dependencies[0].replaced_by, Some(("c.org/b".into(), "v1.0.1".into())));
        assert_eq!(modules.dependencies[1].replaced_by, None);
    }

    #[test]
    fn versions_that_the_linker_was_told() {
        for (flags, expected) in [
            ("-X x.org/dependency.version=1.2.3", None),
            ("\"-s -w -X main.version=1.2.3 -X main.commit=abc\"", Some("v1.2.3")),
            ("\"-X 'a/internal/build.gitVersion=v1.28.2'\"", Some("v1.28.2")),
            ("-X=main.Version=2.0.0-rc1", Some("v2.0.0-rc1")),
            ("\"-X a/b.version=1.0.0 -X main.version=2.0.0\"", None),
            ("-X main.version=main", None),
            ("-X main.goversion=1.2.3", None),
            ("-s -w", None),
        ] {
            assert_eq!(stamped_version(flags, "a").as_deref(), expected, "{flags}");
        }
    }
}
