//! Collects the facts of a host for `host check`: the engine's answers, its process, its files. Everything is read, nothing is
//! changed, no program is run. Whatever cannot be seen is a fact that is not known, with the reason.

mod engine;
mod files;
mod process;
mod root;
mod system;

use std::path::Path;

use checks::host::Facts;
use checks::host::facts::{SCHEMA, Seen};
use image::client::ClientOptions;
use image::engine::{Engine, Missing, Place, place};
use model::host::{Control, HostOutcome};

use files::Layout;
use root::Root;

/// Looks at the host whose root file system is at `root`, and at its engine.
pub fn collect(client: &ClientOptions, root: &Path) -> Facts {
    let root = Root::new(root);
    let mut facts = Facts { schema: SCHEMA.to_owned(), ..Facts::default() };
    let opened = Engine::open(client);
    if let Ok(Place::Tcp(address)) = place(client) {
        // What is read here would be of one machine, what the engine says of another.
        let why = format!("the engine is at {address}, which may be another machine; run this there");
        facts.engine = opened.map_err(missing).map(|engine| engine::ask(&engine)).into();
        return elsewhere(facts, &why);
    }
    let process = process::find(opened.as_ref().ok().and_then(Engine::process), &root);
    facts.engine = opened.as_ref().map(engine::ask).map_err(|why| missing(why.clone())).into();
    // All of them, to find the files that they name.
    facts.arguments = process.as_ref().map(|process| process.arguments.clone()).map_err(Clone::clone).into();
    facts.daemon_user = process.as_ref().map_err(Clone::clone).and_then(|process| process.user.clone()).into();
    let rootless = facts.engine.get().is_ok_and(|engine| engine.has_option("rootless") == Some(true));
    let layout = Layout { process: process.as_ref().ok(), rootless, client, root: &root };
    facts.daemon_json = layout.configuration(&facts).into();
    facts.socket_unit = files::listened(&root).into();
    facts.files = files::all(&facts, &layout);
    // Nobody else is to know more than is asked for.
    facts.arguments = facts.arguments.into_result().map(|words| checks::host::settings::arguments(&words)).into();
    facts.audit = system::audit(&root).into();
    facts.mounts = system::mounts(&root).into();
    facts.docker_group = system::group_members("docker", &root).into();
    facts.swarm_listeners = system::listeners(&root).into();
    facts.content_trust = system::content_trust(client, &root).into();
    facts
}

fn missing(missing: Missing) -> String {
    match missing {
        Missing::Nowhere(why) | Missing::Unasked(why) => why,
    }
}

fn elsewhere(mut facts: Facts, why: &str) -> Facts {
    facts.arguments = Seen::Unknown(why.to_owned());
    facts.daemon_user = Seen::Unknown(why.to_owned());
    facts.daemon_json = Seen::Unknown(why.to_owned());
    facts.socket_unit = Seen::Unknown(why.to_owned());
    facts.files = files::unknown(why);
    facts.audit = Seen::Unknown(why.to_owned());
    facts.mounts = Seen::Unknown(why.to_owned());
    facts.docker_group = Seen::Unknown(why.to_owned());
    facts.swarm_listeners = Seen::Unknown(why.to_owned());
    facts.content_trust = Seen::Unknown(why.to_owned());
    facts
}

/// What could not be seen and left one of the controls open, a sentence each.
pub fn unseen(facts: &Facts, controls: &[Control]) -> Vec<String> {
    let mut unseen = Vec::new();
    let mut say = |what: &str, why: Option<&str>| unseen.extend(why.map(|why| format!("{what}: {why}")));
    say("the engine could not be asked", facts.engine.get().err());
    say("the engine's arguments are not known", facts.arguments.get().err());
    say("the engine's configuration file could not be read", facts.daemon_json.get().err());
    say("the audit's rules could not be read", facts.audit.get().err());
    say("the mounted file systems are not known", facts.mounts.get().err());
    say("the groups of the host could not be read", facts.docker_group.get().err());
    let open = |what: &String| {
        controls.iter().any(|control| control.outcome == HostOutcome::Undetermined && control.evidence.contains(what.as_str()))
    };
    unseen.retain(open);
    if let Ok(engine) = facts.engine.get() {
        let unread = engine.unread_containers.iter().chain(&engine.unread_images);
        unseen.extend(unread.map(|one| format!("the engine did not tell all: {one}")));
    }
    unseen
}
