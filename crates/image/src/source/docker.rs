//! Images of a local Docker Engine, or of what speaks its API
//! (<https://docs.docker.com/reference/api/engine/>).

use std::fs::File;
use std::io::{Seek, Write};
use std::pin::pin;
use std::time::Instant;

use bollard::Docker;
use bollard::errors::Error as ApiError;
use futures_util::StreamExt as _;
use model::digest::Digest;
use model::reference::Reference;

use super::{OpenOptions, Opened, archive};
use crate::engine::{ASK, LONGEST, Missing, connect, place, said, within};
use crate::{Error, Limits};

/// What asking the engine brought.
pub(crate) enum Found {
    /// The image.
    Image(Opened),
    /// There is no engine, or it does not have the image; as a sentence without its subject.
    Nowhere(String),
    /// The engine is there but cannot be asked, and why.
    Unasked(String),
}

/// Opens an image of the local engine, as the user named it.
pub(crate) fn open(name: &str, reference: &Reference, options: &OpenOptions) -> Result<Found, Error> {
    let place = match place(&options.client) {
        Ok(place) => place,
        Err(Missing::Nowhere(reason)) => return Ok(Found::Nowhere(reason)),
        Err(Missing::Unasked(reason)) => return Ok(Found::Unasked(reason)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| Error::io("the connection to the Docker engine", error))?;
    let deadline = options.limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    runtime.block_on(async {
        let patience = options.client.patience().min(ASK);
        let engine = match connect(&place, patience).await {
            Ok(engine) => engine,
            Err(reason) => return Ok(Found::Unasked(reason)),
        };
        let inspected = match within(Some(Instant::now() + patience), engine.inspect_image(name)).await {
            Some(Ok(inspected)) => inspected,
            Some(Err(ApiError::DockerResponseServerError { status_code: 404, .. })) => {
                return Ok(Found::Nowhere("the local engine does not have it".to_owned()));
            }
            Some(Err(error)) => return Ok(Found::Unasked(said(&error))),
            None => return Ok(Found::Unasked("it does not answer".to_owned())),
        };
        let file = export(&engine, name, &options.limits, deadline).await?;
        let mut opened = archive::open_plain(file, name.to_owned(), archive::Kind::Any, None, options)?;
        let digests: Vec<String> = inspected.repo_digests.unwrap_or_default();
        describe(&mut opened, name, inspected.id.as_deref(), repository_digest(&digests, reference));
        Ok(Found::Image(opened))
    })
}

/// Writes the engine's archive of the image to a file without a name: it comes as a stream, and is read in any order.
async fn export(engine: &Docker, name: &str, limits: &Limits, deadline: Option<Instant>) -> Result<File, Error> {
    let full = |error| Error::io(format!("a temporary file in {}", std::env::temp_dir().display()), error);
    let mut file = tempfile::tempfile().map_err(full)?;
    let mut stream = pin!(engine.export_image(name));
    let mut bytes = 0_u64;
    loop {
        let until = deadline.unwrap_or_else(|| Instant::now() + LONGEST);
        let Some(next) = within(Some(until), stream.next()).await else {
            return Err(Error::Timeout { object: name.to_owned() });
        };
        let Some(piece) = next else { break };
        let piece = piece.map_err(|error| {
            Error::remote(name.to_owned(), format!("the engine could not hand it out ({}); try again", said(&error)))
        })?;
        bytes = bytes.saturating_add(piece.len() as u64);
        if bytes > limits.layer_bytes {
            return Err(Error::limit(name, format!("is larger than {} bytes", limits.layer_bytes)));
        }
        file.write_all(&piece).map_err(full)?;
    }
    file.rewind().map_err(full)?;
    Ok(file)
}

/// Says of the images what the engine knows better than its archive.
fn describe(opened: &mut Opened, name: &str, id: Option<&str>, digest: Option<Digest>) {
    let Opened::Images { images, index_digest, notes } = opened else { return };
    let id = id.and_then(|id| id.parse::<Digest>().ok());
    let holds = |id: Digest| {
        *index_digest == Some(id) || images.iter().any(|image| [image.info.digest, image.info.config_digest].contains(&Some(id)))
    };
    if let Some(id) = id.filter(|id| !holds(*id)) {
        notes.push(format!("the engine called the image {id} and then handed out another; it was changed meanwhile"));
    }
    for image in images {
        "docker".clone_into(&mut image.info.source);
        name.clone_into(&mut image.info.reference);
        image.info.digest = image.info.digest.or(digest);
    }
}

/// The digest under which the image was pulled from the repository that the user names.
fn repository_digest(digests: &[String], reference: &Reference) -> Option<Digest> {
    let mut same = digests
        .iter()
        .filter_map(|text| text.parse::<Reference>().ok())
        .filter(|known| (&known.registry, &known.repository) == (&reference.registry, &reference.repository));
    match reference.digest {
        Some(digest) => same.any(|known| known.digest == Some(digest)).then_some(digest),
        None => same.find_map(|known| known.digest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_the_same_repository() {
        let (one, two) = (format!("sha256:{}", "1".repeat(64)), format!("sha256:{}", "2".repeat(64)));
        let digests = [format!("r.example/app@{one}"), format!("alpine@{two}")];
        let of = |text: &str| repository_digest(&digests, &text.parse().unwrap()).map(|digest| digest.to_string());
        assert_eq!(of("docker.io/library/alpine:3").as_deref(), Some(&two[..]));
        assert_eq!(of("r.example/app").as_deref(), Some(&one[..]));
        assert_eq!(of(&format!("r.example/app@{two}")), None);
        assert_eq!(of("r.example/other"), None);
    }
}
