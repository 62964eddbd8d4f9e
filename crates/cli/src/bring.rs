//! Brings advisories: what `db update` and a scan without a database have in common.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use advisory::build::BuildSummary;
use advisory::mirror::{self, MirrorOptions, MirrorSummary, Target, host_mirrors};
use advisory::update::finished::{self, Origin};
use advisory::update::{self, Outcome, Progress, UpdateError, UpdateOptions, UpdateSummary};
use anyhow::Context;
use client::{ClientOptions, Environment, HttpClient};
use indicatif::ProgressBar;
use model::report::DatabaseInfo;

use crate::args::Global;
use crate::{progress, settings};

/// How long a server of a feed may take that a scan asks by the way.
const IMPATIENT: Duration = Duration::from_secs(5);
/// The same for a file of a package mirror: it is the last way left, and some first fetch the file from another.
const IMPATIENT_WITH_MIRRORS: Duration = Duration::from_secs(20);
/// How many feeds one sentence names.
const NAMED: usize = 8;

/// How long servers are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// As long as it takes.
    Usual,
    /// There is another way if they do not answer.
    Short,
}

fn client(global: &Global, timeout: Option<Duration>, proxy: Option<&str>) -> HttpClient {
    let environment = match proxy {
        // What apt reaches its mirrors through, unless the environment says otherwise.
        Some(proxy) if Environment::default().get("HTTP_PROXY").or(Environment::default().get("http_proxy")).is_none() => {
            let variables = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
            Environment::of(variables.chain([("HTTP_PROXY".to_owned(), proxy.into())]))
        }
        _ => Environment::default(),
    };
    HttpClient::new(&ClientOptions {
        ca_cert: global.ca_cert.clone(),
        offline: global.offline,
        timeout,
        environment,
        ..ClientOptions::default()
    })
}

/// Shows how far a piece of work is.
fn show(bar: &ProgressBar, progress: &Progress<'_>) {
    let Progress { what, done, total } = *progress;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    bar.set_message(match (done, total) {
        (0, 0) => what.to_owned(),
        // Bytes come by the hundred thousand, pieces one by one.
        (done, 0) => format!("{what}: {:.1} MB", megabytes(done)),
        (done, total) if total > 1 << 16 => format!("{what}: {:.1} of {:.1} MB", megabytes(done), megabytes(total)),
        (done, total) => format!("{what}: {done} of {total}"),
    });
}

/// Asks the feeds' homes and builds the database.
pub fn from_feeds(global: &Global, allow_older: bool, patience: Patience) -> anyhow::Result<UpdateSummary> {
    let options = UpdateOptions {
        feeds: global.cache_folder().join("feeds"),
        out: global.database(),
        sources: settings::tables()?.feeds,
        allow_older,
        once: patience == Patience::Short,
    };
    let timeout = (patience == Patience::Short).then_some(IMPATIENT);
    let bar = progress::spinner(global.quiet);
    let outcome = update::update(&options, &client(global, timeout, None), &|step| show(&bar, step));
    bar.finish_and_clear();
    outcome.map_err(|error| match error {
        UpdateError::Unreachable { .. } if !global.offline && patience == Patience::Usual => {
            anyhow::Error::new(error).context("the advisory feeds cannot be reached; --distro reads a package mirror in their place, --from takes a finished database")
        }
        error => error.into(),
    })
}

/// What is to be said of feeds that have no new copy, as sentences.
pub fn not_reached(summary: &UpdateSummary) -> Vec<String> {
    let mut kept: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, outcome) in &summary.files {
        let (list, reason) = match outcome {
            Outcome::Kept { reason } => (&mut kept, reason),
            Outcome::Missing { reason } => (&mut missing, reason),
            Outcome::Fetched { .. } | Outcome::Unchanged => continue,
        };
        let feeds = list.entry(reason).or_default();
        if !feeds.contains(&file.feed.as_str()) {
            feeds.push(&file.feed);
        }
    }
    let kept = kept.iter().map(|(reason, feeds)| sentence(feeds, "stays as it was", reason));
    kept.chain(missing.iter().map(|(reason, feeds)| sentence(feeds, "is not there", reason))).collect()
}

/// `kev, epss and 3 more stays as it was: …`
fn sentence(feeds: &[&str], what: &str, reason: &str) -> String {
    let more = feeds.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest} {what}: {reason}", feeds.get(..NAMED).unwrap_or(feeds).join(", "))
}

/// The release that a user names, `host` being this machine's.
pub fn target(text: &str) -> anyhow::Result<Target> {
    if text == "host" {
        return Target::host(Path::new("/"))
            .context("this machine's /etc/os-release names no release that has a package mirror to read");
    }
    Target::parse(text).with_context(|| {
        format!("`{text}` is no release that is known; write debian:bookworm, ubuntu:22.04, almalinux:9, or host")
    })
}

/// Reads the package mirror of a release and builds the database. Mirrors are those named, else those of the settings,
/// else those of this machine's apt.
pub fn from_mirror(
    global: &Global,
    target: &Target,
    named: &[String],
    allow_older: bool,
    patience: Patience,
) -> anyhow::Result<(MirrorSummary, BuildSummary)> {
    let of_settings: Vec<String> = settings::tables()?.feeds.remove(&format!("{}-mirror", target.id)).into_iter().collect();
    let named = if named.is_empty() { &of_settings } else { named };
    let options = MirrorOptions {
        target: target.clone(),
        mirrors: host_mirrors(Path::new("/"), target).with_named(named, &target.id),
        feeds: global.cache_folder().join("feeds"),
        cache: global.cache_folder().join("mirror"),
        once: patience == Patience::Short,
    };
    let timeout = (patience == Patience::Short).then_some(IMPATIENT_WITH_MIRRORS);
    let client = client(global, timeout, options.mirrors.proxy.as_deref());
    let bar = progress::spinner(global.quiet);
    let outcome = mirror::build(&options, &global.database(), allow_older, &client, &|step| show(&bar, step));
    bar.finish_and_clear();
    Ok(outcome?)
}

/// Takes over a finished database.
pub fn finished(global: &Global, origin: &str, allow_older: bool) -> anyhow::Result<DatabaseInfo> {
    let place = Origin::parse(origin)
        .with_context(|| format!("`{origin}` is no place of a database; write file:PATH or oci://REFERENCE"))?;
    let pull = |reference: &str| -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        let options = ClientOptions {
            mirrors: settings::tables()?.mirrors,
            ca_cert: global.ca_cert.clone(),
            offline: global.offline,
            ..ClientOptions::default()
        };
        Ok(image::source::artifact(reference, finished::MEDIA_TYPE, finished::LIMIT, &options)?)
    };
    Ok(finished::take(&place, &global.database(), allow_older, &pull)?)
}
