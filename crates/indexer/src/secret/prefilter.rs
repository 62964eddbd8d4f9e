//! Which words stand where in a text: one pass over raw bytes that nearly every text leaves with nothing.
//!
//! Four bytes of each word, the rarest ones, are hashed into a table of bits small enough for the first-level cache; a
//! text's bytes are tried against it four at a time, each position independent of the last. An automaton would walk from
//! state to state, each step waiting for the one before, over a table that several thousand words in any case make larger
//! than that cache.

use std::collections::HashSet;

/// Bytes that are hashed.
const GRAM: usize = 4;
/// Bits of the table, as a power of two: 32 KiB.
const BITS: u32 = 18;
/// Words of the table.
const WORDS: usize = 1 << (BITS - 5);
/// Places of the second table, as a power of two: what passes the first is looked up there.
const HEADS: u32 = 14;
/// Multiplier of the hash: the golden ratio in 32 bits.
const SPREAD: u32 = 0x9E37_79B1;
/// Makes small letters of large ones, and does no harm to other bytes, since whole words are compared afterwards.
const FOLD: u32 = 0x2020_2020;

/// A set of words, each with what it stands for.
#[derive(Debug)]
pub(super) struct Prefilter {
    bits: Vec<u32>,
    /// Hash of a gram → range in `entries`, which are in the order of their hashes.
    heads: Vec<(u16, u16)>,
    entries: Vec<Entry>,
    words: Vec<u8>,
}

/// One word under one of its grams.
#[derive(Clone, Copy, Debug)]
struct Entry {
    gram: u32,
    /// Where the gram stands in the word.
    offset: u16,
    length: u16,
    /// Where the word stands in `words`.
    begin: u32,
    /// Whether large and small letters differ.
    exact: bool,
    /// Letters of a token that must follow.
    run: u8,
    /// What the word stands for.
    target: u32,
}

/// A word, whether its case counts, and what it stands for.
pub(super) struct Word {
    pub text: Vec<u8>,
    pub exact: bool,
    /// Letters of a token that must follow, for words that are too short to say much.
    pub run: u8,
    pub target: u32,
}

impl Prefilter {
    /// Of words of four bytes and more; shorter ones are not looked for.
    pub(super) fn new(words: &[Word]) -> Self {
        let mut filter = Self { bits: vec![0; WORDS], heads: vec![(0, 0); 1 << HEADS], entries: Vec::new(), words: Vec::new() };
        let common: HashSet<u32> = COMMON.iter().map(|gram| gram_of(*gram)).collect();
        for word in words.iter().filter(|word| (GRAM..=usize::from(u16::MAX)).contains(&word.text.len())) {
            let (offset, gram) = rarest(&word.text, &common);
            filter.entries.push(Entry {
                gram,
                offset: offset as u16,
                length: word.text.len() as u16,
                begin: filter.words.len() as u32,
                exact: word.exact,
                run: word.run,
                target: word.target,
            });
            filter.words.extend_from_slice(&word.text);
        }
        // More words than places have no use: a user's file is bounded long before.
        filter.entries.truncate(usize::from(u16::MAX));
        filter.entries.sort_by_key(|entry| (head(entry.gram), entry.begin));
        for (index, entry) in filter.entries.iter().enumerate() {
            let place = &mut filter.heads[head(entry.gram)];
            if place.1 == 0 {
                place.0 = index as u16;
            }
            place.1 = index as u16 + 1;
            let bit = slot(entry.gram);
            filter.bits[(bit >> 5) as usize] |= 1 << (bit & 31);
        }
        filter
    }

    /// Tells every place of every word: what it stands for, where it begins and ends. By place of the rarest bytes.
    pub(super) fn find(&self, text: &[u8], mut found: impl FnMut(u32, usize, usize)) {
        let Ok(bits) = <&[u32; WORDS]>::try_from(self.bits.as_slice()) else { return };
        // Four places share one load.
        let mut at = 0;
        while let Some(bytes) = text.get(at..at + 8).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok()) {
            let folded = u64::from_le_bytes(bytes) | u64::from(FOLD) << 32 | u64::from(FOLD);
            for place in 0..4 {
                let bit = slot((folded >> (8 * place)) as u32);
                if bits[(bit >> 5) as usize & (WORDS - 1)] >> (bit & 31) & 1 != 0 {
                    self.verify(text, at + place, &mut found);
                }
            }
            at += 4;
        }
        for place in at..text.len().saturating_sub(GRAM - 1) {
            self.verify(text, place, &mut found);
        }
    }

    #[inline(never)]
    fn verify(&self, text: &[u8], at: usize, found: &mut impl FnMut(u32, usize, usize)) {
        let gram = gram_of(&text[at..at + GRAM]);
        let (from, to) = self.heads[head(gram)];
        for entry in &self.entries[usize::from(from)..usize::from(to)] {
            if entry.gram != gram {
                continue;
            }
            let Some(begin) = at.checked_sub(usize::from(entry.offset)) else { continue };
            let end = begin + usize::from(entry.length);
            let word = &self.words[entry.begin as usize..entry.begin as usize + usize::from(entry.length)];
            let Some(part) = text.get(begin..end) else { continue };
            if if entry.exact { part == word } else { part.eq_ignore_ascii_case(word) } {
                let run = &text[end..text.len().min(end + usize::from(entry.run))];
                if run.len() == usize::from(entry.run)
                    && run.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
                {
                    found(entry.target, begin, end);
                }
            }
        }
    }
}

fn gram_of(window: &[u8]) -> u32 {
    let bytes: [u8; GRAM] = window.try_into().unwrap_or_default();
    u32::from_le_bytes(bytes) | FOLD
}

fn slot(gram: u32) -> u32 {
    gram.wrapping_mul(SPREAD) >> (32 - BITS)
}

fn head(gram: u32) -> usize {
    (gram.wrapping_mul(0x85EB_CA6B) >> (32 - HEADS)) as usize
}

/// Fragments that texts and programs have often, or many words have alike, counted over Python and JavaScript packages: of a
/// word's other fragments one is looked for.
const COMMON: &[&[u8; GRAM]] = &[
    b" acc", b" api", b" app", b" cha", b" cli", b" key", b" log", b" pas", b" sec", b" tok", b"-acc", b"-amz", b"-key", b"-tok",
    b".app", b".key", b".log", b".sub", b".tok", b"_acc", b"_app", b"_in_", b"_key", b"_sec", b"_tok", b"a cl", b"aaaa", b"abil",
    b"able", b"acce", b"aces", b"ack ", b"ack.", b"age.", b"age_", b"ale_", b"amaz", b"ampl", b"amz-", b"api_", b"app.", b"appl",
    b"appr", b"as-i", b"ash.", b"ass:", b"ate ", b"ate-", b"ate.", b"ate_", b"atek", b"atet", b"auth", b"aws ", b"aws-", b"aws.",
    b"azon", b"bili", b"buck", b"cces", b"ccou", b"ces ", b"ces.", b"cess", b"chan", b"chap", b"cion", b"ckag", b"cket", b"clar",
    b"clec", b"clie", b"clou", b"cond", b"cook", b"cord", b"cove", b"cryp", b"cust", b"d_cl", b"dash", b"decl", b"deep", b"dent",
    b"deve", b"dex-", b"dexc", b"disc", b"djan", b"dkey", b"docu", b"e ap", b"e ch", b"e to", b"eaae", b"eck_", b"ecre", b"eigh",
    b"ekey", b"ent_", b"entr", b"equi", b"ess ", b"essi", b"esul", b"ethe", b"etok", b"evel", b"expo", b"fied", b"flow", b"gith",
    b"heck", b"htok", b"http", b"hub ", b"hub.", b"iden", b"ifie", b"ify ", b"ify_", b"ight", b"ine ", b"ine-", b"ine.", b"ion-",
    b"ion.", b"ion_", b"isco", b"ise ", b"ise.", b"itch", b"ithu", b"ivat", b"ive_", b"jang", b"ject", b"ken ", b"ket-", b"ket.",
    b"key ", b"key-", b"key.", b"key_", b"keys", b"lack", b"ligh", b"line", b"link", b"lity", b"loba", b"logi", b"loud", b"lway",
    b"mark", b"mazo", b"mer-", b"meri", b"mpli", b"name", b"nce_", b"ncry", b"new ", b"new_", b"nkey", b"ntif", b"ntry", b"ojec",
    b"oken", b"ole.", b"omer", b"on k", b"ooki", b"open", b"ort_", b"over", b"owne", b"p://", b"pace", b"pack", b"pass", b"patc",
    b"path", b"pati", b"patt", b"plic", b"plit", b"post", b"ppli", b"priv", b"proj", b"ps:/", b"publ", b"push", b"quir", b"ream",
    b"repo", b"requ", b"resu", b"riva", b"rkey", b"rnam", b"rvic", b"rypt", b"s://", b"sams", b"scor", b"se t", b"secr", b"sent",
    b"sess", b"sion", b"skey", b"spac", b"ss t", b"ssio", b"stab", b"stom", b"sult", b"tabl", b"tack", b"tbuc", b"te t", b"te.t",
    b"teke", b"ter_", b"th p", b"ther", b"thub", b"tifi", b"tify", b"tkey", b"toke", b"tome", b"tory", b"tp:/", b"tps:", b"trav",
    b"ttok", b"ttp:", b"ttps", b"twit", b"type", b"ucke", b"uire", b"ult_", b"user", b"usto", b"vali", b"vate", b"velo", b"vera",
    b"vice", b"weig", b"wise", b"witc", b"with", b"wner", b"word", b"work", b"ws.a", b"ypes", b"ypti", b"zon ", b"zon.", b"zons",
    b"zoom",
];

/// The four bytes of a word that texts have least often.
fn rarest(word: &[u8], common: &HashSet<u32>) -> (usize, u32) {
    let rate = |window: &[u8]| {
        let often = if common.contains(&gram_of(window)) { 100 } else { 0 };
        often + window.iter().map(|&byte| frequency(byte)).sum::<u32>()
    };
    let best = word.windows(GRAM).enumerate().min_by_key(|(_, window)| rate(window));
    best.map_or((0, 0), |(offset, window)| (offset, gram_of(window)))
}

/// How common a byte is in texts and programs, roughly, as the logarithm of its rate.
fn frequency(byte: u8) -> u32 {
    match byte.to_ascii_lowercase() {
        b'e' | b't' | b' ' | b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 10,
        b'c' | b'd' | b'l' | b'u' | b'm' | b'p' | b'f' => 8,
        b'h' | b'g' | b'b' | b'_' | b'.' | b'"' | b'-' | b'/' | b'0' | b'1' | b'(' | b'=' | b':' => 7,
        b'v' | b'y' | b'w' | b'k' | b'2' | b'3' | b'4' | b'5' | b'x' => 5,
        b'6'..=b'9' | b'j' | b'q' | b'z' => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[(&str, bool)], text: &str) -> Vec<(u32, usize, usize)> {
        let words: Vec<Word> = words
            .iter()
            .zip(0..)
            .map(|((text, exact), target)| Word { text: text.as_bytes().to_vec(), exact: *exact, run: 0, target })
            .collect();
        let mut found = Vec::new();
        Prefilter::new(&words).find(text.as_bytes(), |target, begin, end| found.push((target, begin, end)));
        found.sort_unstable();
        found
    }

    #[test]
    fn words_in_any_case_and_overlapping() {
        assert_eq!(found(&[("ghp_", true), ("api_key", false)], "GHP_ ghp_ API_KEY"), [(0, 5, 9), (1, 10, 17)]);
        assert_eq!(found(&[("password", false), ("word=", false)], "Password=x"), [(0, 0, 8), (1, 4, 9)]);
        assert_eq!(found(&[("abcd", true)], "abc"), []);
        assert_eq!(found(&[("abcd", true)], "abcdabcd"), [(0, 0, 4), (0, 4, 8)]);
    }
}
