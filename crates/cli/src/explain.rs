//! `scan --explain ID`: why an id was found, why it was not, and who set it aside, as text or as JSON.

use anyhow::bail;
use matcher::Explanations;
use model::finding::Finding;
use model::report::Report;
use report::Format;
use report::explanation::{Explained, Explanation, SetAside, render};

use crate::database::Chosen;
use crate::judge::Judge;
use crate::output::Outputs;
use crate::printer;
use crate::subject::Subject;

/// Answers for every subject and writes it where the flags say.
pub fn run(id: &str, subjects: Vec<Subject>, chosen: &Chosen, judge: &Judge<'_>, outputs: &Outputs) -> anyhow::Result<()> {
    let [(format, file)] = outputs.wanted() else { bail!("--explain writes one answer; leave all but one --format away") };
    let mut answers = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let explanations = matcher::explain(&subject.inventory, &chosen.database, judge.options, id)?;
        let (report, _) = judge.run(subject, Some(chosen))?;
        answers.push((report, explanations));
    }
    let bytes = match format {
        Format::Table => answers.iter().map(|(report, answers)| words(id, report, answers)).collect::<String>().into_bytes(),
        Format::Json => {
            let images: Vec<Explained<'_>> = answers.iter().map(|(report, answers)| explained(id, report, answers)).collect();
            render(id, &images)?
        }
        other => bail!("--explain answers as table or json, not as {other}"),
    };
    printer::result(&bytes, file.as_deref())
}

/// The findings of this id, or of one that it is an alias of, that somebody set aside.
fn set_aside<'a>(id: &'a str, report: &'a Report) -> impl Iterator<Item = (&'a Finding, String)> {
    let named =
        move |finding: &&Finding| std::iter::once(&finding.id).chain(&finding.aliases).any(|name| name.eq_ignore_ascii_case(id));
    let findings = report.findings.iter().flatten().filter(named);
    findings.filter_map(|finding| Some((finding, finding.suppressed.as_ref()?.words())))
}

fn words(id: &str, report: &Report, answers: &Explanations) -> String {
    let mut text = answers.to_string();
    for (finding, why) in set_aside(id, report) {
        text.push_str(&format!("set aside: {}: {why}\n", finding.purl));
    }
    text
}

fn explained<'a>(id: &'a str, report: &'a Report, answers: &'a Explanations) -> Explained<'a> {
    let said = |text: &'a str| (!text.is_empty()).then_some(text);
    Explained {
        reference: &report.image.reference,
        platform: report.image.platform.as_ref().map(ToString::to_string),
        explanations: answers
            .0
            .iter()
            .map(|answer| Explanation {
                purl: answer.purl.as_deref(),
                answer: answer.answer.name(),
                reason: &answer.reason,
                range: said(&answer.range),
                feed: said(&answer.feed),
                advisory: said(&answer.advisory),
            })
            .collect(),
        set_aside: set_aside(id, report).map(|(finding, why)| SetAside { purl: &finding.purl, why }).collect(),
    }
}
