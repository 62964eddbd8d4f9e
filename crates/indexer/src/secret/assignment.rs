//! What is given to a name: the place at which the value begins, in whichever notation.
//!
//! `NAME=value`, `"name": "value"`, `name => 'value'`, `<name>value<`, `--name value`, `name: string = "value"`,
//! `{"name": "NAME", "value": "…"}`, `os.environ["NAME"] = "…"` and their likes are one grammar: the rest of the name, what
//! closes it, what assigns, what opens the value.

/// Bytes that may follow a known part of a name and still be the name.
const MAX_REST: usize = 40;
/// Blanks between the parts.
const MAX_BLANKS: usize = 40;

/// A value that is given to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Where it begins.
    pub at: usize,
    /// Whether a sign gives it (`=`, `:`, `=>`, …), and not only a blank or a comma.
    pub assigned: bool,
}

/// What is given to a name that ends, or goes on, at `at`; `None` where nothing is.
pub(super) fn value(text: &[u8], at: usize) -> Option<Value> {
    let mut cursor = Cursor { text, at };
    cursor.skip(MAX_REST, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    cursor.escape_or(|byte| matches!(byte, b'"' | b'\'' | b'`' | b']' | b')' | b'\\'), 8);
    let before_blanks = cursor.at;
    cursor.blanks();
    if cursor.value_key() {
        return Some(Value { at: cursor.open(), assigned: true });
    }
    // What is given without a sign stands on the same line.
    cursor.at = before_blanks;
    let blanks = cursor.skip(MAX_BLANKS, |byte| matches!(byte, b' ' | b'\t'));
    let sign = cursor.sign();
    if sign.is_none() && blanks == 0 {
        return None;
    }
    let assigned = sign.is_some_and(|sign| !matches!(sign, b"," | b"|"));
    if sign.is_some() {
        cursor.blanks();
    }
    if cursor.value_key() {
        return Some(Value { at: cursor.open(), assigned: true });
    }
    // `name: string = "value"`
    let before_type = cursor.at;
    if ["string", "String", "str", "&str", "&'static str", "char", "[]byte", "bytes", "const char", "String?"]
        .iter()
        .any(|word| cursor.word(word))
    {
        cursor.skip(4, |byte| matches!(byte, b'*' | b'[' | b']' | b' '));
        if cursor.sign().is_none() && !cursor.eat(b"(") {
            cursor.at = before_type;
        }
        cursor.blanks();
    }
    let quoted = matches!(cursor.rest().first(), Some(b'"' | b'\''));
    Some(Value { at: cursor.open(), assigned: assigned || (sign.is_none() && quoted) })
}

/// Words before a value that are none of it: schemes of authorisation (RFC 9110 section 11.1) and constructors.
const SCHEMES: &[&str] = &[
    "bearer",
    "basic",
    "token",
    "splunk",
    "ssws",
    "genie-key",
    "genie_key",
    "geniekey",
    "apikey",
    "bot",
    "key",
    "new",
    "String",
    "b",
    "f",
    "r",
    "env",
    "![CDATA",
];

struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, most: usize, is: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take(most).take_while(|&&byte| is(byte)).count();
        self.at += count;
        count
    }

    /// Skips these bytes and what quotes them in XML.
    fn escape_or(&mut self, is: impl Fn(u8) -> bool, most: usize) {
        self.skip(most, is);
        self.eat(b"&quot;");
        self.eat(b"%22");
    }

    fn eat(&mut self, word: &[u8]) -> bool {
        let is = self.rest().starts_with(word);
        if is {
            self.at += word.len();
        }
        is
    }

    /// A whole word.
    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let ends = !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric);
        let is = ends && rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word.as_bytes());
        if is {
            self.at += word.len();
        }
        is
    }

    /// Blanks, and one end of line at most, written out or escaped.
    fn blanks(&mut self) -> usize {
        let start = self.at;
        self.skip(MAX_BLANKS, |byte| matches!(byte, b' ' | b'\t'));
        if [&b"\r\n"[..], b"\n", b"\\r\\n", b"\\n"].iter().any(|end| self.eat(end)) {
            self.skip(MAX_BLANKS, |byte| matches!(byte, b' ' | b'\t'));
        }
        self.at - start
    }

    fn sign(&mut self) -> Option<&'static [u8]> {
        const SIGNS: &[&[u8]] = &[
            b"===", b"=>", b"->", b"<-", b":=", b"?=", b"+=", b"!=", b"==", b"=", b"||", b"??", b":-", b":", b",", b"|", b">",
            b"%3D", b"%3d", b"%3A", b"%3a", b"&gt;", b"\\u003d",
        ];
        SIGNS.iter().find(|sign| self.eat(sign)).copied()
    }

    /// `value:`, where name and value are two fields of one object.
    fn value_key(&mut self) -> bool {
        let start = self.at;
        // A property list.
        if self.eat(b"</key>") {
            self.blanks();
            if self.eat(b"<string>") {
                return true;
            }
            self.at = start;
        }
        self.skip(6, |byte| matches!(byte, b'"' | b'\'' | b'\\' | b',' | b'/' | b'>' | b'<' | b'{'));
        self.blanks();
        self.skip(3, |byte| matches!(byte, b'"' | b'\\'));
        if self.word("value") || self.word("defaultValue") || self.word("default") {
            self.skip(4, |byte| matches!(byte, b'"' | b'\'' | b'\\'));
            self.blanks();
            if self.sign().is_some() {
                self.blanks();
                return true;
            }
        }
        self.at = start;
        false
    }

    /// Past what opens a value: quotes, brackets, the scheme of an authorisation.
    fn open(&mut self) -> usize {
        let quotes = |byte| matches!(byte, b'"' | b'\'' | b'`' | b'(' | b'[' | b'{' | b'<' | b'\\' | b' ' | b'|');
        self.escape_or(quotes, 6);
        // A block of YAML begins on the next line.
        if self.at > 0 && self.text[self.at - 1] == b'|' {
            self.blanks();
        }
        // `new String("…")`, `Bearer …`
        for _ in 0..2 {
            let start = self.at;
            if !SCHEMES.iter().any(|scheme| self.word(scheme)) {
                break;
            }
            let parted = self.skip(4, |byte| matches!(byte, b' ' | b'"' | b'\'' | b'[' | b'(' | b'=')) > 0 || self.eat(b"%20");
            if !parted {
                self.at = start;
                break;
            }
            self.escape_or(quotes, 4);
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn every_notation() {
        for text in [
            "KEY=SECRET",
            "KEY = \"SECRET\"",
            "\"KEY\": \"SECRET\"",
            "\"KEY\":\"SECRET\"",
            "\\\"KEY\\\":\\\"SECRET\\\"",
            "KEY: SECRET",
            "KEY_NAME: 'SECRET'",
            "KEY => 'SECRET'",
            "'KEY' => 'SECRET'",
            "<KEY>SECRET</KEY>",
            "--KEY SECRET",
            "--KEY=SECRET",
            "KEY string = \"SECRET\"",
            "KEY: string = \"SECRET\"",
            "KEY := \"SECRET\"",
            "environ[\"KEY\"] = \"SECRET\"",
            "setenv(\"KEY\", \"SECRET\")",
            "name: KEY\n  value: SECRET",
            "name: KEY\n  value: \"SECRET\"",
            "{\"name\":\"KEY\",\"value\":\"SECRET\"}",
            "{ \"name\": \"KEY\", \"value\": \"SECRET\" }",
            "<add key=\"KEY\" value=\"SECRET\" />",
            "process.env.KEY || \"SECRET\"",
            "${KEY:-SECRET}",
            "ENV KEY SECRET",
            "KEY: Bearer SECRET",
            "?KEY=SECRET&",
            "KEY%3DSECRET",
            "String KEY = new String(\"SECRET\")",
            "| KEY | SECRET |",
            "KEY: |\n    SECRET",
            "KEY\",\n      value: \"SECRET\"",
            "KEY=\\\"SECRET\\\"",
            "<key>KEY</key>\n\t<string>SECRET</string>",
            "KEY <- \"SECRET\"",
            "variable \"KEY\" {\n  default = \"SECRET\"",
        ] {
            let name = text.find("KEY").unwrap() + 3;
            let got = value(text.as_bytes(), name).map(|value| &text[value.at..]);
            assert!(got.is_some_and(|got| got.starts_with("SECRET")), "{text}: {got:?}");
        }
        assert_eq!(value(b"KEY", 3), None);
        assert_eq!(value(b"KEY;x", 3), None);
    }
}
