//! Which functions a linker kept, small enough to travel with a package: a large Go program has a hundred thousand of
//! them, and the only question ever asked is whether one named symbol is among them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// FNV-1a, 64 bits, of a symbol in the form advisories write it: `import/path.Function`, `import/path.Type.Method` (no
/// pointer star, no type parameters), or `import/path` alone for the package itself. The value is stored in caches and
/// SBOMs and therefore never changes.
pub fn symbol_hash(symbol: &str) -> u64 {
    symbol.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A set of symbols, kept as their [`symbol_hash`]es. A collision can only make a symbol look present that is not, which
/// leaves a finding standing: the safe side.
///
/// Serialised as one string of 16 hexadecimal digits a symbol.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SymbolSet {
    hashes: Vec<u64>,
}

impl SymbolSet {
    /// A set of these hashes, in any order, repetitions allowed.
    pub fn from_hashes(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        Self { hashes }
    }

    /// Whether the symbol, written as [`symbol_hash`] says, is in the set.
    pub fn contains(&self, symbol: &str) -> bool {
        self.hashes.binary_search(&symbol_hash(symbol)).is_ok()
    }

    /// Adds another set: what two binaries that hold the same module link between them.
    pub fn extend(&mut self, other: &Self) {
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.extend_from_slice(&other.hashes);
        *self = Self::from_hashes(hashes);
    }

    /// How many symbols.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether nothing of the module was linked.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

impl<'a> FromIterator<&'a str> for SymbolSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(symbols: I) -> Self {
        Self::from_hashes(symbols.into_iter().map(symbol_hash).collect())
    }
}

impl fmt::Debug for SymbolSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SymbolSet({} symbols)", self.hashes.len())
    }
}

impl Serialize for SymbolSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use fmt::Write as _;
        let mut text = String::with_capacity(self.hashes.len() * 16);
        for hash in &self.hashes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{hash:016x}");
        }
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for SymbolSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let fail = || serde::de::Error::custom("a symbol set is a string of 16 hexadecimal digits a symbol");
        let mut hashes = Vec::with_capacity(text.len() / 16);
        for digits in text.as_bytes().chunks(16) {
            let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.len() == 16).ok_or_else(fail)?;
            hashes.push(u64::from_str_radix(digits, 16).map_err(|_| fail())?);
        }
        Ok(Self::from_hashes(hashes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // The published test values of FNV-1a.
        assert_eq!(symbol_hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(symbol_hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(symbol_hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn sets_join_and_answer() {
        let mut set: SymbolSet = ["net/http.Get", "net/http", "net/http.Get"].into_iter().collect();
        assert_eq!(set.len(), 2);
        assert!(set.contains("net/http.Get") && !set.contains("net/http.Post"));
        set.extend(&["net/http.Post"].into_iter().collect());
        assert!(set.contains("net/http.Post") && set.contains("net/http"));
    }
}
