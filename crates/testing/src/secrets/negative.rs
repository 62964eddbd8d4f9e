//! Files without secrets: places for secrets, what is nearly one, what is public, and texts about secrets.
mod data;
mod lock;
mod mention;
mod near;
mod placeholder;
mod public;

use super::context::{self, Context};
use super::draft::Draft;
use super::kinds::{self, Kind};
use super::name::Name;
use super::shape::pick;
use super::template::{Secret, Template};
use super::{CorpusFile, shape::draw};
use crate::mutate::Random;

/// A file without a secret: what it is and how it is made.
type Document = (&'static str, fn(&mut Random) -> Draft);

/// All files without secrets.
pub(super) fn files(random: &mut Random) -> Vec<CorpusFile> {
    let contexts = context::all();
    let secrets: Vec<&Kind> = kinds::all().collect();
    let mut files = Vec::new();
    let tables: [(&[Kind], usize); 3] = [(placeholder::VALUES, 4), (near::VALUES, 5), (public::VALUES, 5)];
    for (kinds, times) in tables {
        for kind in kinds {
            for _ in 0..times {
                // What stands for a secret has the name of one.
                let words = if kind.words.is_empty() { pick(&secrets, random).words } else { kind.words };
                let secret = Secret { kind: "", name: Name::one_of(words, random), value: &kind.draw(random) };
                files.push(without(&contexts[files.len() % contexts.len()], kind.name, secret, random));
            }
        }
    }
    for (about, make) in data::DOCUMENTS.iter().chain(lock::DOCUMENTS) {
        files.extend((0..6).map(|_| make(random).about(about).finish()));
    }
    for template in mention::TEMPLATES {
        files.extend((0..3).map(|_| mention(template, &secrets, random)));
    }
    files
}

fn without(context: &Context, about: &'static str, secret: Secret, random: &mut Random) -> CorpusFile {
    let mut file = context.file(secret, random);
    file.expected.clear();
    file.about = about;
    file
}

fn mention(template: &Template, secrets: &[&Kind], random: &mut Random) -> CorpusFile {
    let name = Name::one_of(pick(secrets, random).words, random);
    // These have no place for a value.
    let value = draw("{z8}", random);
    template.fill(Secret { kind: "", name, value: &value }, random).finish()
}
