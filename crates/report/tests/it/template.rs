use report::{Format, RenderOptions, ReportError, render};

use crate::sample;

fn template(name: &str, text: &str) -> Result<String, ReportError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let bytes = render(&Format::Template(path), &[sample::full()], &RenderOptions::default())?;
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn fields_of_the_json_report_are_variables() {
    let text = template(
        "list.txt",
        "{{ image.reference }}\n{% for f in findings if f.severity == 'high' %}{{ f.id }} {{ f.package }}\n{% endfor %}",
    )
    .unwrap();
    assert_eq!(text, "registry.example.org/team/shop:1.2\nCVE-2023-5363 libssl3\nCVE-2023-5363 openssl\nCVE-2023-45853 zlib1g\n");
    let json = template("list.json", "{{ findings[0] | tojson }}\n").unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["id"], "CVE-2021-44228");
}

#[test]
fn pages_are_escaped_and_texts_are_not() {
    let text = "{{ image.labels.maintainer }}";
    assert_eq!(template("page.html", text).unwrap(), "&lt;b&gt;me&lt;&#x2f;b&gt;");
    assert_eq!(template("page.txt", text).unwrap(), "<b>me</b>");
}

#[test]
fn mistakes_are_said_with_their_line() {
    let error = template("list.txt", "one\n{{ findnigs }}\n").unwrap_err().to_string();
    assert!(error.contains("failed at line 2"), "{error}");
    let error = template("list.txt", "one\ntwo\n{% for %}\n").unwrap_err().to_string();
    assert!(error.contains("failed at line 3"), "{error}");
    let missing = render(&Format::Template("/nowhere/x.tmpl".into()), &[sample::full()], &RenderOptions::default());
    assert!(matches!(missing, Err(ReportError::TemplateFile { .. })));
}

#[test]
fn a_template_that_calls_itself_ends() {
    assert!(template("list.txt", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}").is_err());
}
