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

fn coated(draft: Draft, way: usize) -> CorpusFile {
    let text = draft.text.clone();
    match way % 5 {
        0 => {
            let mut file = draft.about("credential-file-windows-lines").finish();
            file.bytes = text.replace('\n', "\r\n").into_bytes();
            file
        }
        1 => moved(draft, "backup/home.b64")
            .about("credential-file-base64")
            .recoded(format!("{}\n", base64(text.as_bytes())).into_bytes()),
        2 => {
            let bytes = wrapped(&base64(text.as_bytes()), 76).into_bytes();
            moved(draft, "backup/home.b64").about("credential-file-base64-wrapped").recoded(bytes)
        }
        3 => {
            let front = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: files\ndata:\n  file: ";
            let bytes = format!("{front}{}\n", base64(text.as_bytes())).into_bytes();
            moved(draft, "k8s/files.yaml").about("credential-file-in-kubernetes-secret").recoded(bytes)
        }
        _ => draft.about("credential-file-utf-16").recoded(utf16(&text, false)),
    }
}

fn moved(mut draft: Draft, path: &str) -> Draft {
    path.clone_into(&mut draft.path);
    draft
}

fn start(path: &str) -> Draft {
    Draft::new("credential-file", path)
}
