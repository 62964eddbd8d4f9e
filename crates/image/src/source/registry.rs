//! Images at a registry (<https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md>).

mod auth;
mod credentials;
mod endpoint;
mod helper;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use client::{HttpClient, Resumable};
use model::digest::Digest;
use model::reference::Reference;

use self::endpoint::{Endpoint, Kind, readable};
use super::oci::{self, Store};
use super::{OpenOptions, Opened};
use crate::Error;
use crate::blob::Blob;
use crate::hash::{digest_of, verify};
use crate::manifest::{Descriptor, Manifest};

/// Bytes of manifests and configurations that are kept: some are asked for more than once.
const KEPT: usize = 64 << 20;

/// Opens an image at its registry, or at the first of its mirrors that has it.
pub(crate) fn open(reference: &Reference, options: &OpenOptions) -> Result<Opened, Error> {
    let remote = Arc::new(Remote::new(reference, options)?);
    let (digest, bytes) = remote.resolve(reference, options.limits.manifest_bytes)?;
    let manifest = Manifest::parse(&format!("manifest {digest} of {}", remote.name), &bytes)?;
    let size = bytes.len() as u64;
    remote.keep(digest, &bytes);
    let store = Registry(Arc::clone(&remote));
    let mut opened = match manifest.manifests {
        Some(entries) => oci::open_index(&store, &entries, Some(digest), &remote.name, options),
        None => oci::open_index(&store, &[Descriptor::of(digest, size)], None, &remote.name, options),
    }?;
    if let Opened::Images { notes, .. } = &mut opened {
        notes.append(&mut remote.problems.lock().unwrap_or_else(PoisonError::into_inner));
    }
    Ok(opened)
}

/// Reads the one layer of an artifact, its digest verified.
pub(crate) fn artifact(reference: &Reference, media_type: &str, limit: u64, options: &OpenOptions) -> Result<Vec<u8>, Error> {
    let remote = Remote::new(reference, options)?;
    let (digest, bytes) = remote.resolve(reference, options.limits.manifest_bytes)?;
    let object = format!("manifest {digest} of {}", remote.name);
    let manifest = Manifest::parse(&object, &bytes)?;
    let [layer] = manifest.layers.as_slice() else {
        return Err(Error::unusable(&object, "is not of an artifact with one layer"));
    };
    if layer.media_type != media_type {
        return Err(Error::unusable(&object, format!("holds `{}` and not `{media_type}`", readable(&layer.media_type))));
    }
    if layer.size > limit {
        return Err(Error::limit(&object, format!("names a layer of more than {limit} bytes")));
    }
    let object = format!("{} of {}", layer.digest, remote.name);
    let blob = RemoteBlob { remote: Arc::new(remote), digest: layer.digest, size: layer.size };
    let mut content = Vec::new();
    let read = blob.open()?.take(limit.saturating_add(1)).read_to_end(&mut content);
    read.map_err(|error| error.downcast().unwrap_or_else(|error| Error::io(&object, error)))?;
    verify(&object, &layer.digest, &digest_of(&content, Some(&layer.digest)))?;
    Ok(content)
}

/// One repository, at every place where it may be had.
struct Remote {
    /// The reference, for messages.
    name: String,
    /// The mirrors, and the registry itself at the end.
    endpoints: Vec<Endpoint>,
    /// The first endpoint that has not failed yet.
    first: AtomicUsize,
    kept: Mutex<BTreeMap<Digest, Arc<[u8]>>>,
    timeout: Option<Duration>,
    /// What is to be said of mirrors that did not serve.
    problems: Mutex<Vec<String>>,
}

impl Remote {
    fn new(reference: &Reference, options: &OpenOptions) -> Result<Self, Error> {
        let name = reference.to_string();
        if options.client.offline {
            return Err(Error::remote(
                name,
                "it lies at a registry, and --offline allows no connection; save it to a file first",
            ));
        }
        let mut settings = options.client.clone();
        if let Some(whole) = options.limits.timeout {
            settings.timeout = Some(settings.patience().min(whole));
        }
        let client = HttpClient::new(&settings);
        let mirrors = settings.mirrors.get(&reference.registry).map(Vec::as_slice).unwrap_or_default();
        let mut endpoints = Vec::with_capacity(mirrors.len() + 1);
        for mirror in mirrors {
            endpoints.push(Endpoint::mirror(&client, mirror, reference)?);
        }
        endpoints.push(Endpoint::registry(&client, reference)?);
        Ok(Self {
            name,
            endpoints,
            first: AtomicUsize::new(0),
            kept: Mutex::new(BTreeMap::new()),
            timeout: options.limits.timeout,
            problems: Mutex::new(Vec::new()),
        })
    }

    /// Asks one endpoint after the other, until one has it. A mirror that fails is not asked again; the registry itself
    /// decides what is said.
    fn ask<T>(&self, ask: impl Fn(&Endpoint) -> Result<Option<T>, Error>) -> Result<Option<T>, Error> {
        let start = self.first.load(Ordering::Relaxed);
        for (number, endpoint) in self.endpoints.iter().enumerate().skip(start) {
            let last = number + 1 == self.endpoints.len();
            match ask(endpoint) {
                Ok(None) if !last => {}
                Err(error) if !last => {
                    self.first.fetch_max(number + 1, Ordering::Relaxed);
                    let problem = format!("the mirror {} was left out: {error}", endpoint.host());
                    self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
                }
                outcome => return outcome,
            }
        }
        Ok(None)
    }

    /// The manifest that the reference leads to, and its digest.
    fn resolve(&self, reference: &Reference, limit: u64) -> Result<(Digest, Vec<u8>), Error> {
        let object = format!("the manifest of {}", self.name);
        let found = self.ask(|endpoint| {
            let identifier = reference.identifier();
            let Some(endpoint::Read { bytes, told }) = endpoint.read(Kind::Manifest, &identifier, limit)? else {
                return Ok(None);
            };
            if bytes.len() as u64 > limit {
                return Err(Error::limit(&object, format!("is longer than {limit} bytes")));
            }
            // A tag binds nobody but the registry: what it says the digest is must at least be what it sends.
            let expected = reference.digest.or(told);
            let digest = digest_of(&bytes, expected.as_ref());
            if let Some(expected) = expected {
                verify(&object, &expected, &digest)?;
            }
            Ok(Some((digest, bytes)))
        })?;
        found.ok_or_else(|| {
            Error::remote(
                self.name.clone(),
                "its registry does not have it; check the name, the tag and, if it is private, the login",
            )
        })
    }

    fn keep(&self, digest: Digest, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.values().map(|bytes| bytes.len()).sum::<usize>() + bytes.len() <= KEPT {
            kept.insert(digest, bytes.into());
        }
    }

    fn read(&self, kind: Kind, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        if let Some(bytes) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&descriptor.digest) {
            return Ok(Some(bytes.to_vec()));
        }
        let identifier = descriptor.digest.to_string();
        let object = format!("{identifier} of {}", self.name);
        let bytes = self.ask(|endpoint| {
            let Some(endpoint::Read { bytes, .. }) = endpoint.read(kind, &identifier, limit)? else { return Ok(None) };
            // Verified here already, so that a mirror that lies is passed over.
            if bytes.len() as u64 <= limit {
                verify(&object, &descriptor.digest, &digest_of(&bytes, Some(&descriptor.digest)))?;
                self.keep(descriptor.digest, &bytes);
            }
            Ok(Some(bytes))
        })?;
        Ok(bytes)
    }
}

/// The repository as a store of blobs.
struct Registry(Arc<Remote>);

impl Store for Registry {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn source(&self) -> &'static str {
        "registry"
    }

    fn read(&self, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        self.0.read(Kind::Blob, descriptor, limit)
    }

    fn manifest(&self, descriptor: &Descriptor, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        self.0.read(Kind::Manifest, descriptor, limit)
    }

    fn blob(&self, descriptor: &Descriptor) -> Result<Option<Arc<dyn Blob>>, Error> {
        // Foreign layers are seldom pushed. Others are there, or opening them tells.
        let foreign = descriptor.media_type.contains("nondistributable")
            || descriptor.media_type.contains(".foreign.")
            || !descriptor.urls.is_empty();
        if foreign && self.0.ask(|endpoint| endpoint.has_blob(&descriptor.digest).map(|has| has.then_some(())))?.is_none() {
            return Ok(None);
        }
        Ok(Some(Arc::new(RemoteBlob { remote: Arc::clone(&self.0), digest: descriptor.digest, size: descriptor.size })))
    }
}

/// A layer at a registry, fetched anew by each [`open`](Blob::open).
struct RemoteBlob {
    remote: Arc<Remote>,
    digest: Digest,
    size: u64,
}

impl Blob for RemoteBlob {
    fn open(&self) -> Result<Box<dyn Read + Send>, Error> {
        let deadline = self.remote.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let opened = self.remote.ask(|endpoint| {
            let Some(response) = endpoint.blob(&self.digest, None)? else { return Ok(None) };
            let (endpoint, digest) = (endpoint.clone(), self.digest);
            let object = format!("{} of {}", self.digest, self.remote.name);
            let again = move |resume: &client::Resume| match endpoint.blob(&digest, Some(resume)) {
                Ok(Some(response)) => Ok(response),
                Ok(None) => Err(io::Error::other(Error::unusable(&object, "is not at its registry any more"))),
                Err(error) => Err(io::Error::other(error)),
            };
            let object = format!("{} of {}", self.digest, self.remote.name);
            let body = Resumable::new(response, again).until(deadline);
            Ok(Some(Box::new(RemoteReader { object, body, left: (self.size > 0).then_some(self.size) })))
        })?;
        match opened {
            Some(reader) => Ok(reader),
            None => Err(Error::remote(
                format!("{} of {}", self.digest, self.remote.name),
                "its registry does not have it; push the image again",
            )),
        }
    }

    fn size(&self) -> u64 {
        self.size
    }
}

/// Says failures in the words of this crate, and stops a registry that sends more than the manifest says.
struct RemoteReader<R> {
    object: String,
    body: R,
    left: Option<u64>,
}

impl<R: Read> Read for RemoteReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer).map_err(|error| self.failure(error))?;
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(read as u64).ok_or_else(|| {
                io::Error::other(Error::corrupt(&self.object, "its registry sends more bytes than the manifest says"))
            })?;
        }
        Ok(read)
    }
}

impl<R> RemoteReader<R> {
    fn failure(&self, error: io::Error) -> io::Error {
        if error.kind() == io::ErrorKind::Interrupted
            || error.get_ref().is_some_and(|inner| inner.downcast_ref::<Error>().is_some())
        {
            return error;
        }
        io::Error::other(if error.kind() == io::ErrorKind::TimedOut {
            Error::Timeout { object: self.object.clone() }
        } else {
            Error::remote(self.object.clone(), error.to_string())
        })
    }
}
