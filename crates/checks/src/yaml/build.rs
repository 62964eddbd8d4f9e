//! Builds trees from the parser's events, on a stack of its own: bounded in values and depth, whatever anchors say.

use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};

use super::{Document, Entry, Node, Problem, Value};

/// Values of one document, those that aliases repeat included.
const MAX_VALUES: usize = 1_000_000;
/// Levels of one document, those of aliases included.
const MAX_DEPTH: usize = 300;

/// What is told of one document that can be read all the same.
const MAX_PROBLEMS: usize = 100;

/// A list or map of which the end has not come.
struct Open {
    node: Node,
    anchor: usize,
    /// The key whose value comes next.
    key: Option<(String, usize)>,
    /// Levels below, and values in it.
    height: usize,
    values: usize,
}

/// What an anchor names, with its levels and values; `None` until its end has come.
type Anchored = Option<(Node, usize, usize)>;

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    root: Option<Node>,
    values: usize,
    problems: Vec<Problem>,
}

/// The documents of a text that begins at `first`; the first that cannot be read is the last.
pub(super) fn documents(text: &str, first: usize) -> Vec<Result<Document, Problem>> {
    let options = granit_parser::options! { emit_comments: false };
    let mut found = Vec::new();
    let mut builder = Builder::default();
    for next in Parser::new_from_str_with_options(text, options) {
        let step = match next {
            Ok((Event::DocumentEnd, _)) => {
                let done = std::mem::take(&mut builder);
                found.extend(done.root.map(|root| Ok(Document { root, problems: done.problems })));
                Ok(())
            }
            // Lines of the parser begin at 1.
            Ok((event, span)) => builder.take(event, first + span.start.line().saturating_sub(1)),
            Err(error) => {
                let at = error.marker().line().saturating_sub(1);
                Err(Problem::new(first + tabbed(text, at, error.kind()), words(error.kind())))
            }
        };
        if let Err(problem) = step {
            found.push(Err(told_as_template(text, first, problem)));
            break;
        }
    }
    // A document of which nothing was written.
    found.retain(|one| one.as_ref().map_or(true, |document| document.root.value != Value::Null));
    found
}

/// The line of a tab, where the parser names the beginning of what it stands in.
fn tabbed(text: &str, at: usize, kind: &ErrorKind) -> usize {
    if !kind.to_string().contains("tab") {
        return at;
    }
    let is_tabbed = |line: &str| line[..line.len() - line.trim_start().len()].contains('\t');
    text.lines().skip(at).position(is_tabbed).map_or(at, |further| at + further)
}

fn words(kind: &ErrorKind) -> String {
    let told = kind.to_string();
    if told.contains("tab") {
        format!("is no YAML: a tab stands where spaces belong ({told})")
    } else if told.contains("recursion") {
        "is nested too deep".to_owned()
    } else {
        format!("is no YAML: {told}")
    }
}

/// A template is wrong wherever its first action stands, not where the parser gave up.
fn told_as_template(text: &str, first: usize, problem: Problem) -> Problem {
    let stands_here = text.lines().nth(problem.line - first).is_some_and(|line| line.contains("{{"));
    match text.lines().position(acts) {
        Some(at) => Problem { line: first + at, message: NOT_RENDERED.to_owned(), template: true },
        None if stands_here => Problem { message: NOT_RENDERED.to_owned(), template: true, ..problem },
        None => problem,
    }
}

const COMPLEX_KEY: &str = "has a key that is a list or a map";
const NOT_RENDERED: &str = "is a template that has not been rendered";

/// Whether a line has an action of Helm's outside of quotes; rules of Prometheus have others in their texts.
fn acts(line: &str) -> bool {
    let Some((before, action)) = line.split_once("{{") else { return false };
    let words = [
        "include", "if", "else", "end", "range", "with", "define", "template", "toYaml", "tpl", "default", "quote", "required",
        "block",
    ];
    let action = action.trim_start_matches('-').trim_start();
    let word = action.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_helm = [".", "/*", "$."].iter().any(|begin| action.starts_with(begin)) || words.contains(&word);
    is_helm && !before.contains(['"', '\'']) && line.contains("}}")
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                if self.wants_key() {
                    if anchor != 0 {
                        let value = Value::Scalar(text.to_string());
                        self.anchors.insert(anchor, Some((Node { line, value }, 0, 1)));
                    }
                    self.key(text.into_owned(), line);
                    return Ok(());
                }
                let null = plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let value = if null { Value::Null } else { Value::Scalar(text.into_owned()) };
                // A long text counts as many values, as an alias may repeat it.
                let values = 1 + value.text_len() / 64;
                self.put(Node { line, value }, anchor, 0, values)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Value::Sequence(Vec::new()), anchor, line),
            Event::MappingStart(_, anchor, _) => self.begin(Value::Mapping(Vec::new()), anchor, line),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(mut open) => {
                    if let Value::Mapping(entries) = &mut open.node.value {
                        self.finish(entries);
                    }
                    self.values = self.values.saturating_sub(open.values);
                    self.put(open.node, open.anchor, open.height + 1, open.values + 1)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                // Counted before it is copied.
                Some(Some((Node { value: Value::Scalar(text), .. }, ..))) if self.wants_key() => {
                    let text = text.clone();
                    self.key(text, line);
                    Ok(())
                }
                Some(Some(_)) if self.wants_key() => Err(Problem::new(line, COMPLEX_KEY)),
                Some(Some((node, height, values))) => {
                    let (height, values) = (*height, *values);
                    self.bound(height, values, line)?;
                    let mut node = node.clone();
                    node.line = line;
                    self.put(node, 0, height, values)
                }
                _ => Err(Problem::new(line, "names an anchor that holds itself")),
            },
            _ => Ok(()),
        }
    }

    /// Whether a map is open whose next key has not come.
    fn wants_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.key.is_none() && matches!(open.node.value, Value::Mapping(_)))
    }

    fn key(&mut self, text: String, line: usize) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((text, line));
        }
    }

    fn begin(&mut self, value: Value, anchor: usize, line: usize) -> Result<(), Problem> {
        if self.wants_key() {
            return Err(Problem::new(line, COMPLEX_KEY));
        }
        self.bound(0, 0, line)?;
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Open { node: Node { line, value }, anchor, key: None, height: 0, values: 0 });
        Ok(())
    }

    fn bound(&self, height: usize, values: usize, line: usize) -> Result<(), Problem> {
        if self.open.len() + height > MAX_DEPTH {
            return Err(Problem::new(line, format!("is more than {MAX_DEPTH} levels deep")));
        }
        if self.values + values > MAX_VALUES {
            return Err(Problem::new(
                line,
                format!("comes after {MAX_VALUES} values of one document, aliases put in, which are not read further"),
            ));
        }
        Ok(())
    }

    /// Puts a value into the list or map that is open.
    fn put(&mut self, mut node: Node, anchor: usize, height: usize, values: usize) -> Result<(), Problem> {
        self.bound(height, values, node.line)?;
        self.values += values;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.height = open.height.max(height);
        open.values += values;
        let key = open.key.take();
        if let Some((_, line)) = &key {
            node.line = *line;
        }
        if anchor != 0 {
            // A copy is a value, too.
            self.values += values;
            self.anchors.insert(anchor, Some((node.clone(), height, values)));
        }
        match (&mut open.node.value, key) {
            (Value::Sequence(items), _) => items.push(node),
            (Value::Mapping(entries), Some((key, _))) => entries.push(Entry { key, value: node }),
            _ => {}
        }
        Ok(())
    }

    /// What can be said of a map at its end: keys that stand twice, of which the last counts, and merge keys
    /// (<https://yaml.org/type/merge.html>).
    fn finish(&mut self, entries: &mut Vec<Entry>) {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        let mut last = vec![true; entries.len()];
        let mut problems = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            if let Some(before) = seen.insert(&entry.key, at) {
                last[before] = false;
                let message =
                    format!("is a key twice: `{}` stands here again, first in line {}", entry.key, entries[before].value.line);
                problems.push(Problem::new(entry.value.line, message));
            }
        }
        problems.truncate(MAX_PROBLEMS.saturating_sub(self.problems.len()));
        self.problems.append(&mut problems);
        let mut keep = last.into_iter();
        entries.retain(|_| keep.next().unwrap_or(true));
        let Some(at) = entries.iter().position(|entry| entry.key == "<<") else { return };
        let merged = entries.remove(at).value;
        let maps = match merged.value {
            Value::Sequence(items) => items,
            _ => vec![merged],
        };
        let mut keys: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        for map in maps {
            let Value::Mapping(others) = map.value else { continue };
            entries.extend(others.into_iter().filter(|other| keys.insert(other.key.clone())));
        }
    }
}

impl Value {
    /// Bytes of a text.
    fn text_len(&self) -> usize {
        if let Self::Scalar(text) = self { text.len() } else { 0 }
    }
}
