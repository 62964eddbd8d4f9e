//! What no program can tell from outside: 1.2.1, 4.2 to 4.4, 4.8, 4.11, 4.12. Each names what helps.

use model::severity::Severity;

use crate::host::{Facts, Rule, Verdict};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "PLM-H019",
        aliases: &["CIS-Docker-1.2.1"],
        severity: Severity::Medium,
        title: "The host itself is hardened",
        why: "Containers share its kernel: what holds them is only as good as the host.",
        fix: "Follow the benchmark of its operating system.",
        link: "https://www.cisecurity.org/cis-benchmarks",
        check: |_| Ok(Verdict::manual("the benchmark of its operating system tells")),
        bad: "",
        good: "",
    },
    Rule {
        id: "PLM-H064",
        aliases: &["CIS-Docker-4.2"],
        severity: Severity::Medium,
        title: "Images are built on bases that can be trusted",
        why: "Whoever makes the base is in every image above it.",
        fix: "Pin bases by digest, and verify who signed them.",
        link: "https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image",
        check: |facts| Ok(images(facts, "where their bases come from, `plimsoll scan --base` helps to tell")),
        bad: "",
        good: "",
    },
    Rule {
        id: "PLM-H065",
        aliases: &["CIS-Docker-4.3"],
        severity: Severity::Low,
        title: "Images hold no package that is not needed",
        why: "What is there can be attacked, and has to be kept up to date.",
        fix: "Start from a smaller base and install with `--no-install-recommends`.",
        link: "https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages",
        check: |facts| Ok(images(facts, "what is in them, `plimsoll sbom` lists")),
        bad: "",
        good: "",
    },
    Rule {
        id: "PLM-H066",
        aliases: &["CIS-Docker-4.4"],
        severity: Severity::High,
        title: "Images are scanned, and built anew for security updates",
        why: "An image keeps every weakness that it was built with.",
        fix: "Scan each, and build anew those with fixes.",
        link: "https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often",
        check: |facts| Ok(images(facts, "what they are known to suffer from, `plimsoll scan` tells")),
        bad: "",
        good: "",
    },
    Rule {
        id: "PLM-H070",
        aliases: &["CIS-Docker-4.8"],
        severity: Severity::Medium,
        title: "Images hold no programs that are setuid or setgid without need",
        why: "Such programs give root to whoever runs them.",
        fix: "Take the bit away at the end of the build, as in `RUN chmod a-s /usr/bin/su`.",
        link: "https://docs.docker.com/engine/security/",
        check: |facts| Ok(images(facts, "permissions inside images are not looked at here")),
        bad: "",
        good: "",
    },
    Rule {
        id: "PLM-H073",
        aliases: &["CIS-Docker-4.11"],
        severity: Severity::Medium,
        title: "What images install was verified",
        why: "What came over the wire unverified may be anything.",
        fix: "Install from signed repositories, and compare what is downloaded with a digest.",
        link: "https://docs.docker.com/build/building/best-practices/#run",
        check: |facts| Ok(images(facts, "how they were built, their Dockerfiles tell; `plimsoll check` reads those")),
        bad: "",
        good: "",
    },
    Rule {
        id: "PLM-H074",
        aliases: &["CIS-Docker-4.12"],
        severity: Severity::Medium,
        title: "Signatures of what is used are verified",
        why: "A signature that nobody verifies protects nobody.",
        fix: "Let a gate ask for a signature before an image runs.",
        link: "https://docs.docker.com/build/metadata/attestations/",
        check: |facts| Ok(images(facts, "whether somebody verifies them, the engine does not know")),
        bad: "",
        good: "",
    },
];

fn images(facts: &Facts, what: &str) -> Verdict {
    let Ok(engine) = facts.engine.get() else { return Verdict::manual(what) };
    if engine.images.is_empty() && engine.unread_images.is_empty() {
        return Verdict::not_applicable("there is no image");
    }
    Verdict::manual(what)
}
