//! Files with many secrets, between lines that hold none.
use super::CorpusFile;
use super::draft::Draft;
use super::kinds::{self, Kind};
use super::name::Name;
use super::shape::pick;
use crate::mutate::Random;

/// How a file writes its lines: about, path, head, the name's spelling, what stands before, between and behind, and the end.
type Form = (&'static str, &'static str, &'static str, &'static str, [&'static str; 3], &'static str);

const FORMS: &[Form] = &[
    ("many-in-env-file", "srv/.env", "APP_ENV=production\n", "SCREAM", ["", "=", "\n"], "LOG_LEVEL=info\n"),
    ("many-in-shell", "bin/env.sh", "#!/bin/sh\n", "SCREAM", ["export ", "=\"", "\"\n"], "exec \"$0\"\n"),
    ("many-in-yaml", "config/secrets.yml", "production:\n", "snake", ["  ", ": \"", "\"\n"], "  workers: 4\n"),
    ("many-in-json", "config/keys.json", "{\n", "camel", ["  \"", "\": \"", "\",\n"], "  \"workers\": 4\n}\n"),
    ("many-in-properties", "conf/app.properties", "# production\n", "dotted", ["", "=", "\n"], "workers=4\n"),
    ("many-in-python", "app/keys.py", "import os\n\n", "SCREAM", ["", " = '", "'\n"], "WORKERS = 4\n"),
    (
        "many-in-log",
        "var/log/boot.log",
        "booting\n",
        "SCREAM",
        ["2026-03-02T10:11:12Z DEBUG env ", "=", " (from file)\n"],
        "booted\n",
    ),
    ("many-in-dockerfile", "Dockerfile", "FROM debian:12\n", "SCREAM", ["ENV ", "=", "\n"], "CMD [\"/usr/bin/orders\"]\n"),
];

/// What other lines have for a value.
const HARMLESS: [&str; 6] = ["changeme", "${VALUE}", "", "<your-value>", "true", "https://upstream.acme-logistics.io/v1"];

/// Six files of each form.
pub(super) fn files(random: &mut Random) -> Vec<CorpusFile> {
    let kinds: Vec<&Kind> = kinds::all().collect();
    FORMS.iter().flat_map(|form| (0..6).map(|_| file(form, &kinds, random)).collect::<Vec<_>>()).collect()
}

fn file((about, path, head, style, [before, between, behind], tail): &Form, kinds: &[&Kind], random: &mut Random) -> CorpusFile {
    let mut draft = Draft::new(about, path).text(head);
    for _ in 0..5 + random.below(4) {
        let kind = *pick(kinds, random);
        let name = Name::one_of(kind.words, random).spelled(style).unwrap_or_default();
        draft = draft.text(before).text(&name).text(between).secret(kind.name, &kind.draw(random)).text(behind);
        let other = Name::one_of(pick(kinds, random).words, random).spelled(style).unwrap_or_default();
        draft = draft.text(before).text(&other).text(between).text(HARMLESS[random.below(HARMLESS.len())]).text(behind);
    }
    draft.text(tail).finish()
}
