//! Maven's order: `ComparableVersion`, as Maven 4 has it.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::digits;

/// Maven refuses longer versions; this also bounds how deep the lists nest.
const MAX_LENGTH: usize = 256;

/// Orders as `ComparableVersion.compareTo` does. `None` for what is longer than Maven reads, empty, or not ASCII.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    if !is_readable(left) || !is_readable(right) {
        return None;
    }
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_plain(left) && is_plain(right) {
        return Some(digits::compare_padded(left.split('.'), right.split('.')));
    }
    let (left, right) = (lower(left), lower(right));
    Some(compare_items(&parse(left.as_bytes()), &parse(right.as_bytes())))
}

fn is_readable(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_LENGTH && text.is_ascii()
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

/// A part of a version; `-` and every change between letters and digits open a list within the list.
enum Item<'a> {
    Number(&'a [u8]),
    Word(Qualifier<'a>),
    /// `rc1` or `rc-1`.
    Numbered(Qualifier<'a>, &'a [u8]),
    List(Vec<Item<'a>>),
}

impl<'a> Item<'a> {
    const ZERO: Self = Self::Number(b"0");

    fn new(text: &'a [u8], is_number: bool, is_numbered: bool) -> Self {
        if is_numbered {
            let (word, number) = digits::split_while(text, |byte| !byte.is_ascii_digit());
            Self::Numbered(Qualifier::new(word.strip_suffix(b"-").unwrap_or(word), true), number)
        } else if is_number {
            Self::Number(text)
        } else {
            Self::Word(Qualifier::new(text, false))
        }
    }

    /// Whether the item says nothing, so that normalising may drop it.
    fn is_null(&self) -> bool {
        match self {
            Self::Number(run) => digits::is_zero(run),
            Self::Word(_) | Self::Numbered(..) => false,
            Self::List(items) => items.is_empty(),
        }
    }

    /// Compares with nothing at all in this place.
    fn compare_nothing(&self) -> Ordering {
        match self {
            Self::Number(run) => compare_zero(run),
            Self::Word(qualifier) => qualifier.cmp(&Qualifier::RELEASE),
            Self::Numbered(qualifier, run) => qualifier.cmp(&Qualifier::RELEASE).then_with(|| compare_zero(run)),
            Self::List(items) => first_difference(items.iter().map(Item::compare_nothing)),
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => digits::compare(one, two),
            // 1.1 is newer than 1-1 and 1-sp.
            (Self::Number(_), _) => Ordering::Greater,
            (_, Self::Number(_)) => Ordering::Less,
            (Self::Word(one), Self::Word(two)) => one.cmp(two),
            (Self::Word(one), Self::Numbered(two, run)) => {
                one.cmp(two).then_with(|| if *one == Qualifier::RELEASE { compare_zero(run).reverse() } else { Ordering::Less })
            }
            (Self::Numbered(..), Self::Word(_)) => other.compare(self).reverse(),
            (Self::Numbered(one, left), Self::Numbered(two, right)) => one.cmp(two).then_with(|| digits::compare(left, right)),
            (Self::List(one), Self::List(two)) => compare_items(one, two),
            (Self::List(items), _) => match items.split_first() {
                None => other.compare_nothing().reverse(),
                Some((first, rest)) => {
                    first.compare(other).then_with(|| first_difference(rest.iter().map(Item::compare_nothing)))
                }
            },
            (_, Self::List(_)) => other.compare(self).reverse(),
        }
    }
}

/// A word; the known ones come in this order, then all others by their letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Qualifier<'a> {
    rank: u8,
    /// Empty for the known words.
    unknown: &'a [u8],
}

impl<'a> Qualifier<'a> {
    const RELEASE: Self = Qualifier { rank: 5, unknown: b"" };

    fn new(word: &'a [u8], is_numbered: bool) -> Self {
        let rank = match word {
            b"alpha" => 0,
            b"a" if is_numbered => 0,
            b"beta" => 1,
            b"b" if is_numbered => 1,
            b"milestone" => 2,
            b"m" if is_numbered => 2,
            b"rc" | b"cr" => 3,
            b"snapshot" => 4,
            b"" | b"ga" | b"final" | b"release" => return Self::RELEASE,
            b"sp" => 6,
            _ => return Self { rank: 7, unknown: word },
        };
        Self { rank, unknown: b"" }
    }
}

fn compare_zero(run: &[u8]) -> Ordering {
    if digits::is_zero(run) { Ordering::Equal } else { Ordering::Greater }
}

fn first_difference(mut orders: impl Iterator<Item = Ordering>) -> Ordering {
    orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn compare_items(left: &[Item<'_>], right: &[Item<'_>]) -> Ordering {
    first_difference((0..left.len().max(right.len())).map(|at| match (left.get(at), right.get(at)) {
        (Some(one), Some(two)) => one.compare(two),
        (Some(item), None) => item.compare_nothing(),
        (None, Some(item)) => item.compare_nothing().reverse(),
        (None, None) => Ordering::Equal,
    }))
}

/// The lists that are still open, the innermost last: a list can only be the last item of its parent.
struct Open<'a>(Vec<Vec<Item<'a>>>);

impl<'a> Open<'a> {
    fn add(&mut self, item: Item<'a>) {
        match self.0.last_mut() {
            Some(list) => list.push(item),
            None => self.0.push(vec![item]),
        }
    }

    /// Opens a list within the innermost one, unless that is still empty.
    fn nest(&mut self) {
        if self.0.last().is_some_and(|list| !list.is_empty()) {
            self.0.push(Vec::new());
        }
    }

    fn close(mut self) -> Vec<Item<'a>> {
        let mut inner = None;
        while let Some(mut list) = self.0.pop() {
            list.extend(inner.take().map(Item::List));
            inner = Some(normalize(list));
        }
        inner.unwrap_or_default()
    }
}

/// Drops zeros that stand at the end or before a word.
fn normalize(mut list: Vec<Item<'_>>) -> Vec<Item<'_>> {
    for at in (0..list.len()).rev() {
        let drops = list.get(at).is_some_and(Item::is_null)
            && match list.get(at + 1) {
                None | Some(Item::Word(_)) => true,
                Some(Item::List(items)) => matches!(items.first(), Some(Item::Word(_) | Item::Numbered(..))),
                Some(_) => false,
            };
        if drops {
            list.remove(at);
        }
    }
    match list.pop() {
        // A zero that is gone leaves no nesting behind.
        Some(Item::List(items)) if list.is_empty() => items,
        Some(last) => {
            list.push(last);
            list
        }
        None => list,
    }
}

fn parse(text: &[u8]) -> Vec<Item<'_>> {
    let mut open = Open(vec![Vec::new()]);
    let (mut start, mut is_number, mut is_numbered) = (0, false, false);
    for (at, &byte) in text.iter().enumerate() {
        let pending = text.get(start..at).unwrap_or_default();
        match byte {
            b'.' | b'-' => {
                if pending.is_empty() {
                    open.add(Item::ZERO);
                } else if byte == b'-' && !is_number && text.get(at + 1).is_some_and(u8::is_ascii_digit) {
                    // `rc-1` reads as `rc1`.
                    is_numbered = true;
                    continue;
                } else {
                    open.add(Item::new(pending, is_number, is_numbered));
                }
                start = at + 1;
                is_numbered = false;
                if byte == b'-' {
                    open.nest();
                }
            }
            b'0'..=b'9' => {
                if !is_number && !pending.is_empty() {
                    is_numbered = true;
                    open.nest();
                }
                is_number = true;
            }
            _ => {
                if is_number && !pending.is_empty() {
                    open.add(Item::new(pending, true, is_numbered));
                    start = at;
                    open.nest();
                    is_numbered = false;
                }
                is_number = false;
            }
        }
    }
    if let Some(pending @ [_, ..]) = text.get(start..) {
        if !is_number {
            open.nest();
        }
        open.add(Item::new(pending, is_number, is_numbered));
    }
    open.close()
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
                "1-alpha2snapshot",
                "1-alpha2",
                "1-alpha-123",
                "1-beta-2",
                "1-beta123",
                "1-m2",
                "1-m11",
                "1-rc",
                "1-cr2",
                "1-rc123",
                "1-SNAPSHOT",
                "1",
                "1-sp",
                "1-sp2",
                "1-sp123",
                "1-abc",
                "1-def",
                "1-pom-1",
                "1-1-snapshot",
                "1-1",
                "1-2",
                "1-123",
            ],
        );
        tables::ascending(
            compare,
            &[
                "2.0", "2.0.a", "2-1", "2.0.2", "2.0.123", "2.1.0", "2.1-a", "2.1b", "2.1-c", "2.1-1", "2.1.0.1", "2.2", "2.123",
                "11.a2", "11.a11", "11.b2", "11.b11", "11.m2", "11.m11", "11", "11.a", "11b", "11c", "11m",
            ],
        );
        tables::ascending(compare, &["2.0.1-xyz", "2.0.1-123", "20190126.230843", "99999999999999999999.1"]);
        tables::ascending(compare, &["5.3.0.RELEASE", "5.3.1", "9.4.50.v20221201", "9.4.51.v20230217", "31.0-jre", "32.0.0-jre"]);
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("1", "1.0"),
                ("1", "1-ga"),
                ("1.0.0.Final", "1"),
                ("1.RELEASE", "1"),
                ("1-rc1", "1-CR-1"),
                ("1a1", "1-alpha-1"),
                ("1..2", "1.0.2"),
                ("1-0", "1"),
                ("01", "1"),
                ("1x", "1.0.0-x"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "1.ä", &"1-".repeat(129)]);
    }
}
