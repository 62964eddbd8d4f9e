//! What the steps of an image's build tell, without what they ran.

use super::facts::Built;
use crate::commands;
use crate::image_config::Step;

/// One step, as `CreatedBy` of an image's history tells it.
pub(super) fn step(created_by: &str) -> Built {
    let step = Step::read(created_by);
    Built { instruction: step.keyword.to_owned(), update_alone: commands::updates_alone(&step.commands).is_some() }
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
            ("# debian.sh --arch 'amd64'", "RUN", false),
            ("Imported from -", "RUN", false),
        ] {
            let built = step(text);
            assert_eq!((built.instruction.as_str(), built.update_alone), (instruction, alone), "{text}");
        }
    }
}
