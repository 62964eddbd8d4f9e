//! How the engine is set up: its arguments and its configuration file, which name the same settings
//! (<https://docs.docker.com/reference/cli/dockerd/>).

use serde_json::{Map, Value};

use super::Facts;

/// Settings that somebody here asks for, as flags and as keys of the file. All others stay where they are: options of logging
/// drivers and addresses of proxies hold passwords.
const KEPT: [&str; 25] = [
    "authorization-plugin",
    "authorization-plugins",
    "cgroup-parent",
    "config-file",
    "data-root",
    "debug",
    "default-ulimit",
    "default-ulimits",
    "exec-root",
    "host",
    "hosts",
    "icc",
    "insecure-registries",
    "insecure-registry",
    "iptables",
    "log-level",
    "no-new-privileges",
    "storage-opt",
    "storage-opts",
    "tls",
    "tlscacert",
    "tlscert",
    "tlskey",
    "tlsverify",
    "userland-proxy",
];

fn is_kept(name: &str) -> bool {
    KEPT.contains(&name)
}

/// The arguments of an engine's process that anybody here asks for.
pub fn arguments(words: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = words.first().cloned().into_iter().collect();
    let mut words = words.iter().skip(1).peekable();
    while let Some(word) = words.next() {
        let long = word.strip_prefix("--").map(|word| word.split('=').next().unwrap_or_default());
        let short = word.strip_prefix('-').filter(|_| long.is_none()).is_some_and(|word| word.starts_with(['H', 'l', 'D']));
        if !short && !long.is_some_and(is_kept) {
            continue;
        }
        kept.push(word.clone());
        // A value of its own.
        let value = !word.contains('=') && (long.is_some() || word.len() == 2);
        if let Some(value) = words.next_if(|next| value && !next.starts_with('-')) {
            kept.push(value.clone());
        }
    }
    kept
}

/// The keys of an engine's configuration file that anybody here asks for.
pub fn configuration(file: Map<String, Value>) -> Map<String, Value> {
    file.into_iter().filter(|(key, _)| is_kept(key)).collect()
}

/// Where the engine's settings are told.
enum Sources<'f> {
    /// Both are known.
    All(&'f [String], Option<&'f Map<String, Value>>),
    /// One is not, and why.
    Some(&'f [String], Option<&'f Map<String, Value>>, String),
}

impl Facts {
    fn sources(&self) -> Sources<'_> {
        let arguments = self.arguments.get();
        let file = self.daemon_json.get();
        let known = (arguments.map_or(&[][..], |words| &words[..]), file.ok().and_then(Option::as_ref));
        match (arguments, file) {
            (Ok(_), Ok(_)) => Sources::All(known.0, known.1),
            (Err(why), _) => Sources::Some(known.0, known.1, format!("the engine's arguments are not known: {why}")),
            (_, Err(why)) => Sources::Some(known.0, known.1, format!("the engine's configuration file could not be read: {why}")),
        }
    }

    /// A switch; `None` where it is set nowhere.
    pub fn switch(&self, name: &str) -> Result<Option<bool>, String> {
        let find = |words: &[String], file: Option<&Map<String, Value>>| {
            let flag = words.iter().rev().find_map(|word| match word.strip_prefix("--")?.strip_prefix(name)? {
                "" => Some(true),
                rest => truth(rest.strip_prefix('=')?),
            });
            flag.or_else(|| file?.get(name)?.as_bool())
        };
        self.found(find)
    }

    /// A word; `short` is the flag's letter.
    pub fn word(&self, name: &str, short: Option<char>) -> Result<Option<String>, String> {
        let find = |words: &[String], file: Option<&Map<String, Value>>| {
            values(words, name, short).pop().or_else(|| Some(file?.get(name)?.as_str()?.to_owned()))
        };
        self.found(find)
    }

    /// Everything that a setting is given, by a flag that may come several times and a list or an object of the file.
    pub fn list(&self, flag: &str, key: &str, short: Option<char>) -> Result<Vec<String>, String> {
        match self.sources() {
            Sources::All(words, file) => {
                let mut all = values(words, flag, short);
                match file.and_then(|file| file.get(key)) {
                    Some(Value::Array(list)) => all.extend(list.iter().filter_map(Value::as_str).map(str::to_owned)),
                    Some(Value::Object(map)) => all.extend(map.keys().cloned()),
                    _ => {}
                }
                Ok(all)
            }
            Sources::Some(_, _, why) => Err(why),
        }
    }

    /// What is found stands whatever else is not known; that nothing is found says something only where all is known.
    fn found<T>(&self, find: impl Fn(&[String], Option<&Map<String, Value>>) -> Option<T>) -> Result<Option<T>, String> {
        match self.sources() {
            Sources::All(words, file) => Ok(find(words, file)),
            Sources::Some(words, file, why) => find(words, file).map(Some).ok_or(why),
        }
    }
}

/// `--name=value`, `--name value`, `-n value`, `-n=value`, `-nvalue`.
fn values(words: &[String], name: &str, short: Option<char>) -> Vec<String> {
    let mut found = Vec::new();
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        let long = word.strip_prefix("--").and_then(|word| word.strip_prefix(name));
        let rest = long.or_else(|| word.strip_prefix('-').filter(|word| !word.starts_with('-'))?.strip_prefix(short?));
        let Some(rest) = rest else { continue };
        match (rest.strip_prefix('='), rest.is_empty()) {
            (Some(value), _) => found.push(value.to_owned()),
            (None, true) => found.extend(words.next().cloned()),
            // A longer name that begins alike.
            (None, false) if long.is_some() => {}
            (None, false) => found.push(rest.to_owned()),
        }
    }
    found
}

/// The words that Go takes for a switch.
fn truth(word: &str) -> Option<bool> {
    match word {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::host::Facts;
    use crate::host::facts::Seen;

    fn facts(arguments: &[&str], file: &serde_json::Value) -> Facts {
        Facts {
            arguments: Seen::Known(arguments.iter().map(|&word| word.to_owned()).collect()),
            daemon_json: Seen::Known(file.as_object().cloned()),
            ..Facts::default()
        }
    }

    #[test]
    fn flags_and_keys() {
        let of = facts(
            &["dockerd", "--icc=false", "--tls", "-l", "warn", "-Hunix:///a", "--host=tcp://b", "-H", "fd://", "--log-level-x=1"],
            &json!({"hosts": ["unix:///c"], "iptables": false, "default-ulimits": {"nofile": {}}, "cgroup-parent": "/x"}),
        );
        assert_eq!((of.switch("icc"), of.switch("tls"), of.switch("tlsverify")), (Ok(Some(false)), Ok(Some(true)), Ok(None)));
        assert_eq!(of.switch("iptables"), Ok(Some(false)));
        assert_eq!(of.word("log-level", Some('l')), Ok(Some("warn".to_owned())));
        assert_eq!(of.word("cgroup-parent", None), Ok(Some("/x".to_owned())));
        assert_eq!(of.list("host", "hosts", Some('H')).unwrap(), ["unix:///a", "tcp://b", "fd://", "unix:///c"]);
        assert_eq!(of.list("default-ulimit", "default-ulimits", None).unwrap(), ["nofile"]);
        assert_eq!(facts(&["dockerd", "--icc=0", "--icc"], &json!(null)).switch("icc"), Ok(Some(true)));
    }

    #[test]
    fn passwords_stay_behind() {
        let words = "dockerd --log-opt splunk-token=s3cret --host tcp://a --http-proxy=http://u:s3cret@p -D --tls --icc=false";
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        assert_eq!(super::arguments(&words).join(" "), "dockerd --host tcp://a -D --tls --icc=false");
        let file = json!({"proxies": {"http-proxy": "http://u:s3cret@p"}, "log-opts": {"splunk-token": "s3cret"}, "icc": false});
        assert_eq!(json!(super::configuration(file.as_object().unwrap().clone())), json!({"icc": false}));
    }

    #[test]
    fn what_is_found_stands_and_silence_does_not() {
        let mut of = facts(&["dockerd", "--icc=false"], &json!({}));
        of.daemon_json = Seen::Unknown("permission denied".to_owned());
        assert_eq!(of.switch("icc"), Ok(Some(false)));
        assert!(of.switch("iptables").unwrap_err().ends_with("permission denied"));
        assert!(of.list("host", "hosts", None).is_err());
    }
}
