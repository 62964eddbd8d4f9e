//! What `mend` writes is a Dockerfile in which less is wrong, and nothing else is otherwise.

use std::collections::BTreeSet;

use checks::dockerfile::rules::ALL;
use checks::dockerfile::{check, mend};

use crate::agreement::texts;

/// The rules that mend their bad example.
const MENDED: &[&str] = &[
    "PLM-D011", "PLM-D017", "PLM-D018", "PLM-D019", "PLM-D020", "PLM-D021", "PLM-D025", "PLM-D026", "PLM-D027", "PLM-D028",
    "PLM-D029", "PLM-D030", "PLM-D032", "PLM-D046", "PLM-D048", "PLM-D050", "PLM-D054", "PLM-D065", "PLM-D068",
];

#[test]
fn bad_examples_are_mended_once() {
    let mut mending = Vec::new();
    for rule in ALL {
        let before = check(rule.bad).unwrap();
        let mended = mend(rule.bad).unwrap();
        let spoke: BTreeSet<&str> = before.hits.iter().map(|(id, _)| *id).collect();
        assert!(mended.left.hits.iter().all(|(id, _)| spoke.contains(id)), "{}", rule.id);
        assert_eq!(check(&mended.text).unwrap(), mended.left);
        if mended.left.hits.iter().all(|(id, _)| *id != rule.id) {
            mending.push(rule.id);
        }
        let again = mend(&mended.text).unwrap();
        assert_eq!((again.edits, again.text), (0, mended.text), "{}", rule.id);
    }
    assert_eq!(mending, MENDED);
}

#[test]
fn edits_are_those_of_a_careful_hand() {
    for (before, after) in [
        ("MAINTAINER \"Me\" <me@example.com>\n", "MAINTAINER \"Me\" <me@example.com>\n"),
        ("MAINTAINER Me <me@example.com>\n", "LABEL org.opencontainers.image.authors=\"Me <me@example.com>\"\n"),
        ("ADD a b /c/\nADD --checksum=sha256:0 a /c\n", "COPY a b /c/\nADD --checksum=sha256:0 a /c\n"),
        (
            "RUN apt-get update \\\n    && apt install \\\n       curl=7.* \\\n# why\n       git=1.*\n",
            "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n       curl=7.* \\\n# why\n       git=1.* \\\n       && rm -rf /var/lib/apt/lists/*\n",
        ),
        // The next RUN counts on the lists.
        (
            "RUN apt-get update && apt-get install -y --no-install-recommends a=1\nRUN apt-get install -y --no-install-recommends b=1\n",
            "RUN apt-get update && apt-get install -y --no-install-recommends a=1\nRUN apt-get install -y --no-install-recommends b=1\n",
        ),
        (
            "RUN apt-get update; apt-get install -y a=1;\r\n",
            "RUN apt-get update; apt-get install --no-install-recommends -y a=1; rm -rf /var/lib/apt/lists/*\r\n",
        ),
        (
            "RUN <<EOF\napt-get update\napt-get install a=1\nEOF\n",
            "RUN <<EOF\napt-get update\napt-get install -y --no-install-recommends a=1\nrm -rf /var/lib/apt/lists/*\nEOF\n",
        ),
        ("RUN sudo yum install -y a-1\n", "RUN sudo yum install -y a-1\n"),
        ("RUN if true; then dnf install a-1; fi\n", "RUN if true; then dnf install -y a-1; fi && dnf clean all\n"),
        (
            "RUN sh -c 'pip install x==1' && pip3 install y==1\n",
            "RUN sh -c 'pip install x==1' && pip3 install --no-cache-dir y==1\n",
        ),
        ("RUN [\"apt-get\", \"install\", \"a=1\"]\n", "RUN [\"apt-get\", \"install\", \"a=1\"]\n"),
        ("WORKDIR /a/\nWORKDIR b\nWORKDIR ../c\n", "WORKDIR /a/\nWORKDIR /a/b\nWORKDIR ../c\n"),
        ("# hadolint ignore=DL3020\nADD a /b\n", "# hadolint ignore=DL3020\nADD a /b\n"),
        ("COPY [\"a\", \"b\", \"/c\"]\nCOPY a b /d\nCOPY a b $D\n", "COPY [\"a\", \"b\", \"/c/\"]\nCOPY a b /d/\nCOPY a b $D\n"),
    ] {
        let mended = mend(&format!("FROM debian:12\n{before}")).unwrap();
        assert_eq!(mended.text, format!("FROM debian:12\n{after}"));
    }
}

#[test]
fn whatever_is_mended_stays_mended() {
    for text in texts() {
        let Ok(mended) = mend(&text) else { continue };
        let before = check(&text).unwrap();
        assert!(mended.left.hits.len() + mended.edits <= before.hits.len(), "{text}");
        assert_eq!(mended.edits == 0, mended.text == text, "{text}");
        let again = mend(&mended.text).unwrap();
        assert_eq!((again.edits, again.text), (0, mended.text), "{text}");
    }
}

#[test]
fn damaged_files_come_back() {
    let seeds: Vec<&[u8]> = ALL.iter().filter(|rule| MENDED.contains(&rule.id)).map(|rule| rule.bad.as_bytes()).collect();
    testing::mutate::each(&seeds, 200, |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            drop(mend(text));
        }
    });
}
