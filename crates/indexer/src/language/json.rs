//! The few fields of a JSON object that an extractor asks for. Everything else is skipped without being built, which is
//! what makes tens of thousands of `package.json` cheap.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// Reads the named fields of a JSON object; `null` where one is missing, the last one where it is repeated, as
/// JavaScript does. A byte order mark is skipped.
///
/// # Errors
/// Where the text is no JSON object, with the place.
pub(super) fn fields<const N: usize>(content: &[u8], names: [&str; N]) -> Result<[Value; N], serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(without_mark(content));
    let values = deserializer.deserialize_map(Fields(names))?;
    deserializer.end()?;
    Ok(values)
}

/// The whole document; a byte order mark is skipped.
pub(super) fn document(content: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(without_mark(content))
}

/// The sentence for a document that does not parse.
pub(super) fn problem(error: &serde_json::Error) -> String {
    format!("is not valid JSON: {error}")
}

/// A string, moved out; empty for any other value.
pub(super) fn string(value: Value) -> String {
    match value {
        Value::String(text) => text,
        _ => String::new(),
    }
}

/// A field that is a string; empty where it is missing or something else.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The members of a field that is an object; none where it is something else.
pub(super) fn members<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(field).and_then(Value::as_object).into_iter().flatten()
}

/// The elements of a field that is an array; none where it is something else.
pub(super) fn elements<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content)
}

/// Takes the named fields out of a map.
struct Fields<'n, const N: usize>([&'n str; N]);

impl<'de, const N: usize> Visitor<'de> for Fields<'_, N> {
    type Value = [Value; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<[Value; N], A::Error> {
        let mut values = [const { Value::Null }; N];
        while let Some(index) = map.next_key_seed(Index(&self.0))? {
            match index.and_then(|index| values.get_mut(index)) {
                Some(slot) => *slot = map.next_value()?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// Which of the names a key is, without keeping the key.
struct Index<'n>(&'n [&'n str]);

impl<'de> DeserializeSeed<'de> for Index<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Index<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|name| *name == key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_is_asked_for() {
        let [a, b, c] =
            fields(b"\xef\xbb\xbf{\"b\": {\"a\": 1}, \"x\": [1, {\"a\": 2}], \"a\": 1, \"a\": \"two\"}", ["a", "b", "c"])
                .unwrap();
        assert_eq!(string(a), "two");
        assert_eq!(b["a"], 1);
        assert_eq!(c, Value::Null);
    }

    #[test]
    fn refuses_what_is_no_object() {
        for bad in ["", "[]", "1", "{", "{\"a\":}", "{} {}"] {
            assert!(fields(bad.as_bytes(), ["a"]).is_err(), "{bad}");
        }
        let deep = "[".repeat(1_000_000);
        assert!(fields(format!("{{\"x\": {deep}").as_bytes(), ["a"]).is_err());
        assert!(fields(format!("{{\"a\": {deep}").as_bytes(), ["a"]).is_err());
    }
}
