//! YAML (and JSON, which is part of it) as a tree in which every value knows its line. A stream is cut into its documents
//! first, so that one that cannot be read takes no other with it.

mod build;
mod ignore;
mod split;

pub(crate) use ignore::Ignored;
pub(crate) use split::split;

/// Bytes of a file that are read: ten times the largest chart that people render.
pub const MAX_SIZE: usize = 32 << 20;

/// Something in a file that could not be read as it is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// What is wrong there, as the end of a sentence that begins with the place.
    pub message: String,
    /// Whether it is a template, which is right where it stands but has to be rendered first.
    pub template: bool,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line of its key, or of the value itself where it has none; from 1.
    pub line: usize,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing is written, or `null`.
    Null,
    /// A text, number or switch, as it is written.
    Scalar(String),
    /// A list.
    Sequence(Vec<Node>),
    /// A map, in the order of the file.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Node,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// All of it.
    pub root: Node,
    /// What is wrong in it without making it unreadable.
    pub problems: Vec<Problem>,
}

impl Problem {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into(), template: false }
    }
}

impl Node {
    /// The value under a key, where this is a map; what is `null` counts as not there.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries().iter().find(|entry| entry.key == key)?;
        (found.value.value != Value::Null).then_some(&found.value)
    }

    /// The value at the end of a path of keys, `spec.template.spec`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// Keys and values, where this is a map.
    pub fn entries(&self) -> &[Entry] {
        if let Value::Mapping(entries) = &self.value { entries } else { &[] }
    }

    /// The items, where this is a list.
    pub fn items(&self) -> &[Node] {
        if let Value::Sequence(items) = &self.value { items } else { &[] }
    }

    /// The text, where this is one.
    pub fn text(&self) -> Option<&str> {
        if let Value::Scalar(text) = &self.value { Some(text) } else { None }
    }

    /// The switch, as the readers of Kubernetes and Compose take it: those of YAML 1.1 count.
    pub fn switch(&self) -> Option<bool> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "y" => Some(true),
            "false" | "no" | "off" | "n" => Some(false),
            _ => None,
        }
    }

    /// Whether a switch is on.
    pub fn is_on(&self) -> bool {
        self.switch() == Some(true)
    }

    /// The number.
    pub fn number(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }

    /// Whether the text is one of these.
    pub fn is_one_of(&self, texts: &[&str]) -> bool {
        self.text().is_some_and(|text| texts.contains(&text))
    }

    /// Texts of a list, with their lines.
    pub fn texts(&self) -> impl Iterator<Item = (usize, &str)> {
        self.items().iter().filter_map(|item| Some((item.line, item.text()?)))
    }
}

/// The documents of a stream.
pub fn documents(bytes: &[u8]) -> impl Iterator<Item = Result<Document, Problem>> {
    split(bytes).flat_map(|(line, part)| read(part, line))
}

/// The documents of a part of a stream, which begins at `line`.
pub(crate) fn read(part: &[u8], line: usize) -> Vec<Result<Document, Problem>> {
    let text = match std::str::from_utf8(part) {
        Ok(text) => text,
        Err(error) => {
            let before = memchr::memchr_iter(b'\n', &part[..error.valid_up_to()]).count();
            return vec![Err(Problem::new(line + before, "is no text in UTF-8"))];
        }
    };
    build::documents(text, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Result<Document, Problem>> {
        documents(text.as_bytes()).collect()
    }

    fn one(text: &str) -> Document {
        all(text).remove(0).unwrap()
    }

    #[test]
    fn every_value_knows_its_line() {
        let document = one("# about\na: 1\nb:\n  - c: x\n    d:\n      e: |\n        text\n  - {f: [1,\n    2]}\n");
        let root = &document.root;
        assert_eq!(root.get("a").unwrap().line, 2);
        let items = root.get("b").unwrap().items();
        assert_eq!((items[0].line, items[0].at("d.e").unwrap().line, items[1].line), (4, 6, 8));
        assert_eq!(items[1].get("f").unwrap().items()[1].line, 9);
        assert_eq!(items[0].at("d.e").unwrap().text(), Some("text\n"));
    }

    #[test]
    fn documents_stand_for_themselves() {
        let found = all("a: 1\n---\nb: [\n---\n# only this\n---\n--- # c\nc: 3\n...\n---\nd: {{ .Values.d }}\n--- {e: 5}\n");
        let lines: Vec<_> = found
            .iter()
            .map(|one| match one {
                Ok(document) => document.root.entries().first().map(|entry| (entry.key.as_str(), entry.value.line)),
                Err(problem) => Some(if problem.template { ("template", problem.line) } else { ("problem", problem.line) }),
            })
            .collect();
        assert_eq!(lines, [Some(("a", 1)), Some(("problem", 3)), Some(("c", 8)), Some(("template", 11)), Some(("e", 12))]);
    }

    #[test]
    fn anchors_and_merge_keys_are_put_in() {
        let document = one("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz:\n  <<: [*x, {c: 4}]\n");
        let y = document.root.get("y").unwrap();
        assert_eq!((y.get("a").unwrap().number(), y.get("b").unwrap().number()), (Some(1), Some(3)));
        assert_eq!(document.root.at("z.c").unwrap().number(), Some(4));
        let keyed = one("&k a: &a key\n*a : 1\nb: 2\nc: *k\n");
        assert_eq!((keyed.root.get("key").unwrap().number(), keyed.root.get("b").unwrap().number()), (Some(1), Some(2)));
        assert_eq!(keyed.root.get("c").unwrap().text(), Some("a"));
        assert!(document.problems.is_empty() && y.entries().len() == 2);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, line, words) in [
            ("a: 1\nb: 2\na: 3\n", 3, "`a` stands here again, first in line 1"),
            ("a:\n\t- b\n", 2, "tab"),
            ("a: &a\n  b: *a\n", 2, "holds itself"),
            ("a: *b\n", 1, "anchor"),
            ("a:\n  ? [x]\n  : y\n", 2, "key"),
        ] {
            let problem = match all(text).remove(0) {
                Ok(mut document) => document.problems.remove(0),
                Err(problem) => problem,
            };
            assert!(problem.message.contains(words) && problem.line == line, "{text}: {problem:?}");
        }
        assert_eq!(one("a: 1\nb: 2\na: 3\n").root.get("a").unwrap().number(), Some(3));
    }

    #[test]
    fn templates_are_told_from_text() {
        for (text, line) in [
            ("a: b\nimage: {{ .Values.image }}\n", Some(2)),
            ("{{- if .Values.on }}\na: b\n{{- end }}\n", Some(1)),
            ("a:\n  {{- toYaml .Values.a | nindent 2 }}\n", Some(2)),
            ("a: \"{{ .Values.a }}\"\nb: 'x {{ $labels.instance }}'\n", None),
            ("a: |\n  {{ range .x }}\n", None),
            ("a: on {{ $labels.device }}\nb: [\n", None),
            ("a: {{ custom }}\n", Some(1)),
        ] {
            let template = match all(text).remove(0) {
                Ok(_) => None,
                Err(problem) => problem.template.then_some(problem.line),
            };
            assert_eq!(template, line, "{text}");
        }
    }

    #[test]
    fn json_is_read() {
        let document = one("{\n\t\"a\": {\"b\": [true, null]},\n\t\"c\": \"x\\ty\"\n}\n");
        assert_eq!(document.root.at("a.b").unwrap().items()[0].switch(), Some(true));
        assert_eq!(document.root.get("c").unwrap().text(), Some("x\ty"));
    }

    #[test]
    fn bounds_hold() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            laughs += &format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
        }
        let mut tower = "a0: &a0 [x]\n".to_owned();
        for level in 1..5000 {
            tower += &format!("a{level}: &a{level} [[[*a{}]]]\n", level - 1);
        }
        for (text, words) in [
            (laughs, "values"),
            (tower, "deep"),
            ("[".repeat(100_000), "nest"),
            ((0..5000).map(|depth| " ".repeat(depth) + "a:\n").collect(), "nest"),
        ] {
            let problem = all(&text).remove(0).unwrap_err();
            assert!(problem.message.contains(words), "{problem:?}");
        }
        assert!(matches!(read(b"a: 1\nb: \xff\n", 5).as_slice(), [Err(problem)] if problem.line == 6));
    }
}
