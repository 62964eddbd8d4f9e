//! A mirror of Debian or Ubuntu: which CVEs each package fixed in which version, by its own changelog.
//!
//! Looked for are the fixes in every source package that the security suite carries, and in those of Debian's main suite
//! whose version says that they were changed after the release. The newest version there is of each brings its changelog,
//! which tells of all before; a CVE is fixed in the first version that names it. The changelog lies in the source's
//! archive; where the mirror has no sources, in each of its binary packages. A source that cannot be read either way is a
//! gap: what is older than its newest version must not pass for clean.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use client::HttpClient;
use jiff::Timestamp;
use jiff::tz::Offset;
use model::version::deb;

use super::changelog::{self, Told};
use super::release::{self, Release};
use super::sources::{self, Source};
use super::{MirrorError, MirrorOptions, MirrorSummary, Target, io_at, packages, write};
use crate::feed::mirror::{Gap, Snapshot};
use crate::update::{FetchError, Progress};

/// Files fetched at once: mirrors are shared with others.
const AT_ONCE: usize = 12;
/// How many files a mirror may fail to answer for in time; some fetch what they do not have from another.
const MOST_LATE: usize = 16;
/// How often a file is asked for again whose server cannot be reached, and after how long.
const AGAIN: usize = 2;
const PAUSE: Duration = Duration::from_secs(1);
/// How many reasons an error lists.
const REASONS: usize = 6;
/// How many source packages a note names.
const NAMED: usize = 8;

/// A source package of a mirror, `base` being the repository that has its newest version.
struct Wanted<'a> {
    base: &'a str,
    source: Source,
}

/// Reads the mirror and puts what it tells into the folder of kept feeds.
pub(super) fn fetch(
    options: &MirrorOptions,
    client: &HttpClient,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<MirrorSummary, MirrorError> {
    let Target { id, codename, namespace } = &options.target;
    let mirrors = &options.mirrors;
    progress(&Progress { what: &format!("reading the package mirror of {id} {codename}"), done: 0, total: 0 });
    let mut notes = Vec::new();
    let old_suite = format!("{codename}/updates");
    let security = suite(client, &mirrors.security, &[&format!("{codename}-security"), &old_suite], options, &mut notes)?;
    let main = suite(client, &mirrors.main, &[codename], options, &mut notes)?;

    let mut newest: BTreeMap<String, Wanted<'_>> = BTreeMap::new();
    for source in sources::of_suite(client, &security)? {
        take_newer(&mut newest, &security.base, source);
    }
    for source in sources::of_suite(client, &main)? {
        if newest.contains_key(&source.name) || (id == "debian" && is_stable_update(&source.version)) {
            take_newer(&mut newest, &main.base, source);
        }
    }
    let wanted: Vec<Wanted<'_>> = newest.into_values().collect();
    let mut told = of_sources(client, &wanted, &options.cache, progress)?;
    let from_sources = told.iter().flatten().count();
    of_binaries(client, &wanted, &mut told, [&security, &main], &options.cache, progress)?;

    let (mut fixes, mut gaps, mut unread) = (Vec::new(), Vec::new(), Vec::new());
    for (Wanted { source, .. }, told) in wanted.iter().zip(&told) {
        match told {
            Some(Told { fixes: found, begins }) => {
                fixes.extend_from_slice(found);
                gaps.extend(begins.iter().map(|version| Gap {
                    source: source.name.clone(),
                    below: version.clone(),
                    reason: format!("the changelog of {} that the mirror has begins with {version}", source.name),
                }));
            }
            None => {
                unread.push(source.name.as_str());
                gaps.push(Gap {
                    source: source.name.clone(),
                    below: source.version.clone(),
                    reason: format!("the changelog of {} {} could not be read from the mirror", source.name, source.version),
                });
            }
        }
    }
    if unread.len() == wanted.len() {
        let reasons = "it has neither the source packages nor the binary packages that it lists".to_owned();
        return Err(MirrorError::Unusable { what: security.folder, reasons });
    }
    if !unread.is_empty() {
        notes.push(unread_note(namespace, &unread, wanted.len()));
    }

    let as_of = Offset::UTC.to_datetime(security.date).date();
    let found = fixes.len();
    let from_binaries = wanted.len() - unread.len() - from_sources;
    let snapshot = Snapshot::new(namespace, as_of, fixes, gaps);
    let path = options.feeds.join(format!("mirror/{}.json", namespace.replace(':', "-")));
    write(&path, &serde_json::to_vec(&snapshot).map_err(|error| io_at(&path)(error.into()))?)?;
    Ok(MirrorSummary {
        feed: format!("{id}-mirror"),
        mirrors: vec![main.base.clone(), security.base.clone()],
        as_of: as_of.to_string(),
        sources: wanted.len(),
        from_binaries,
        unread: unread.len(),
        fixes: found,
        notes,
    })
}

/// `7 of 632 source packages of debian:12 …`, the first few by name.
fn unread_note(namespace: &str, unread: &[&str], all: usize) -> String {
    let more = unread.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "the package mirror of {namespace} does not have {} of the {all} source packages that fixes are looked for in ({}{rest}): \
         what is older than their newest version is undetermined",
        unread.len(),
        unread.get(..NAMED).unwrap_or(unread).join(", ")
    )
}

fn take_newer<'a>(newest: &mut BTreeMap<String, Wanted<'a>>, base: &'a str, source: Source) {
    let older = newest
        .get(&source.name)
        .is_some_and(|known| deb::compare(&source.version, &known.source.version).is_none_or(std::cmp::Ordering::is_le));
    if !older {
        newest.insert(source.name.clone(), Wanted { base, source });
    }
}

/// Whether a version was made for a release that was out, `1.2-3+deb12u1`
/// (<https://www.debian.org/doc/manuals/developers-reference/pkgs.html>).
fn is_stable_update(version: &str) -> bool {
    version.match_indices("deb").any(|(at, word)| {
        let rest = version.get(at + word.len()..).unwrap_or_default();
        let update = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        update.len() < rest.len() && update.strip_prefix('u').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// The first of the mirrors that has one of the suites.
fn suite(
    client: &HttpClient,
    mirrors: &[String],
    suites: &[&str],
    options: &MirrorOptions,
    notes: &mut Vec<String>,
) -> Result<Release, MirrorError> {
    if mirrors.is_empty() {
        return Err(MirrorError::NoMirror { namespace: options.target.namespace.clone() });
    }
    let mut reasons = Vec::new();
    for mirror in mirrors {
        let mut has_none = true;
        for suite in suites {
            match release::read(client, mirror, suite, options) {
                Ok(None) => {}
                Ok(Some(release)) => return still_valid(release, options, notes),
                // What is reached and wrong is an attack or a fault that has to be seen; what is not reached has stand-ins.
                Err(MirrorError::Fetch(error)) => {
                    reasons.push(error.to_string());
                    has_none = false;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        if has_none {
            reasons.push(format!("{mirror} does not have it"));
        }
    }
    reasons.dedup();
    reasons.truncate(REASONS);
    Err(MirrorError::Unusable { what: suites.first().copied().unwrap_or_default().to_owned(), reasons: reasons.join("; ") })
}

fn still_valid(release: Release, options: &MirrorOptions, notes: &mut Vec<String>) -> Result<Release, MirrorError> {
    if let Some(until) = release.valid_until.filter(|until| *until < Timestamp::now()) {
        let file = format!("{}InRelease", release.folder);
        if options.mirrors.check_valid_until {
            return Err(MirrorError::Expired { file, until });
        }
        notes.push(format!("{file} was valid until {until}, which this machine's apt is told not to mind"));
    }
    Ok(release)
}

/// What the changelogs in the sources' own archives tell, in the order of the sources; `None` where one cannot be had.
fn of_sources(
    client: &HttpClient,
    wanted: &[Wanted<'_>],
    cache: &Path,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<Vec<Option<Told>>, MirrorError> {
    let read = |number: usize| {
        let Some(Wanted { base, source }) = wanted.get(number) else { return Ok(None) };
        let text = match sources::kept(source, cache) {
            None => sources::changelog(client, base, source, cache)?,
            kept => kept,
        };
        Ok(text.map(|text| changelog::told(&source.name, &text)))
    };
    at_once(wanted.len(), "reading changelogs of source packages", progress, &read)
}

/// Fills the gaps with what the changelogs in binary packages tell.
fn of_binaries(
    client: &HttpClient,
    wanted: &[Wanted<'_>],
    told: &mut [Option<Told>],
    releases: [&Release; 2],
    cache: &Path,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<(), MirrorError> {
    let missing: Vec<usize> = (0..wanted.len()).filter(|number| told.get(*number).is_some_and(Option::is_none)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut candidates: BTreeMap<&str, Vec<packages::Binary>> = BTreeMap::new();
    let sources: Vec<&Source> = missing.iter().filter_map(|number| Some(&wanted.get(*number)?.source)).collect();
    for release in releases {
        // A security suite lists sources also whose packages are those of the release.
        progress(&Progress { what: &format!("reading the package lists of {}", release.folder), done: 0, total: 0 });
        packages::of_sources(client, release, &sources, &mut candidates)?;
    }
    let read = |place: usize| {
        let Some(source) = sources.get(place) else { return Ok(None) };
        let Some(binaries) = candidates.get(source.name.as_str()) else { return Ok(None) };
        let text = packages::changelog(client, source, binaries, cache)?;
        Ok(text.map(|text| changelog::told(&source.name, &text)))
    };
    let found = at_once(missing.len(), "reading changelogs of binary packages", progress, &read)?;
    for (number, found) in missing.into_iter().zip(found) {
        if let Some(place) = told.get_mut(number) {
            *place = found;
        }
    }
    Ok(())
}

/// Does pieces of work a few at a time; what comes of them is in their order. A file that cannot be used, or is not
/// answered in time, is a piece that brings nothing; altered files and a mirror that does not answer any more end the work.
fn at_once(
    count: usize,
    what: &str,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
    read: &(dyn Fn(usize) -> Result<Option<Told>, MirrorError> + Sync),
) -> Result<Vec<Option<Told>>, MirrorError> {
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let late = AtomicUsize::new(0);
    let results = Mutex::new((BTreeMap::new(), None));
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            let mut outcome = read(number);
            // The mirror has answered before: a name that cannot be looked up now is one of many look-ups.
            for _ in 0..AGAIN {
                let Err(MirrorError::Fetch(FetchError::Client(client::Error::Unreachable { .. }))) = outcome else { break };
                thread::sleep(PAUSE);
                outcome = read(number);
            }
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(Some(told)) => {
                    results.0.insert(number, told);
                }
                Ok(None) | Err(MirrorError::Format { .. } | MirrorError::Fetch(FetchError::Status { .. })) => {}
                Err(MirrorError::Fetch(FetchError::Client(_) | FetchError::Broken { .. }))
                    if late.fetch_add(1, Ordering::Relaxed) < MOST_LATE => {}
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    results.1.get_or_insert(error);
                }
            }
            drop(results);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(&Progress { what, done: done as u64, total: count as u64 });
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    let (mut found, error) = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    error.map_or_else(|| Ok((0..count).map(|number| found.remove(&number)).collect()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_made_after_the_release() {
        for version in ["7.88.1-10+deb12u1", "1:5.36.0-7+deb12u2", "115.3.0esr-1~deb12u1", "2.0+deb11u10+b1"] {
            assert!(is_stable_update(version), "{version}");
        }
        for version in ["5.2.15-2", "1.0debian-1", "1.0+deb12", "1-1deb", "1+debu1", ""] {
            assert!(!is_stable_update(version), "{version}");
        }
    }

    #[test]
    fn few_are_named() {
        let names: Vec<String> = (0..10).map(|number| format!("s{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert!(unread_note("debian:12", &names, 600).contains("10 of the 600"));
        assert!(unread_note("debian:12", &names, 600).contains("s7 and 2 more)"));
        assert!(unread_note("debian:12", &names[..1], 600).contains("(s0):"));
    }
}
