use model::report::Report;
use report::{Format, RenderOptions, render};

use crate::sample;

fn page(reports: &[Report]) -> String {
    String::from_utf8(render(&Format::Html, reports, &RenderOptions::default()).unwrap()).unwrap()
}

/// The page without its own style and script, which are files of their own.
fn body(reports: &[Report]) -> String {
    let page = page(reports);
    let cut = |text: &str, from: &str, to: &str| {
        let (before, rest) = text.split_once(from).unwrap();
        format!("{before}{from}…{to}{}", rest.rsplit_once(to).unwrap().1)
    };
    cut(&cut(&page, "<style>", "</style>"), "<script>", "</script>")
}

#[test]
fn everything() {
    insta::assert_snapshot!(without_hashes(&body(&[sample::full()])));
}

/// The hashes change with every change of style; the unit tests hold how they are made.
fn without_hashes(page: &str) -> String {
    page.split('\'').map(|part| if part.starts_with("sha256-") { "sha256-…" } else { part }).collect::<Vec<_>>().join("'")
}

#[test]
fn inventory_empty_and_undetermined() {
    insta::assert_snapshot!("page_inventory", without_hashes(&body(&[sample::inventory()])));
    insta::assert_snapshot!("page_several", without_hashes(&body(&[sample::empty(), sample::undetermined()])));
}

#[test]
fn nothing_from_outside_becomes_markup() {
    let page = page(&[sample::hostile()]);
    assert_eq!(page.matches("<script>").count(), 1);
    for bad in ["<img", "<i>image", "<b>feed", "</table>\u{1b}", "javascript:", "\u{1b}", "\u{202e}"] {
        assert!(!page.contains(bad), "{bad:?}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn ids_are_unique_and_labels_meet_them() {
    let page = page(&[sample::full(), sample::inventory()]);
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let number = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), number);
    for reference in page.split("<label for=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&reference), "{reference}");
    }
}
