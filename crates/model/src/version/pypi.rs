//! PEP 440, as the Python packaging specification "Version specifiers" and the library `packaging` have it.

use std::cmp::Ordering;

use super::digits;

/// Orders as `packaging.version.Version` does; `None` for what PEP 440 cannot read (the "legacy" versions).
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(Version::parse(left)?.compare(&Version::parse(right)?))
}

/// A version taken apart, without allocating; digit runs may be empty where a number was left out, meaning 0.
#[derive(Clone, Copy)]
pub(super) struct Version<'a> {
    pub(super) epoch: &'a [u8],
    /// Digit runs between dots.
    pub(super) release: &'a str,
    pub(super) pre: Option<(Phase, &'a [u8])>,
    pub(super) post: Option<&'a [u8]>,
    pub(super) dev: Option<&'a [u8]>,
    /// Letters and digits between `.`, `-` or `_`; empty where there is none.
    pub(super) local: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Alpha,
    Beta,
    Candidate,
}

impl Phase {
    /// As normalised versions write it.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Alpha => "a",
            Self::Beta => "b",
            Self::Candidate => "rc",
        }
    }
}

impl<'a> Version<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (public, local) = match text.split_once('+') {
            Some((public, local)) if is_local(local) => (public, local),
            Some(_) => return None,
            None => (text, ""),
        };
        let (epoch, rest) = match digits::split_front(public.as_bytes()) {
            ([], _) => return None,
            (epoch, [b'!', ..]) => (epoch, public.get(epoch.len() + 1..)?),
            _ => (&b""[..], public),
        };
        let end = release_end(rest.as_bytes());
        let (release, rest) = (rest.get(..end).filter(|release| !release.is_empty())?, rest.get(end..)?);
        let (pre, rest) = parse_pre(rest.as_bytes());
        let (post, rest) = parse_post(rest);
        let (dev, rest) = match labelled(rest, b"dev") {
            Some((number, rest)) => (Some(number), rest),
            None => (None, rest),
        };
        rest.is_empty().then_some(Self { epoch, release, pre, post, dev, local })
    }

    fn compare(&self, other: &Self) -> Ordering {
        digits::compare(self.epoch, other.epoch)
            .then_with(|| digits::compare_padded(self.release.split('.'), other.release.split('.')))
            .then_with(|| {
                let (left, right) = (self.pre_key(), other.pre_key());
                left.0.cmp(&right.0).then_with(|| digits::compare(left.1, right.1))
            })
            .then_with(|| compare_optional(self.post, other.post))
            // A development release comes before what it leads to.
            .then_with(|| match (self.dev, other.dev) {
                (Some(left), Some(right)) => digits::compare(left, right),
                (left, right) => right.is_some().cmp(&left.is_some()),
            })
            .then_with(|| compare_local(self.local, other.local))
    }

    /// `1.0.dev1` comes before `1.0a1`; without any of them a release comes after its pre-releases.
    fn pre_key(&self) -> (u8, &'a [u8]) {
        match self.pre {
            Some((phase, number)) => (phase as u8 + 1, number),
            None if self.post.is_none() && self.dev.is_some() => (0, b""),
            None => (4, b""),
        }
    }
}

fn compare_optional(left: Option<&[u8]>, right: Option<&[u8]>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => digits::compare(left, right),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}

/// No local label comes first; then segment by segment, words before numbers, the shorter list first.
fn compare_local(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = match (left.is_empty(), right.is_empty()) {
        (false, false) => (left.split(['.', '-', '_']), right.split(['.', '-', '_'])),
        (left, right) => return right.cmp(&left),
    };
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(two)) => match (digits::only(one), digits::only(two)) {
                (true, true) => digits::compare(one.as_bytes(), two.as_bytes()),
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => lower(one).cmp(lower(two)),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn lower(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

/// Where `1.2.3` ends: a dot belongs to it only when a digit follows.
fn release_end(bytes: &[u8]) -> usize {
    let mut end = digits::split_front(bytes).0.len();
    while let Some([b'.', rest @ ..]) = bytes.get(end..) {
        let run = digits::split_front(rest).0.len();
        if end == 0 || run == 0 {
            break;
        }
        end += 1 + run;
    }
    end
}

fn parse_pre(bytes: &[u8]) -> (Option<(Phase, &[u8])>, &[u8]) {
    // The longer spellings first.
    const LABELS: [(&[u8], Phase); 8] = [
        (b"alpha", Phase::Alpha),
        (b"a", Phase::Alpha),
        (b"beta", Phase::Beta),
        (b"b", Phase::Beta),
        (b"preview", Phase::Candidate),
        (b"pre", Phase::Candidate),
        (b"c", Phase::Candidate),
        (b"rc", Phase::Candidate),
    ];
    if bytes.is_empty() {
        return (None, bytes);
    }
    LABELS
        .iter()
        .find_map(|&(label, phase)| labelled(bytes, label).map(|(number, rest)| (Some((phase, number)), rest)))
        .unwrap_or((None, bytes))
}

fn parse_post(bytes: &[u8]) -> (Option<&[u8]>, &[u8]) {
    if let [b'-', rest @ ..] = bytes
        && let (run @ [_, ..], rest) = digits::split_front(rest)
    {
        return (Some(run), rest);
    }
    [&b"post"[..], b"rev", b"r"]
        .iter()
        .find_map(|label| labelled(bytes, label).map(|(number, rest)| (Some(number), rest)))
        .unwrap_or((None, bytes))
}

/// `[-_.]? label [-_.]? [0-9]*` in any case: the number and the rest.
fn labelled<'a>(bytes: &'a [u8], label: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let bytes = skip_separator(bytes);
    let (found, rest) = bytes.split_at_checked(label.len())?;
    found.eq_ignore_ascii_case(label).then(|| digits::split_front(skip_separator(rest)))
}

fn skip_separator(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'.' | b'-' | b'_', rest @ ..] => rest,
        _ => bytes,
    }
}

fn is_local(text: &str) -> bool {
    text.split(['.', '-', '_']).all(|segment| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(
            compare,
            &[
                "1.0.dev456",
                "1.0a1",
                "1.0a2.dev456",
                "1.0a12.dev456",
                "1.0a12",
                "1.0b1.dev456",
                "1.0b2",
                "1.0b2.post345.dev456",
                "1.0b2.post345",
                "1.0rc1.dev456",
                "1.0rc1",
                "1.0",
                "1.0+abc.5",
                "1.0+abc.7",
                "1.0+5",
                "1.0+5.1",
                "1.0.post456.dev34",
                "1.0.post456",
                "1.1.dev1",
                "1.2+123abc",
                "1.2+123abc456",
                "1.2+abc",
                "1.2+abc123",
                "1.2+1234.abc",
                "1.2+123456",
                "1.2.r32+123456",
                "1.2.rev33+123456",
                "1!0.1",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("1.0", "1"),
                ("1.0", "v1.0.0"),
                ("1.0a", "1.0-ALPHA.0"),
                ("1.0rc1", "1.0_pre-1"),
                ("1.0c1", "1.0.preview1"),
                ("1.0-1", "1.0.post1"),
                ("1.0r", "1.0.rev0"),
                ("1.0.dev", "1.0-DEV_0"),
                (" 1.0 ", "1.0"),
                ("0!1", "1"),
                ("1.0+Ubuntu-1", "1.0+ubuntu.1"),
                ("1.0a-", "1.0a0"),
                ("01.02", "1.2"),
                ("1.0a--1", "1.0a0.post1"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(
            compare,
            &[
                "",
                "v",
                "french toast",
                "1.0+a+",
                "1.0++",
                "1.0+",
                "1.0.",
                ".1",
                "1..0",
                "1.0-1-1",
                "2013b1x",
                "1.0+_foobar",
                "1!",
                "!1",
                "1.0.post1.post2",
                "1.0dev1a1",
                "2004d",
            ],
        );
    }
}
