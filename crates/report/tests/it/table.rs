use model::report::Report;
use report::{Format, RenderOptions, render};
use testing as _;

use crate::sample;

fn table(report: &Report, width: usize, color: bool) -> String {
    let options = RenderOptions { width, color, index: None };
    String::from_utf8(render(&Format::Table, std::slice::from_ref(report), &options).unwrap()).unwrap()
}

#[test]
fn everything_at_each_width() {
    for width in [60, 80, 120] {
        insta::assert_snapshot!(format!("full_{width}"), table(&sample::full(), width, false));
    }
}

#[test]
fn colour() {
    let colored = table(&sample::full(), 120, true);
    insta::assert_snapshot!(colored.replace('\u{1b}', "␛"));
    // Colour says nothing that the words do not say.
    let mut plain = String::new();
    for (number, part) in colored.split("\u{1b}[").enumerate() {
        plain.push_str(if number == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_eq!(plain, table(&sample::full(), 120, false));
}

#[test]
fn inventory_alone() {
    insta::assert_snapshot!(table(&sample::inventory(), 100, false));
}

#[test]
fn nothing_found_is_never_clean() {
    insta::assert_snapshot!("empty", table(&sample::empty(), 80, false));
    let mut none = sample::full();
    none.findings = Some(Vec::new());
    none.hidden_by_filters = 0;
    none.decision = None;
    insta::assert_snapshot!("none_found", table(&none, 80, false));
}

#[test]
fn undetermined_is_said() {
    insta::assert_snapshot!(table(&sample::undetermined(), 80, false));
}

#[test]
fn hostile_names_drive_no_terminal() {
    let text = table(&sample::hostile(), 80, false);
    assert!(!text.chars().any(|character| character.is_control() && character != '\n' || character == '\u{202e}'));
    insta::assert_snapshot!(text);
}

#[test]
fn several_stand_one_after_the_other() {
    let reports = [sample::undetermined(), sample::empty()];
    let both = String::from_utf8(render(&Format::Table, &reports, &RenderOptions::default()).unwrap()).unwrap();
    assert!(both.contains("debian 9") && both.contains("debian 12") && both.contains("────"));
}

#[test]
fn rows_fit_the_width() {
    for width in [60, 80, 100, 120, 200] {
        for report in [sample::full(), sample::inventory(), sample::hostile()] {
            for line in table(&report, width, false).lines().filter(|line| line.contains("CVE-") && !line.starts_with("  - ")) {
                let columns: usize =
                    line.chars().map(|character| unicode_width::UnicodeWidthChar::width(character).unwrap_or(0)).sum();
                assert!(columns <= width, "{columns} of {width}: {line}");
            }
        }
    }
}
