//! What the steps of an image's build tell, without what they ran.

use super::facts::Built;
use crate::dockerfile;

/// The rule about package lists that are brought up to date alone.
const UPDATE_ALONE: &str = "PLM-D035";
/// What the old builder writes before what is no RUN.
const NO_RUN: &str = "#(nop)";
/// What builders write before what a RUN ran.
const SHELL: &str = "/bin/sh -c ";

/// One step, as `CreatedBy` of an image's history tells it.
pub(super) fn step(created_by: &str) -> Built {
    let text = created_by.trim();
    if let Some((_, rest)) = text.split_once(NO_RUN) {
        return Built { instruction: instruction(rest).unwrap_or_default(), update_alone: false };
    }
    // BuildKit names the instruction; the old builder leaves RUN away.
    let named = instruction(text);
    let command = text.split_once(SHELL).map(|(_, command)| command);
    let runs = command.filter(|_| named.as_deref().is_none_or(|name| name == "RUN"));
    match (runs, named) {
        (Some(command), _) => Built { instruction: "RUN".to_owned(), update_alone: is_update_alone(command) },
        (None, named) => Built { instruction: named.unwrap_or_default(), update_alone: false },
    }
}

fn instruction(text: &str) -> Option<String> {
    const ALL: [&str; 17] = [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
    ];
    let word = text.split_whitespace().next()?;
    (ALL.contains(&word) || word == "WORKDIR").then(|| word.to_owned())
}

/// Asks the rule for Dockerfiles, so that both say the same.
fn is_update_alone(command: &str) -> bool {
    let command = command.trim_end().trim_end_matches("# buildkit").replace('\n', " ");
    let file = format!("FROM scratch\nRUN {command}\n");
    dockerfile::check(&file).is_ok_and(|found| found.hits.iter().any(|(id, _)| *id == UPDATE_ALONE))
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn of_either_builder() {
        for (text, instruction, alone) in [
            ("/bin/sh -c #(nop) ADD file:1 in / ", "ADD", false),
            ("/bin/sh -c #(nop)  CMD [\"sh\"]", "CMD", false),
            ("/bin/sh -c apt-get update", "RUN", true),
            ("|1 A=b /bin/sh -c apt-get update && apt-get install -y x", "RUN", false),
            ("RUN /bin/sh -c apt-get update # buildkit", "RUN", true),
            ("RUN |1 A=b /bin/sh -c apk add --no-cache x # buildkit", "RUN", false),
            ("COPY a b # buildkit", "COPY", false),
            ("ADD https://example.com/x /x # buildkit", "ADD", false),
            ("CMD [\"/bin/sh\" \"-c\" \"apt-get update\"]", "CMD", false),
            ("# debian.sh --arch 'amd64'", "", false),
            ("Imported from -", "", false),
        ] {
            let built = step(text);
            assert_eq!((built.instruction.as_str(), built.update_alone), (instruction, alone), "{text}");
        }
    }
}
