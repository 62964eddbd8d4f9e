//! Files that tools keep their credentials in.
mod machine;
mod tool;

use super::CorpusFile;
use super::draft::Draft;
use super::encode::{base64, utf16, wrapped};
use crate::mutate::Random;

/// A file of credentials, new in each call.
type Document = fn(&mut Random) -> Draft;

/// Each document twice as it is, and twice in another coating.
pub(super) fn files(random: &mut Random) -> Vec<CorpusFile> {
    let mut files = Vec::new();
    for (place, document) in tool::DOCUMENTS.iter().chain(machine::DOCUMENTS).enumerate() {
        files.push(document(random).finish());
        files.push(document(random).finish());
        for turn in 0..2 {
            files.push(coated(document(random), place + 2 * turn));
        }
    }
    files
}

fn coated(mut draft: Draft, way: usize) -> CorpusFile {
    let text = draft.text.clone();
    match way % 5 {
        0 => {
            let mut file = draft.about("credential-file-windows-lines").finish();
            file.bytes = text.replace('\n', "\r\n").into_bytes();
            file
        }
        1 => {
            draft.path.push_str(".b64");
            draft.about("credential-file-base64").recoded(format!("{}\n", base64(text.as_bytes())).into_bytes())
        }
        2 => {
            draft.path.push_str(".b64");
            draft.about("credential-file-base64-wrapped").recoded(wrapped(&base64(text.as_bytes()), 76).into_bytes())
        }
        3 => {
            // The key is the file's name, without which some say nothing.
            let name = draft.path.rsplit('/').next().unwrap_or_default().to_owned();
            let front = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: files\ndata:\n";
            let bytes = format!("{front}  {name}: {}\n", base64(text.as_bytes())).into_bytes();
            "k8s/files.yaml".clone_into(&mut draft.path);
            draft.about("credential-file-in-kubernetes-secret").recoded(bytes)
        }
        _ => draft.about("credential-file-utf-16").recoded(utf16(&text, false)),
    }
}

fn start(path: &str) -> Draft {
    Draft::new("credential-file", path)
}
