//! Where secrets of several lines are left behind.
use super::draft::Draft;
use super::encode::{base64, json, utf16, wrapped};
use super::kinds::Kind;
use super::shape::pick;
use super::{CorpusFile, key};
use crate::mutate::Random;

/// One file of each context with a new key of this kind.
pub(super) fn files(kind: &Kind, random: &mut Random) -> Vec<CorpusFile> {
    CONTEXTS.iter().map(|make| make(kind, &kind.draw(random), random)).collect()
}

type Context = fn(&Kind, &str, &mut Random) -> CorpusFile;

const CONTEXTS: &[Context] = &[
    |kind, value, random| Draft::new("key-file", &path(kind, random)).secret(kind.name, value).finish(),
    |kind, value, random| {
        let draft = Draft::new("key-file-windows-lines", &path(kind, random)).secret(kind.name, value);
        let mut file = draft.finish();
        file.bytes = value.replace('\n', "\r\n").into_bytes();
        file
    },
    |kind, value, _| {
        let front = "{\n  \"name\": \"deploy\",\n  \"key\": \"";
        Draft::new("key-in-json", "config/deploy.json")
            .text(front)
            .written(kind.name, value, &json(value))
            .text("\",\n  \"bits\": 2048\n}\n")
            .finish()
    },
    |kind, value, _| {
        let front = "deploy:\n  host: build-7\n  key: |\n";
        Draft::new("key-in-yaml", "config/deploy.yaml")
            .text(front)
            .written(kind.name, value, &indented(value, "    "))
            .text("  port: 22\n")
            .finish()
    },
    |kind, value, _| {
        let line = value.trim_end().replace('\n', "\\n");
        Draft::new("key-in-env-file", "service/.env")
            .text("PORT=8080\nDEPLOY_KEY=\"")
            .written(kind.name, value, &line)
            .text("\"\nDEBUG=0\n")
            .finish()
    },
    |kind, value, _| {
        Draft::new("key-in-python", "app/keys.py")
            .text("import os\n\nKEY = \"\"\"\\\n")
            .secret(kind.name, value)
            .text("\"\"\"\nPORT = 22\n")
            .finish()
    },
    |kind, value, _| {
        let front = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: deploy\ndata:\n  key: ";
        Draft::new("key-in-kubernetes-secret", "k8s/deploy.yaml")
            .text(front)
            .written(kind.name, value, &base64(value.as_bytes()))
            .text("\n")
            .finish()
    },
    |kind, value, _| {
        let front = "#!/bin/sh\nset -eu\ncat > /root/key <<'END'\n";
        Draft::new("key-in-heredoc", "bin/setup.sh")
            .text(front)
            .secret(kind.name, value)
            .text("END\nchmod 600 /root/key\n")
            .finish()
    },
    |kind, value, _| {
        let text = value.trim_end();
        Draft::new("key-in-go", "cmd/keys.go").text("package main\n\nconst key = `").secret(kind.name, text).text("`\n").finish()
    },
    |kind, value, _| {
        let lines: Vec<String> = value.trim_end().lines().map(|line| format!("  \"{line}\\n\"")).collect();
        let draft = Draft::new("key-in-java", "src/Keys.java").text("final class Keys {\n  static final String KEY =\n");
        draft.written(kind.name, value, &lines.join(" +\n")).text(";\n}\n").finish()
    },
    |kind, value, _| {
        Draft::new("key-utf-16", "export/key.txt").secret(kind.name, value).recoded(utf16(&value.replace('\n', "\r\n"), false))
    },
    |kind, value, _| {
        let bytes = wrapped(&base64(value.as_bytes()), 76).into_bytes();
        Draft::new("key-base64-wrapped", "deploy/key.b64").secret(kind.name, value).recoded(bytes)
    },
    |kind, value, _| {
        let twice = json(&json(value));
        let front = "{\"version\":4,\"body\":\"{\\\"key\\\":\\\"";
        Draft::new("key-in-json-in-json", "state/body.json")
            .text(front)
            .written(kind.name, value, &twice)
            .text("\\\"}\"}\n")
            .finish()
    },
    |kind, value, random| {
        let notes = super::template::prose(3_000 + random.below(70_000), random);
        Draft::new("key-in-text", "notes.txt").text(&notes).secret(kind.name, value).text(&notes).finish()
    },
];

fn path(kind: &Kind, random: &mut Random) -> String {
    let name = key::file_name(random);
    match kind.name {
        "private-key-openssh-ed25519" => "root/.ssh/id_ed25519".to_owned(),
        "private-key-openssh-rsa" => "home/deploy/.ssh/id_rsa".to_owned(),
        "private-key-putty" => format!("keys/{name}.ppk"),
        "private-key-pgp" => format!("keys/{name}.asc"),
        _ => format!("etc/ssl/private/{name}.{}", pick(&["pem", "key"], random)),
    }
}

fn indented(value: &str, by: &str) -> String {
    value.lines().map(|line| format!("{by}{line}\n")).collect()
}
