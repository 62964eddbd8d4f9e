//! Images as they are: what their configuration says, what their history tells of the build, and which files they hold that no
//! image should.

mod history;
pub mod rules;

use std::collections::BTreeMap;

use model::digest::Digest;
use model::image::ImageInfo;
use model::misconfiguration::Misconfiguration;
use model::notable::{Notable, NotableFile};
use model::secret::Secret;

use crate::dockerfile::ShellCommand;
use crate::rule::{self, Hit};
pub use history::Step;

/// A rule over images.
pub type Rule = rule::Rule<for<'a> fn(&ImageConfig<'a>) -> Vec<Spot>>;

/// Files that one finding names.
const NAMED: usize = 20;

/// An image, its history read once for all rules.
#[derive(Debug)]
pub struct ImageConfig<'a> {
    /// What its configuration says.
    pub image: &'a ImageInfo,
    /// Files that are worth a word.
    pub notable: &'a [NotableFile],
    /// What the search for secrets found; `None` where nobody looked.
    pub secrets: Option<&'a [Secret]>,
    /// The steps of its history, oldest first.
    pub steps: Vec<Step<'a>>,
    /// Which step made a layer.
    makers: BTreeMap<Digest, usize>,
}

/// Where a rule speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The number of the step it comes from, where that is known.
    pub step: Option<usize>,
    /// What it is about there, where the title alone does not tell; else empty.
    pub about: String,
}

/// Checks an image by all rules; sorted by id, step and what it is about.
pub fn check(image: &ImageInfo, notable: &[NotableFile], secrets: Option<&[Secret]>) -> Vec<Misconfiguration> {
    let config = ImageConfig::new(image, notable, secrets);
    let mut found = Vec::new();
    for rule in rules::ALL {
        let mut spots = (rule.check)(&config);
        spots.sort();
        spots.dedup();
        for Spot { step, about } in spots {
            let instruction = step.and_then(|step| config.steps.get(step)).map(Step::shown);
            let one = rule.misconfiguration(Hit::about(0, about), &image.reference, instruction);
            found.push(Misconfiguration { line: None, ..one });
        }
    }
    found
}

impl<'a> ImageConfig<'a> {
    /// Reads the history.
    pub fn new(image: &'a ImageInfo, notable: &'a [NotableFile], secrets: Option<&'a [Secret]>) -> Self {
        let steps = image.history.iter().map(|step| Step::read(&step.created_by)).collect();
        let mut makers = BTreeMap::new();
        for (number, step) in image.history.iter().enumerate() {
            if let Some(layer) = step.layer.and_then(|layer| image.layers.get(layer)?.diff_id) {
                makers.entry(layer).or_insert(number);
            }
        }
        Self { image, notable, secrets, steps, makers }
    }

    /// Whether there is a configuration, and not a root file system alone.
    pub fn has_config(&self) -> bool {
        !matches!(self.image.source.as_str(), "rootfs" | "source" | "sbom")
    }

    /// The step that made a layer.
    fn step_of(&self, layer: Option<Digest>) -> Option<usize> {
        self.makers.get(&layer?).copied()
    }

    /// The last step of a keyword: what it says is what holds.
    fn last(&self, keyword: &str) -> Option<usize> {
        self.steps.iter().rposition(|step| step.keyword == keyword)
    }

    /// The steps of a keyword.
    fn of<'s>(&'s self, keyword: &'s str) -> impl Iterator<Item = (usize, &'s Step<'a>)> {
        self.steps.iter().enumerate().filter(move |(_, step)| step.keyword == keyword)
    }

    /// Steps with a command of which this is true.
    fn running(&self, is: impl Fn(&ShellCommand) -> bool) -> Vec<Spot> {
        let steps = self.of("RUN").filter(|(_, step)| step.commands.iter().any(&is));
        steps.map(|(number, _)| Spot { step: Some(number), about: String::new() }).collect()
    }

    /// Files of which this is true, together for each step that brought them; `words` says what to call one.
    fn files(&self, words: impl Fn(&NotableFile) -> Option<String>) -> Vec<Spot> {
        let mut by_step: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
        for file in self.notable {
            if let Some(mut text) = words(file) {
                if file.hidden {
                    text.push_str(" (deleted later, still in its layer)");
                }
                by_step.entry(self.step_of(file.layer)).or_default().push(text);
            }
        }
        by_step.into_iter().map(|(step, names)| Spot { step, about: several(names) }).collect()
    }

    /// Files of one kind by their paths.
    fn files_of(&self, kind: &Notable) -> Vec<Spot> {
        self.files(|file| (file.kind == *kind).then(|| file.path.clone()))
    }
}

/// The first of some names, and how many more there are.
fn several(mut names: Vec<String>) -> String {
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let named = names.join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

#[cfg(test)]
mod tests {
    use model::image::{HistoryStep, LayerInfo};

    use super::*;

    #[test]
    fn findings_name_the_step_that_made_their_layer() {
        let layer = |byte| LayerInfo { diff_id: Some(Digest::Sha256([byte; 32])), digest: None, size: 0, created_by: None };
        let step = |text: &str, layer| HistoryStep { created_by: text.to_owned(), layer };
        let image = ImageInfo {
            reference: "app:1".to_owned(),
            history: vec![
                step("/bin/sh -c #(nop) ADD file:00 in / ", Some(0)),
                step("ENV A=b", None),
                step("RUN /bin/sh -c cp a /opt/a && chmod u+s /opt/a # buildkit", Some(1)),
            ],
            layers: vec![layer(1), layer(2)],
            ..ImageInfo::default()
        };
        let file = |path: &str, byte| NotableFile {
            path: path.to_owned(),
            layer: Some(Digest::Sha256([byte; 32])),
            kind: Notable::SetUid,
            owner: None,
            hidden: false,
        };
        let notable: Vec<NotableFile> =
            (0..22).map(|number| file(&format!("/opt/{number:02}"), 2)).chain([file("/a", 1)]).collect();
        let found = check(&image, &notable, None);
        let found: Vec<_> = found.iter().filter(|one| one.id == "PLM-I004").collect();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].about.as_str(), found[0].instruction.as_deref()), ("/a", Some("ADD file:00 in /")));
        assert!(found[1].about.starts_with("/opt/00, /opt/01") && found[1].about.ends_with("/opt/19 and 2 more"));
        assert_eq!(found[1].instruction.as_deref(), Some("RUN cp a /opt/a && chmod u+s /opt/a"));
        assert!(found.iter().all(|one| one.line.is_none() && one.target == "app:1"));
    }

    #[test]
    fn a_root_file_system_has_no_configuration() {
        let image = ImageInfo { source: "rootfs".to_owned(), ..ImageInfo::default() };
        assert_eq!(check(&image, &[], None), []);
    }
}
