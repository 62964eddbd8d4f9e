//! The engine's process: its arguments, its program, its user.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::root::Root;

/// What the program is called.
const NAME: &str = "dockerd";
/// Where the engine writes its number unless it is told otherwise.
const PID_FILE: &str = "/var/run/docker.pid";
/// Ticks of the clock in a second, as the kernel tells them to programs of any architecture.
const TICKS: u64 = 100;
/// Bytes of arguments that are read.
const MOST: u64 = 1 << 20;

/// A process of the engine.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its arguments, its name first, all of them.
    pub arguments: Vec<String>,
    /// Its program's path, where that may be read.
    pub program: Option<String>,
    /// The folder it is in, where that may be read.
    pub folder: Option<String>,
    /// When it was started, where the kernel says so.
    pub started: Option<SystemTime>,
    /// The user it runs as.
    pub user: Result<u32, String>,
}

/// The process that made the socket, where that is the engine's; else the one that its file names, or the only one there is.
pub fn find(listener: Option<u32>, root: &Root) -> Result<Process, String> {
    let number = match listener.filter(|number| is_engine(*number, root)) {
        Some(number) => number,
        None => search(root)?,
    };
    let folder = format!("/proc/{number}");
    let line = root.text(format!("{folder}/cmdline"), MOST);
    let line = line.map_err(|error| format!("the arguments of process {number} could not be read: {error}"))?;
    let link = |name: &str| {
        let target = fs::read_link(root.here(Path::new(&format!("{folder}/{name}")))).ok()?;
        Some(target.to_string_lossy().trim_end_matches(" (deleted)").to_owned())
    };
    Ok(Process {
        arguments: line.split('\0').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        program: link("exe"),
        folder: link("cwd"),
        started: started(&folder, root),
        user: user(&folder, root),
    })
}

/// The kernel counts from its own start, in ticks of the clock.
fn started(folder: &str, root: &Root) -> Option<SystemTime> {
    let stat = root.text(format!("{folder}/stat"), MOST).ok()?;
    // The name in parentheses may hold anything; what follows it begins with the third field.
    let ticks: u64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    let all = root.text("/proc/stat", MOST).ok()?;
    let boot: u64 = all.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    UNIX_EPOCH.checked_add(Duration::from_secs(boot.checked_add(ticks / TICKS)?))
}

fn is_engine(number: u32, root: &Root) -> bool {
    root.text(format!("/proc/{number}/comm"), 64).is_ok_and(|name| name.trim() == NAME)
}

fn search(root: &Root) -> Result<u32, String> {
    let named = root.text(PID_FILE, 64).ok().and_then(|text| text.trim().parse().ok());
    if let Some(number) = named.filter(|number| is_engine(*number, root)) {
        return Ok(number);
    }
    let names = root.names("/proc").map_err(|error| format!("the processes could not be listed: {error}"))?;
    let mut engines = names.iter().filter_map(|name| name.parse().ok()).filter(|number| is_engine(*number, root));
    match (engines.next(), engines.next()) {
        (Some(number), None) => Ok(number),
        (None, _) => Err(format!("no process {NAME} is seen from here")),
        (Some(_), Some(_)) => Err(format!("several processes {NAME} run, and which one is asked cannot be told")),
    }
}

fn user(folder: &str, root: &Root) -> Result<u32, String> {
    let status = root.text(format!("{folder}/status"), MOST).map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    // Real, effective, saved, of files: the second one counts.
    let number = line.and_then(|line| line.split_whitespace().nth(1)).and_then(|number| number.parse().ok());
    number.ok_or_else(|| "the kernel does not say as whom it runs".to_owned())
}
