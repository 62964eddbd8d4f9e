//! `scan --explain ID`: why an id was found, and why it was not, as text or as JSON.

use advisory::database::Database;
use anyhow::bail;
use matcher::{Explanations, MatchOptions};
use report::Format;
use report::explanation::{Explained, Explanation, render};

use crate::output::Outputs;
use crate::printer;
use crate::subject::Subject;

/// Answers for every subject and writes it where the flags say.
pub fn run(id: &str, subjects: &[Subject], database: &Database, options: &MatchOptions, outputs: &Outputs) -> anyhow::Result<()> {
    let [(format, file)] = outputs.wanted() else { bail!("--explain writes one answer; leave all but one --format away") };
    let answers = subjects
        .iter()
        .map(|subject| matcher::explain(&subject.inventory, database, options, id))
        .collect::<Result<Vec<Explanations>, _>>()?;
    let bytes = match format {
        Format::Table => answers.iter().map(ToString::to_string).collect::<String>().into_bytes(),
        Format::Json => {
            let images: Vec<Explained<'_>> =
                subjects.iter().zip(&answers).map(|(subject, answers)| explained(subject, answers)).collect();
            render(id, &images)?
        }
        other => bail!("--explain answers as table or json, not as {other}"),
    };
    printer::result(&bytes, file.as_deref())
}

fn explained<'a>(subject: &'a Subject, answers: &'a Explanations) -> Explained<'a> {
    let said = |text: &'a str| (!text.is_empty()).then_some(text);
    Explained {
        reference: &subject.image.reference,
        platform: subject.image.platform.as_ref().map(ToString::to_string),
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
    }
}
