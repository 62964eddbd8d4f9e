//! Asks the engine about itself and about everything it has.

use std::time::{Duration, Instant};

use checks::host::engine as read;
use checks::host::facts::{Engine as Facts, Exec, Seen};
use image::engine::{Engine, Place, Question};
use serde_json::Value;

/// How many containers, and how many images, are asked about.
const MOST: usize = 10_000;
/// Time for all questions together.
const TIME: Duration = Duration::from_secs(300);
/// Commands in one container that are asked about.
const MOST_EXECS: usize = 100;

/// Everything the engine says.
pub fn ask(engine: &Engine) -> Facts {
    let end = Instant::now() + TIME;
    let document = |question| engine.ask(question).unwrap_or(Value::Null);
    let info = document(Question::Info);
    let mut facts = read::engine(&info, &document(Question::Version));
    if let Place::Socket(path) = engine.place() {
        facts.socket = path.to_str().map(str::to_owned);
    }
    facts.networks = engine.ask(Question::Networks).ok().map(|list| read::networks(&list));
    if let Some(swarm) = &mut facts.swarm
        && info.pointer("/Swarm/ControlAvailable").and_then(Value::as_bool) == Some(true)
        && let Ok(inspected) = engine.ask(Question::Swarm)
    {
        read::add_swarm(swarm, &inspected, engine.ask(Question::Secrets).ok().as_ref());
    }
    containers(engine, &mut facts, end);
    images(engine, &mut facts, end);
    facts
}

fn containers(engine: &Engine, facts: &mut Facts, end: Instant) {
    for id in ids(engine.ask(Question::Containers), &mut facts.unread_containers) {
        match asked(engine, Question::Container(&id), end) {
            Ok(inspected) => {
                let mut container = read::container(&inspected);
                if container.is_running() {
                    container.processes = Seen::from(engine.ask(Question::Processes(&id)).map(|top| read::processes(&top)));
                    container.execs = execs(engine, &inspected);
                }
                facts.containers.push(container);
            }
            // One that has gone since is no container any more.
            Err(why) if why.starts_with("status 404") => {}
            Err(why) => facts.unread_containers.push(format!("{}: {why}", short(&id))),
        }
    }
    facts.containers.sort_by(|left, right| left.name.cmp(&right.name));
}

fn execs(engine: &Engine, inspected: &Value) -> Vec<Exec> {
    let ids = read::exec_ids(inspected);
    ids.iter().take(MOST_EXECS).filter_map(|id| read::exec(&engine.ask(Question::Exec(id)).ok()?)).collect()
}

fn images(engine: &Engine, facts: &mut Facts, end: Instant) {
    for id in ids(engine.ask(Question::Images), &mut facts.unread_images) {
        match asked(engine, Question::Image(&id), end) {
            Ok(inspected) => {
                facts.images.push(read::image(&inspected, engine.ask(Question::History(&id)).ok().as_ref()));
            }
            Err(why) if why.starts_with("status 404") => {}
            Err(why) => facts.unread_images.push(format!("{}: {why}", short(&id))),
        }
    }
    facts.images.sort_by(|left, right| (&left.tags, &left.id).cmp(&(&right.tags, &right.id)));
}

fn asked(engine: &Engine, question: Question<'_>, end: Instant) -> Result<Value, String> {
    if Instant::now() > end {
        return Err(format!("the engine took longer than {} seconds for what came before", TIME.as_secs()));
    }
    engine.ask(question)
}

/// The ids of a list, in order; what is not asked about is said.
fn ids(list: Result<Value, String>, unread: &mut Vec<String>) -> Vec<String> {
    let list = match list {
        Ok(list) => list,
        Err(why) => {
            unread.push(format!("the list of them: {why}"));
            return Vec::new();
        }
    };
    let id = |one: &Value| Some(one.get("Id")?.as_str()?.to_owned());
    let mut ids: Vec<String> = list.as_array().into_iter().flatten().filter_map(id).collect();
    ids.sort();
    ids.dedup();
    if ids.len() > MOST {
        unread.push(format!("there are {}, and {MOST} are looked at", ids.len()));
        ids.truncate(MOST);
    }
    ids
}

fn short(id: &str) -> &str {
    let hex = id.strip_prefix("sha256:").unwrap_or(id);
    hex.get(..12).unwrap_or(hex)
}
