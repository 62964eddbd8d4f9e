//! Our tree is what the reader of typed values reads from the same text, wherever both read it.

use checks::yaml::{Node, Value, documents};
use checks::{compose, kubernetes};
use serde_json::Value as Json;

fn same(node: &Node, json: &Json) -> bool {
    match (&node.value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Scalar(text), Json::String(other)) => text == other,
        // How a number or switch is written is not kept there.
        (Value::Scalar(_), Json::Bool(_) | Json::Number(_)) => true,
        (Value::Sequence(items), Json::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| same(item, other))
        }
        (Value::Mapping(entries), Json::Object(others)) => {
            entries.len() == others.len()
                && entries.iter().all(|entry| others.get(&entry.key).is_some_and(|other| same(&entry.value, other)))
        }
        _ => false,
    }
}

#[test]
fn two_readers_agree() {
    let kubernetes = kubernetes::rules::ALL.iter().flat_map(|rule| [rule.bad, rule.good]);
    let compose = compose::rules::ALL.iter().flat_map(|rule| [rule.bad, rule.good]);
    let more = [
        "a: |\n  x\n  y\nb: >-\n  x\n  y\nc: \"x\\ty\"\nd: 'it''s'\n",
        "a: &a {b: [1, 2]}\nc: *a\n",
        "{\"a\": [null, true, {\"b\": \"\\u00e4\"}]}",
    ];
    let seeds: Vec<&[u8]> = kubernetes.chain(compose).chain(more).map(str::as_bytes).collect();
    let compare = |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return false };
        let Ok(theirs) = serde_saphyr::from_str::<Json>(text) else { return false };
        let ours: Vec<_> = documents(bytes).collect();
        let [Ok(document)] = ours.as_slice() else { return false };
        assert!(same(&document.root, &theirs), "{text}\n{:?}\n{theirs}", document.root);
        true
    };
    assert!(seeds.iter().all(|seed| compare(seed)));
    let mut compared = 0;
    testing::mutate::each(&seeds, 20, |bytes| compared += usize::from(compare(bytes)));
    assert!(compared > 500, "{compared}");
}
