//! `repodata/repomd.xml` of an RPM repository, and the errata that it names
//! (<https://createrepo-c.readthedocs.io>, <https://docs.pulpproject.org/pulp_rpm/>).
//!
//! Distributions sign their packages and, as a rule, not this list; it is believed as far as TLS goes, and what it names is
//! held to its checksums.

use client::HttpClient;

use super::{MirrorError, MirrorOptions, MirrorSummary, write};
use crate::feed::xml;
use crate::feed::{self};
use crate::update::{Progress, fetch};

/// Largest `repomd.xml`; real ones have a few kB.
const LIST_LIMIT: u64 = 8 << 20;
/// Largest packed list of errata; Fedora's have 10 MB.
const ERRATA_LIMIT: u64 = 512 << 20;

/// What `repomd.xml` says of the errata.
struct Errata {
    location: String,
    sha256: String,
    size: u64,
}

/// Reads the errata of the first mirror that has them.
pub(super) fn fetch(
    options: &MirrorOptions,
    client: &HttpClient,
    progress: &dyn Fn(&Progress<'_>),
) -> Result<MirrorSummary, MirrorError> {
    let namespace = &options.target.namespace;
    if options.mirrors.main.is_empty() {
        return Err(MirrorError::NoMirror { namespace: namespace.clone() });
    }
    let mut reasons = Vec::new();
    for mirror in &options.mirrors.main {
        let base = mirror.trim_end_matches('/');
        let address = format!("{base}/repodata/repomd.xml");
        progress(&Progress { what: &format!("reading {address}"), done: 0, total: 0 });
        match fetch::small(client, &address, LIST_LIMIT) {
            Ok(Some(bytes)) => return take(options, client, base, &address, &bytes),
            Ok(None) => reasons.push(format!("{address} is not there")),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    Err(MirrorError::Unusable { what: namespace.clone(), reasons: reasons.join("; ") })
}

fn take(
    options: &MirrorOptions,
    client: &HttpClient,
    base: &str,
    address: &str,
    list: &[u8],
) -> Result<MirrorSummary, MirrorError> {
    let format = |file: &str, reason: String| MirrorError::Format { file: file.to_owned(), reason };
    let errata = errata(list).map_err(|reason| format(address, reason))?;
    let from = format!("{base}/{}", errata.location);
    if errata.size > ERRATA_LIMIT {
        return Err(format(&from, "it is too large".to_owned()));
    }
    let bytes = fetch::verified(client, &from, errata.size, &errata.sha256)?;
    let bytes = bytes.ok_or_else(|| format(&from, "the mirror lists it and does not have it".to_owned()))?;
    let folder = options.target.namespace.replace(':', "-");
    // Read it before it is kept: what cannot be read must not stand in the way of every later build.
    let staging = options.feeds.join(".state/incoming");
    let place = format!("updateinfo/{folder}/updateinfo.xml");
    let _ = std::fs::remove_dir_all(&staging);
    write(&staging.join(&place), &bytes)?;
    let read = feed::read_folder(&staging, &mut |_, _| {});
    let _ = std::fs::remove_dir_all(&staging);
    let summary = read.map_err(|error| format(&from, error.to_string()))?.into_iter().next();
    let summary = summary.ok_or_else(|| format(&from, "it holds no errata".to_owned()))?;
    write(&options.feeds.join(&place), &bytes)?;
    Ok(MirrorSummary {
        feed: summary.name,
        mirrors: vec![format!("{base}/")],
        as_of: summary.as_of,
        sources: 1,
        from_binaries: 0,
        unread: 0,
        fixes: usize::try_from(summary.records).unwrap_or(usize::MAX),
        notes: summary.problems,
    })
}

fn errata(list: &[u8]) -> Result<Errata, String> {
    let mut found = None;
    let read = xml::elements(list, &|name| name == "data", &mut |data| {
        if data.attribute("type") == "updateinfo" {
            let checksum = data.child("checksum").filter(|checksum| checksum.attribute("type") == "sha256");
            found = Some(Errata {
                location: data.child("location").map_or("", |location| location.attribute("href")).to_owned(),
                sha256: checksum.map_or("", |checksum| checksum.text.trim()).to_ascii_lowercase(),
                size: data.child_text("size").parse().unwrap_or(0),
            });
        }
        Ok(())
    });
    read.map_err(|error| error.to_string())?;
    let errata = found.ok_or("it names no errata (updateinfo)")?;
    let climbs = errata.location.split('/').any(|part| part == "..") || errata.location.contains("://");
    if errata.location.is_empty() || climbs || errata.sha256.is_empty() || errata.size == 0 {
        return Err("what it says of the errata is not complete, or not safe".to_owned());
    }
    Ok(errata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_errata_in_the_list() {
        let data = |href: &str, kind: &str| {
            format!(
                r#"<repomd><data type="primary"/><data type="updateinfo"><checksum type="{kind}">AB</checksum><location href="{href}"/><size>7</size></data></repomd>"#
            )
        };
        let errata = errata(data("repodata/x-updateinfo.xml.gz", "sha256").as_bytes()).unwrap();
        assert_eq!((errata.location.as_str(), errata.sha256.as_str(), errata.size), ("repodata/x-updateinfo.xml.gz", "ab", 7));
        for bad in
            [data("../x", "sha256"), data("http://other/x", "sha256"), data("x", "md5"), "<repomd/>".to_owned(), String::new()]
        {
            assert!(super::errata(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
