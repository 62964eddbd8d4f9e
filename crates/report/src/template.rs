//! `template=FILE`: the JSON report, rendered by a Jinja template (<https://docs.rs/minijinja/latest/minijinja/syntax/>).
//!
//! The template sees the fields of the JSON document as its variables (`findings`, `image`, …); where there are several
//! reports, those of the index (`reports`). A file named `*.html` or `*.xml` escapes what it prints, others do not. A
//! field that does not exist may be tested, but printing it is an error: a misspelt name must not print nothing.

use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use model::report::Report;

use crate::{RenderOptions, ReportError, json};

/// Renders a template.
pub(crate) fn render(path: &Path, reports: &[Report], options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
    let text = std::fs::read_to_string(path).map_err(|source| ReportError::TemplateFile { path: path.to_owned(), source })?;
    let failed = |source: minijinja::Error| ReportError::Template {
        path: path.to_owned(),
        line: source.line().unwrap_or(0),
        reason: source.detail().map_or_else(|| source.kind().to_string(), |detail| format!("{}: {detail}", source.kind())),
        source: Box::new(source),
    };
    // The name decides on escaping.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.add_template(&name, &text).map_err(failed)?;
    let context = match (options.index, reports) {
        (None, [report]) => Value::from(Serde(json::Document::new(report))),
        _ => Value::from(Serde(json::IndexDocument::new(reports, options))),
    };
    let mut rendered = environment.get_template(&name).and_then(|template| template.render(context)).map_err(failed)?;
    // Jinja drops the last line break of a template; a file of lines keeps it.
    if text.ends_with('\n') && !rendered.ends_with('\n') {
        rendered.push('\n');
    }
    Ok(rendered.into_bytes())
}
