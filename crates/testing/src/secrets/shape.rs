//! Draws random text of a described shape.
use crate::mutate::Random;

/// Text of a pattern: what stands in braces is drawn, all else is taken as it is.
///
/// - `{h32}`: 32 of a class of characters, `{h30-40}`: 30 to 40 of it
/// - `{uuid}`: a random UUID
/// - `{=eu|us}`: one of these words
///
/// Classes: `h` small hex, `H` large hex, `d` digits, `z` small letters, `Z` large letters, `L` letters, `l` small letters and
/// digits, `u` large letters and digits, `a` letters and digits, `w` the same with `_` and `-`, `b` the same with `+` and `/`,
/// `q` base32, `Q` the same in capitals, `x` base58, `p` a strong password that needs no quoting.
pub(super) fn draw(pattern: &str, random: &mut Random) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        let (inside, behind) = behind.split_once('}').unwrap_or((behind, ""));
        text.push_str(before);
        text.push_str(&group(inside, random));
        rest = behind;
    }
    text + rest
}

fn group(inside: &str, random: &mut Random) -> String {
    if let Some(words) = inside.strip_prefix('=') {
        let words: Vec<&str> = words.split('|').collect();
        return (*pick(&words, random)).to_owned();
    }
    if inside == "uuid" {
        return uuid(random);
    }
    let mut letters = inside.chars();
    let class = letters.next().unwrap_or('a');
    let (least, most) = letters.as_str().split_once('-').unwrap_or((letters.as_str(), letters.as_str()));
    let (least, most): (usize, usize) = (least.parse().unwrap_or(1), most.parse().unwrap_or(1));
    let length = least + random.below(most.saturating_sub(least) + 1);
    if class == 'p' { password(length, random) } else { of(alphabet(class), length, random) }
}

fn alphabet(class: char) -> &'static str {
    match class {
        'h' => "0123456789abcdef",
        'H' => "0123456789ABCDEF",
        'd' => "0123456789",
        'z' => "abcdefghijklmnopqrstuvwxyz",
        'Z' => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        'L' => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        'l' => "abcdefghijklmnopqrstuvwxyz0123456789",
        'u' => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        'w' => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
        'b' => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        'Q' => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        'q' => "abcdefghijklmnopqrstuvwxyz234567",
        'x' => "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        _ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    }
}

/// Characters of an alphabet.
pub(super) fn of(alphabet: &str, length: usize, random: &mut Random) -> String {
    let alphabet = alphabet.as_bytes();
    (0..length).map(|_| char::from(alphabet[random.below(alphabet.len())])).collect()
}

/// A letter first, then letters, digits and signs that neither shells, nor YAML, nor XML take apart.
fn password(length: usize, random: &mut Random) -> String {
    let first = of(alphabet('L'), 1, random);
    // The signs stand apart, so that there is one and no two meet.
    let rest: String =
        (1..length).map(|place| if place % 5 == 3 { of("!^*-_+=.~", 1, random) } else { of(alphabet('a'), 1, random) }).collect();
    first + &rest
}

/// A random UUID of version 4.
pub(super) fn uuid(random: &mut Random) -> String {
    draw("{h8}-{h4}-4{h3}-{=8|9|a|b}{h3}-{h12}", random)
}

/// One of several.
pub(super) fn pick<'a, T>(all: &'a [T], random: &mut Random) -> &'a T {
    &all[random.below(all.len())]
}

/// Random bytes.
pub(super) fn bytes(length: usize, random: &mut Random) -> Vec<u8> {
    (0..length).map(|_| random.number() as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled() {
        let mut random = Random::new(1);
        let text = draw("ab_{h4}-{d2-3}.{=x|x}", &mut random);
        assert!(text.starts_with("ab_") && text.ends_with(".x"), "{text}");
        assert!((11..=12).contains(&text.len()), "{text}");
        assert_eq!(uuid(&mut random).len(), 36);
    }
}
