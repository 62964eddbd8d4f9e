//! Facts and answers of any shape: whatever an engine or a file says, it is judged or refused, and nothing more.

use checks::host::{self, Facts, engine, rules};
use serde_json::{Value, json};

/// Each value of the document in turn, replaced by something else.
fn damaged(document: &Value) -> Vec<Value> {
    fn paths(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Object(map) => {
                for (key, inside) in map {
                    paths(inside, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), all);
                }
            }
            Value::Array(list) => {
                for (number, inside) in list.iter().enumerate() {
                    paths(inside, &format!("{at}/{number}"), all);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    paths(document, "", &mut all);
    let others = [json!(null), json!(-1), json!("\u{1b}[2J…é"), json!([[]]), json!({"": {}}), json!(u64::MAX)];
    let mut damaged = Vec::new();
    for path in all {
        for other in &others {
            let mut copy = document.clone();
            if let Some(place) = copy.pointer_mut(&path) {
                *place = other.clone();
                damaged.push(copy);
            }
        }
    }
    damaged
}

#[test]
fn answers_of_an_engine() {
    let container = json!({
        "Id": "1", "Name": "/web", "Image": "sha256:1", "State": {"Status": "running", "Running": true}, "ExecIDs": ["a"],
        "Config": {"Image": "web", "User": "0", "Env": ["A=b"], "Healthcheck": {"Test": ["CMD", "x"]}},
        "HostConfig": {"Privileged": false, "CapAdd": ["ALL"], "Memory": 1, "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
            "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "80"}]}, "Ulimits": [{"Name": "nofile", "Soft": 1, "Hard": 2}],
            "Devices": [{"PathOnHost": "/dev/x"}], "SecurityOpt": ["label=disable"]},
        "Mounts": [{"Type": "bind", "Source": "/etc", "Destination": "/x", "RW": true, "Propagation": "rshared"}],
        "NetworkSettings": {"Networks": {"bridge": {}}, "Ports": {"80/tcp": [{"HostIp": "::", "HostPort": "80"}]}},
    });
    let read = engine::container(&container);
    assert_eq!(
        (&read.name[..], &read.environment[..], &read.ulimits[..]),
        ("web", &["A".to_owned()][..], &["nofile=1:2".to_owned()][..])
    );
    let info = json!({
        "DockerRootDir": "/d", "Driver": "vfs", "SecurityOptions": ["name=seccomp,profile=default"], "Debug": true,
        "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8", "::1/128", "10.0.0.0/8"],
            "IndexConfigs": {"r:5000": {"Secure": false}, "localhost:5000": {"Secure": false}, "docker.io": {"Secure": true}}},
        "Plugins": {"Authorization": null}, "Swarm": {"LocalNodeState": "active", "Managers": 3},
    });
    let said = engine::engine(&info, &json!({"Version": "1"}));
    assert_eq!(said.insecure_registries.unwrap(), ["10.0.0.0/8", "r:5000"]);
    assert_eq!((said.authorization_plugins, said.swarm.unwrap().managers), (Some(Vec::new()), Some(3)));
    let history = json!([{"CreatedBy": "ADD x"}, {"CreatedBy": "/bin/sh -c #(nop) ADD y"}]);
    for value in damaged(&container) {
        let _ =
            (engine::container(&value), engine::image(&value, Some(&history)), engine::exec(&value), engine::exec_ids(&value));
    }
    for value in damaged(&info).iter().chain(&damaged(&history)) {
        let _ = (
            engine::engine(value, value),
            engine::networks(value),
            engine::processes(value),
            engine::image(&container, Some(value)),
        );
    }
}

#[test]
fn facts_of_any_shape() {
    let mut looked = 0;
    for rule in rules::ALL.iter() {
        for example in [rule.bad, rule.good].into_iter().filter(|example| !example.is_empty()) {
            for value in damaged(&serde_json::from_str(example).unwrap()) {
                if let Ok(facts) = serde_json::from_value::<Facts>(value) {
                    looked += 1;
                    // All of them, as each may meet what another's example holds.
                    let controls = host::judge(&facts, [*rule, rules::ALL[looked % rules::ALL.len()]]);
                    assert!(controls.iter().all(|control| !control.evidence.is_empty()), "{}", rule.id);
                }
            }
        }
    }
    assert!(looked > 1000);
}
