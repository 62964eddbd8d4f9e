//! A Docker Engine, or what speaks its API (<https://docs.docker.com/reference/api/engine/>): where it listens, and how it is
//! asked about itself and what it runs.

use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bollard::errors::Error as ApiError;
use bollard::query_parameters::{ListContainersOptions, ListImagesOptions, ListNetworksOptions, ListSecretsOptions, TopOptions};
use bollard::{API_DEFAULT_VERSION, Docker};
use serde_json::Value;
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout_at;

use crate::client::ClientOptions;

/// Time for the engine to answer one question.
pub(crate) const ASK: Duration = Duration::from_secs(20);
/// How long any answer may take: engines write all layers of an image to disk before they send the first byte of it.
pub(crate) const LONGEST: Duration = Duration::from_secs(3600);

/// Where the engine listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A socket of this machine.
    Socket(PathBuf),
    /// An address, which may be another machine's.
    Tcp(String),
}

/// Why there is no engine to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is none; as a sentence without its subject.
    Nowhere(String),
    /// One is there, or should be, but cannot be asked, and why.
    Unasked(String),
}

/// Where `DOCKER_HOST` says, else the usual sockets.
pub fn place(client: &ClientOptions) -> Result<Place, Missing> {
    let environment = &client.environment;
    let Some(host) = environment.text("DOCKER_HOST") else {
        let home = environment.path("HOME").map(|home| home.join(".docker/run/docker.sock"));
        let rootless = environment.path("XDG_RUNTIME_DIR").map(|folder| folder.join("docker.sock"));
        let sockets = [Some(PathBuf::from("/var/run/docker.sock")), rootless, home];
        let socket = sockets.into_iter().flatten().find(|socket| socket.exists());
        return socket.map(Place::Socket).ok_or_else(|| Missing::Nowhere("there is no local engine".to_owned()));
    };
    if let Some(socket) = host.strip_prefix("unix://") {
        return Ok(Place::Socket(socket.into()));
    }
    if (host.starts_with("tcp://") || host.starts_with("http://")) && environment.get("DOCKER_TLS_VERIFY").is_none() {
        // A socket file leads to this machine; this may lead anywhere.
        return if client.offline {
            Err(Missing::Unasked(format!("DOCKER_HOST is {host}, and --offline allows no connection")))
        } else {
            Ok(Place::Tcp(host))
        };
    }
    let reason = "DOCKER_HOST asks for a way other than unix:// and tcp:// without TLS, which are those there are";
    Err(Missing::Unasked(reason.to_owned()))
}

/// Connects, and agrees on a version of the API.
pub(crate) async fn connect(place: &Place, patience: Duration) -> Result<Docker, String> {
    // Each question has a shorter time of its own.
    let longest = LONGEST.as_secs();
    let engine = match place {
        Place::Socket(path) => {
            let path = path.to_str().ok_or("the path of its socket is no text")?;
            Docker::connect_with_unix(path, longest, API_DEFAULT_VERSION)
        }
        Place::Tcp(host) => Docker::connect_with_http(host, longest, API_DEFAULT_VERSION),
    };
    let engine = engine.map_err(|error| said(&error))?;
    match within(Some(Instant::now() + patience), engine.negotiate_version()).await {
        Some(engine) => engine.map_err(|error| said(&error)),
        None => Err("it does not answer".to_owned()),
    }
}

/// `None` where the time is over first.
pub(crate) async fn within<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => timeout_at(deadline.into(), future).await.ok(),
        None => Some(future.await),
    }
}

/// What went wrong, as one harmless line.
pub(crate) fn said(error: &ApiError) -> String {
    let text = match error {
        ApiError::DockerResponseServerError { status_code, message } => format!("status {status_code}: {message}"),
        ApiError::RequestTimeoutError => "it does not answer".to_owned(),
        ApiError::SocketNotFoundError(path) => format!("there is no socket {path}"),
        other => with_causes(other),
    };
    // How the client is built tells nobody anything.
    let text = text.strip_prefix("Error in the hyper legacy client: client error (Connect): ").unwrap_or(&text);
    text.chars().filter(|character| !character.is_control()).take(300).collect()
}

/// What lies underneath is what tells: the outermost says "client error" only.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let inner = error.to_string();
        if !text.contains(&inner) {
            text = format!("{text}: {inner}");
        }
        cause = error.source();
    }
    text
}

/// What an engine can be asked; each answer is the document of its API, under the API's own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'a> {
    /// Its version.
    Version,
    /// What it says of itself.
    Info,
    /// All containers, stopped ones too.
    Containers,
    /// One container.
    Container(&'a str),
    /// The names of the processes of a running container.
    Processes(&'a str),
    /// One command that was started in a running container.
    Exec(&'a str),
    /// All images.
    Images,
    /// One image.
    Image(&'a str),
    /// The steps in which an image was built.
    History(&'a str),
    /// All networks.
    Networks,
    /// The swarm; managers alone answer.
    Swarm,
    /// The names of the swarm's secrets; managers alone answer.
    Secrets,
}

/// A connection to an engine.
#[derive(Debug)]
pub struct Engine {
    place: Place,
    docker: Docker,
    runtime: Runtime,
    patience: Duration,
}

impl Engine {
    /// Connects to the engine.
    pub fn open(client: &ClientOptions) -> Result<Self, Missing> {
        let place = place(client)?;
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|error| Missing::Unasked(error.to_string()))?;
        let patience = client.patience().min(ASK);
        let docker = runtime.block_on(connect(&place, patience)).map_err(Missing::Unasked)?;
        Ok(Self { place, docker, runtime, patience })
    }

    /// Where it listens.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The process that made the socket: the engine's, or the one that started it on demand. `None` over TCP.
    pub fn process(&self) -> Option<u32> {
        let Place::Socket(path) = &self.place else { return None };
        let peer = async { UnixStream::connect(path).await.and_then(|stream| stream.peer_cred()) };
        let peer = self.runtime.block_on(within(Some(Instant::now() + self.patience), peer))?.ok()?;
        peer.pid().and_then(|process| u32::try_from(process).ok()).filter(|process| *process > 0)
    }

    /// Asks; the error is a sentence without its subject.
    pub fn ask(&self, question: Question<'_>) -> Result<Value, String> {
        let deadline = Some(Instant::now() + self.patience);
        match self.runtime.block_on(within(deadline, self.answer(question))) {
            Some(answer) => answer,
            None => Err("the engine does not answer".to_owned()),
        }
    }

    async fn answer(&self, question: Question<'_>) -> Result<Value, String> {
        let docker = &self.docker;
        match question {
            Question::Version => document(docker.version().await),
            Question::Info => document(docker.info().await),
            Question::Containers => {
                document(docker.list_containers(Some(ListContainersOptions { all: true, ..Default::default() })).await)
            }
            Question::Container(id) => document(docker.inspect_container(id, None).await),
            // Names alone: arguments of processes hold passwords.
            Question::Processes(id) => {
                document(docker.top_processes(id, Some(TopOptions { ps_args: "-eo pid,comm".to_owned() })).await)
            }
            Question::Exec(id) => document(docker.inspect_exec(id).await),
            Question::Images => document(docker.list_images(None::<ListImagesOptions>).await),
            Question::Image(id) => document(docker.inspect_image(id).await),
            Question::History(id) => document(docker.image_history(id).await),
            Question::Networks => document(docker.list_networks(None::<ListNetworksOptions>).await),
            Question::Swarm => document(docker.inspect_swarm().await),
            Question::Secrets => document(docker.list_secrets(None::<ListSecretsOptions>).await),
        }
    }
}

fn document<T: serde::Serialize>(answer: Result<T, ApiError>) -> Result<Value, String> {
    answer.map_err(|error| said(&error)).and_then(|answer| serde_json::to_value(answer).map_err(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use client::Environment;

    use super::*;

    fn at(host: &str, offline: bool) -> Result<Place, ()> {
        let client = ClientOptions { environment: Environment::of([("DOCKER_HOST", host)]), offline, ..ClientOptions::default() };
        place(&client).map_err(|_| ())
    }

    #[test]
    fn places() {
        assert_eq!(at("unix:///x/y.sock", true), Ok(Place::Socket("/x/y.sock".into())));
        assert_eq!(at("tcp://a:1", false), Ok(Place::Tcp("tcp://a:1".to_owned())));
        assert_eq!(at("tcp://a:1", true), Err(()));
        assert_eq!(at("ssh://a", false), Err(()));
    }
}
