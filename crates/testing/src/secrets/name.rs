//! A variable's name in the spellings of files and languages.
use crate::mutate::Random;

/// The words of a name, as in `dd api key`.
#[derive(Clone, Copy)]
pub(super) struct Name<'a>(pub(super) &'a str);

impl<'a> Name<'a> {
    /// One of several names, divided by `|`.
    pub(super) fn one_of(words: &'a str, random: &mut Random) -> Self {
        let names: Vec<&str> = words.split('|').collect();
        Self(names[random.below(names.len())])
    }

    fn joined(&self, between: &str, word: impl Fn(usize, &str) -> String) -> String {
        self.0.split(' ').enumerate().map(|(place, text)| word(place, text)).collect::<Vec<_>>().join(between)
    }

    /// The name in one of the spellings that templates ask for.
    pub(super) fn spelled(&self, style: &str) -> Option<String> {
        let large = |text: &str| text[..1].to_ascii_uppercase() + &text[1..];
        Some(match style {
            "SCREAM" => self.joined("_", |_, text| text.to_ascii_uppercase()),
            "snake" => self.joined("_", |_, text| text.to_owned()),
            "kebab" => self.joined("-", |_, text| text.to_owned()),
            "dotted" => self.joined(".", |_, text| text.to_owned()),
            "camel" => self.joined("", |place, text| if place == 0 { text.to_owned() } else { large(text) }),
            "Pascal" => self.joined("", |_, text| large(text)),
            "Header" => self.joined("-", |_, text| large(text)),
            "words" => self.0.to_owned(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let name = Name("dd api key");
        for (style, text) in [
            ("SCREAM", "DD_API_KEY"),
            ("camel", "ddApiKey"),
            ("kebab", "dd-api-key"),
            ("Header", "Dd-Api-Key"),
            ("Pascal", "DdApiKey"),
        ] {
            assert_eq!(name.spelled(style).unwrap(), text);
        }
    }
}
