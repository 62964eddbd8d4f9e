//! Damages well-formed input, the same way in every run: what a fuzzer does, bounded, on any tool chain.

/// A pseudo-random sequence, SplitMix64 (<https://prng.di.unimi.it/splitmix64.c>): tiny, and the same everywhere.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence that belongs to a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.number() % end as u64) as usize }
    }
}

/// What readers trip over: borders of integers, deep nesting, wrong quotes, broken UTF-8.
const NASTY: [&[u8]; 20] = [
    b"\0",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x80\0\0\0",
    b"-1",
    b"18446744073709551616",
    b"99999999999999999999999999999999",
    b"1e999",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":{\"a\":",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"\n\n",
    b": ",
    b"null",
    b"9999-99-99",
    b"\xc3",
    b"\xf0\x9f\x92\xa9",
    "\u{202e}\u{feff}".as_bytes(),
];

/// Up to four random changes to a seed: bytes turned, cut out, repeated, put in, or the end cut off.
pub fn mutate(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(24)).min(bytes.len());
        match random.below(7) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = random.number() as u8;
                }
            }
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes.get(at..end).unwrap_or_default().repeat(1 + random.below(8));
                bytes.splice(at..at, piece);
            }
            4 => drop(bytes.splice(at..at, NASTY[random.below(NASTY.len())].iter().copied())),
            5 => drop(bytes.splice(at..end, NASTY[random.below(NASTY.len())].iter().copied())),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// Hands `times` damaged copies of every seed to `read`, which is expected to come back.
pub fn each(seeds: &[&[u8]], times: usize, mut read: impl FnMut(&[u8])) {
    let mut random = Random::new(0x706c_696d);
    for seed in seeds {
        read(seed);
        for _ in 0..times {
            read(&mutate(seed, &mut random));
        }
    }
}
