//! Licences, whatever is declared.

use model::license::{self, Dialect, Terms};
use proptest::prelude::*;

const DIALECTS: [Dialect; 5] = [Dialect::General, Dialect::Debian, Dialect::Fedora, Dialect::Arch, Dialect::R];

/// Words that mean something, in any order, and whatever else there is.
fn declared() -> impl Strategy<Value = String> {
    let words = [
        "GPL-2+",
        "GPLv3",
        "MIT",
        "or",
        "and",
        "with",
        "(",
        ")",
        ",",
        "later",
        "exception,",
        "/",
        "|",
        "Expat",
        "LicenseRef-x",
        "BSD",
        "Apache License, Version 2.0",
        "+ file LICENSE",
        "(>= 2)",
        ";",
        "GPL-2.0+",
        "\u{130}",
    ];
    prop_oneof![prop::collection::vec(prop::sample::select(words.to_vec()), 0..12).prop_map(|words| words.join(" ")), ".{0,200}"]
}

proptest! {
    #[test]
    fn what_comes_out_is_an_expression_and_stays_one(text in declared()) {
        for dialect in DIALECTS {
            if let Some(expression) = license::expression(&text, dialect) {
                prop_assert!(license::is_expression(&expression), "{} → {}", text, expression);
                let again = license::expression(&expression, dialect);
                prop_assert_eq!(again.as_deref(), Some(expression.as_str()));
            }
        }
    }

    #[test]
    fn all_that_is_declared_is_one_expression(texts in prop::collection::vec(declared(), 0..6)) {
        let combined = license::combined(&texts);
        prop_assert!(combined == license::NOT_SAID || license::is_expression(&combined), "{:?} → {}", texts, combined);
        let terms = Terms::new(["MIT"], ["GPL"]).unwrap();
        terms.judge(&combined);
    }

    #[test]
    fn any_text_has_an_end(text in ".{0,2000}") {
        license::of_text(&text);
        license::copyrights(&text);
    }
}
