//! Does the order of work put first what is exploited later? `evaluate FEEDS DAY…`, over a folder of feeds.
//!
//! For each day T: the list is every CVE of the AlmaLinux and Bitnami feeds that was published by then and was not yet known
//! to be exploited; the labels are those that CISA's catalogue took up after T. All facts of a later date are masked: KEV by
//! its dates, EPSS and SSVC by the dates of their snapshots; exploit code bears no date and is masked always. What cannot
//! be masked is that scores may have been corrected since. Printed is the share of labels in the first 5 % of the list, by
//! risk and by CVSS alone, ties counted as they would fall on the average, with 95 % intervals of 2,000 bootstrap samples.
//! With fewer than 50 labels nothing is claimed. `hindsight` adds today's EPSS, which has seen the labels: it says what the
//! formula does with a good score, and compares to nothing.
#![expect(clippy::print_stdout, reason = "what an example is for")]

use std::collections::BTreeMap;
use std::path::Path;

use advisory::feed::{Item, read_folder};
use jiff::civil::Date;
use matcher::{Context, rank};
use model::advisory::{CveFacts, Epss, Ssvc};
use model::finding::{Exploited, Finding, FindingKind, FindingStatus};
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::package::PackageType;
use model::severity::{Rating, Severity};

/// Fewer labels prove nothing.
const MIN_LABELS: usize = 50;
/// The part of the list that people get to.
const FIRST: f64 = 0.05;
const SAMPLES: usize = 2000;

/// What is known of one CVE, undated facts left out.
#[derive(Default)]
struct Known {
    listed: bool,
    published: Option<Date>,
    ratings: Vec<Rating>,
    kev: Option<Date>,
    epss: Option<Epss>,
    ssvc: Option<Ssvc>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [feeds, days @ ..] = arguments.as_slice() else { return Err("usage: evaluate FEEDS DAY…".into()) };
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    let summaries = read_folder(Path::new(feeds), &mut |feed, item| match item {
        Item::Advisory(advisory) if matches!(feed, "osv-almalinux" | "osv-bitnami") => {
            let ids = std::iter::once(&advisory.id).chain(&advisory.aliases);
            if let Some(id) = ids.into_iter().find(|id| id.starts_with("CVE-")) {
                let one = known.entry(id.clone()).or_default();
                one.listed = true;
                one.published = earlier(one.published, advisory.published);
                one.ratings.extend(advisory.ratings);
            }
        }
        Item::Facts(facts) => add(&mut known, facts),
        _ => {}
    })?;
    let of = |feed: &str| summaries.iter().find(|summary| summary.name == feed).and_then(|summary| summary.as_of.parse().ok());
    let (epss, ssvc): (Option<Date>, Option<Date>) = (of("epss"), of("vulnrichment"));
    println!("| T | facts by then | CVEs | labels | by risk | by CVSS | hindsight |\n|---|---|---|---|---|---|---|");
    for day in days {
        let day: Date = day.parse()?;
        let facts = Facts { epss: epss.is_some_and(|date| date <= day), ssvc: ssvc.is_some_and(|date| date <= day) };
        row(day, facts, &known);
    }
    Ok(())
}

/// Which dated facts count.
#[derive(Clone, Copy)]
struct Facts {
    epss: bool,
    ssvc: bool,
}

fn add(known: &mut BTreeMap<String, Known>, facts: CveFacts) {
    let one = known.entry(facts.id).or_default();
    one.published = earlier(one.published, facts.published);
    one.ratings.extend(facts.ratings);
    one.kev = one.kev.or(facts.kev.and_then(|kev| kev.date_added.parse().ok()));
    one.epss = one.epss.take().or(facts.epss);
    one.ssvc = one.ssvc.take().or(facts.ssvc);
}

fn earlier(left: Option<Date>, right: Option<jiff::Timestamp>) -> Option<Date> {
    let right = right.map(|time| jiff::tz::Offset::UTC.to_datetime(time).date());
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

fn row(day: Date, facts: Facts, known: &BTreeMap<String, Known>) {
    let list: Vec<(&String, &Known)> = known
        .iter()
        .filter(|(_, one)| one.listed && one.published.is_some_and(|date| date <= day))
        .filter(|(_, one)| one.kev.is_none_or(|date| date > day))
        .collect();
    let labels: Vec<usize> = (0..list.len()).filter(|&at| list[at].1.kev.is_some()).collect();
    let risk = |facts: Facts| -> Vec<f64> { list.iter().map(|(id, one)| risk(id, one, facts)).collect() };
    let scores: Vec<f64> = list.iter().map(|(_, one)| cvss(one)).collect();
    let told = |values: &[f64]| {
        let placed = in_first(values);
        let hits: Vec<f64> = labels.iter().map(|&label| placed[label]).collect();
        let (from, to) = interval(&hits);
        format!("{:.0} % ({:.0}–{:.0})", 100.0 * mean(&hits), 100.0 * from, 100.0 * to)
    };
    let names = match (facts.epss, facts.ssvc) {
        (true, true) => "CVSS, SSVC, EPSS",
        (true, false) => "CVSS, EPSS",
        (false, true) => "CVSS, SSVC",
        (false, false) => "CVSS",
    };
    if labels.len() < MIN_LABELS {
        println!("| {day} | {names} | {} | {} | too few labels: no claim | | |", list.len(), labels.len());
        return;
    }
    let hindsight = told(&risk(Facts { epss: true, ..facts }));
    println!(
        "| {day} | {names} | {} | {} | {} | {} | {hindsight} |",
        list.len(),
        labels.len(),
        told(&risk(facts)),
        told(&scores)
    );
}

/// How likely each is to be among the first, where equals are shuffled.
fn in_first(values: &[f64]) -> Vec<f64> {
    let most = values.len() as f64 * FIRST;
    values
        .iter()
        .map(|value| {
            let before = values.iter().filter(|other| *other > value).count() as f64;
            let equal = values.iter().filter(|other| (*other - value).abs() < f64::EPSILON).count() as f64;
            ((most - before) / equal).clamp(0.0, 1.0)
        })
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The 95 % interval of the mean, by resampling; always the same for the same values.
fn interval(values: &[f64]) -> (f64, f64) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize
    };
    let mut means: Vec<f64> =
        (0..SAMPLES).map(|_| mean(&values.iter().map(|_| values[next() % values.len()]).collect::<Vec<_>>())).collect();
    means.sort_by(f64::total_cmp);
    (means[SAMPLES / 40], means[SAMPLES - SAMPLES / 40 - 1])
}

/// The highest score, else the middle of the worst level's band; nothing where nobody rated it.
fn cvss(known: &Known) -> f64 {
    let scores = known.ratings.iter().filter_map(|rating| rating.cvss.as_ref()).map(|cvss| cvss.score);
    scores.reduce(f64::max).unwrap_or_else(|| match level(known) {
        Severity::Critical => 9.5,
        Severity::High => 8.0,
        Severity::Medium => 5.5,
        Severity::Low => 2.0,
        Severity::Negligible | Severity::Unknown => 0.0,
    })
}

fn level(known: &Known) -> Severity {
    known.ratings.iter().filter_map(Rating::severity).max().unwrap_or_default()
}

fn risk(id: &str, known: &Known, facts: Facts) -> f64 {
    let mut findings = vec![Finding {
        status: FindingStatus::Fixed,
        severity: level(known),
        cvss: known.ratings.iter().filter_map(|rating| rating.cvss.clone()).collect(),
        exploited: Some(Exploited::default()),
        epss: known.epss.clone().filter(|_| facts.epss),
        ssvc: known.ssvc.clone().filter(|_| facts.ssvc),
        ..Finding::new(id, FindingKind::Vulnerability, PackageType::Generic)
    }];
    rank(&mut findings, &Context { image: &ImageInfo::default(), inventory: &Inventory::default(), usage: None });
    findings.first().and_then(|finding| finding.risk).unwrap_or_default()
}
