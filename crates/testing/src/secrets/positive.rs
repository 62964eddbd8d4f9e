//! Files with secrets in them.
use super::context::{self, large};
use super::name::Name;
use super::template::Secret;
use super::{CorpusFile, block, document, kinds, kinds::Kind, several, shape::pick};
use crate::mutate::Random;

/// How many files each kind of one line gets beside the large ones.
const FILES_PER_KIND: usize = 3;

/// Borders on which readers cut files.
const BORDERS: [usize; 4] = [64 << 10, 128 << 10, 256 << 10, 1 << 20];

/// All files with secrets.
pub(super) fn files(random: &mut Random) -> Vec<CorpusFile> {
    let mut files = Vec::new();
    let contexts = context::all();
    let mut turn = 0;
    for kind in kinds::all() {
        for _ in 0..FILES_PER_KIND {
            let value = kind.draw(random);
            // Addresses stand where addresses are written.
            while value.contains("://") && !contexts[turn % contexts.len()].takes_addresses() {
                turn += 1;
            }
            let secret = Secret { kind: kind.name, name: name(kind, random), value: &value };
            files.push(contexts[turn % contexts.len()].file(secret, random));
            turn += 1;
        }
    }
    let all: Vec<&Kind> = kinds::all().collect();
    for border in BORDERS.into_iter().cycle().map(Some).take(12).chain([None; 4]) {
        let kind = *pick(&all, random);
        let value = kind.draw(random);
        files.push(large(Secret { kind: kind.name, name: name(kind, random), value: &value }, border, random));
    }
    for kind in kinds::blocks() {
        files.extend(block::files(kind, random));
    }
    files.extend(document::files(random));
    files.extend(several::files(random));
    files
}

/// One of the names under which the kind is set; what tells itself often stands under a name that says nothing.
fn name(kind: &Kind, random: &mut Random) -> Name<'static> {
    if kind.telling && random.below(3) == 0 {
        Name(["upstream value", "setting", "legacy value"][random.below(3)])
    } else {
        Name::one_of(kind.words, random)
    }
}
