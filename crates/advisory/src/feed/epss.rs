//! FIRST's Exploit Prediction Scoring System (<https://www.first.org/epss/data_stats>, `epss_scores-current.csv.gz`): a
//! comment line with the date of the scores, a header, then `cve,epss,percentile`.

use model::advisory::{CveFacts, Epss};

use super::{ParseError, Sink, time};

/// Reads the daily file.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ParseError("it is not text".into()))?;
    let mut lines = text.lines();
    let date = lines
        .next()
        .and_then(|line| line.strip_prefix('#'))
        .and_then(|line| line.split(',').find_map(|pair| pair.strip_prefix("score_date:")))
        .and_then(time::leading_day)
        .ok_or_else(|| ParseError("its first line names no score_date".into()))?;
    if lines.next() != Some("cve,epss,percentile") {
        return Err(ParseError("its columns are not cve,epss,percentile".into()));
    }
    let day = date.to_string();
    for line in lines.filter(|line| !line.is_empty()) {
        sink.record(Some(date));
        match scores(line) {
            Some((id, score, percentile)) => sink.facts(CveFacts {
                id: id.to_owned(),
                epss: Some(Epss { score, percentile, date: day.clone() }),
                ..CveFacts::default()
            }),
            None => sink.problem(format!("`{}` is not a line of scores", super::record::title(line))),
        }
    }
    Ok(())
}

/// Reads one line; both numbers are probabilities.
fn scores(line: &str) -> Option<(&str, f64, f64)> {
    let mut fields = line.split(',');
    let id = fields.next().filter(|id| super::record::is_cve(id))?;
    let mut probability = || fields.next()?.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    Some((id, probability()?, probability()?))
}
