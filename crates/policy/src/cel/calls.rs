//! Functions and macros.

use cel::common::ast::{CallExpr, Expr, IdedExpr};
use model::license::Terms;
use regex::RegexBuilder;

use super::Problem;
use super::check::{Checked, Checker};
use super::node::{Constant, Node, Quantifier, TextTest};
use crate::facts::trust::VERDICTS;
use crate::pattern::ImagePatterns;
use crate::purls::PurlPatterns;
use crate::value::{Type, is};

/// What can be called, for messages.
const CALLABLE: &str = "exists, all, exists_one, filter, map, size, has, startsWith, endsWith, contains, matches, imageMatches, purlMatches, licenseVerdict, timestamp or duration";
/// Bytes of a compiled regular expression.
const MAX_REGEX: usize = 1 << 18;

impl Checker<'_> {
    pub(super) fn function(&mut self, at: &IdedExpr, call: &CallExpr) -> Checked {
        let (name, target, arguments) = (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice());
        match (name, target, arguments) {
            ("exists", Some(list), [item, test]) => self.quantified(Quantifier::Exists, list, item, test),
            ("all", Some(list), [item, test]) => self.quantified(Quantifier::All, list, item, test),
            ("exists_one" | "existsOne", Some(list), [item, test]) => self.quantified(Quantifier::One, list, item, test),
            ("exists" | "all" | "exists_one" | "existsOne", ..) => {
                self.problem(at, format!("`{name}` takes a name and a condition, as in `findings.{name}(f, f.in_use == true)`"))
            }
            ("filter" | "map", ..) => {
                self.problem(at, format!("`{name}` makes a list; ask it something, as in `size(findings.{name}(f, …)) > 3`"))
            }
            ("size", Some(of), []) | ("size", None, [of]) => self.size(of),
            ("has", None, [field]) => self.has(field),
            ("startsWith", Some(text), [part]) => self.text_test(TextTest::StartsWith, text, part),
            ("endsWith", Some(text), [part]) => self.text_test(TextTest::EndsWith, text, part),
            ("contains", Some(text), [part]) => self.text_test(TextTest::Contains, text, part),
            ("matches", Some(text), [pattern]) | ("matches", None, [text, pattern]) => {
                let (node, typed) = self.node(text)?;
                self.must_be(text, typed, Type::Text, "what `matches` looks at")?;
                let pattern_text = self.written(pattern, "the pattern of `matches`")?;
                match RegexBuilder::new(&pattern_text).size_limit(MAX_REGEX).build() {
                    Ok(regex) => Ok((Node::Matches(Box::new(node), regex), is(Type::Bool))),
                    Err(error) => {
                        let said = error.to_string().lines().last().unwrap_or_default().trim().to_owned();
                        self.problem(pattern, format!("this is no regular expression: {said}"))
                    }
                }
            }
            ("imageMatches", Some(text), [patterns]) => {
                let (node, typed) = self.node(text)?;
                self.must_be(text, typed, Type::Text, "what `imageMatches` looks at")?;
                let patterns = self.patterns(patterns)?;
                Ok((Node::ImageMatches(Box::new(node), patterns), is(Type::Bool)))
            }
            ("purlMatches", Some(text), [patterns]) => {
                let (node, typed) = self.node(text)?;
                self.must_be(text, typed, Type::Text, "what `purlMatches` looks at")?;
                let texts = self.written_list(patterns, "a pattern of `purlMatches`")?;
                let patterns =
                    PurlPatterns::new(texts.iter().map(String::as_str)).or_else(|said| self.problem(patterns, said))?;
                Ok((Node::PurlMatches(Box::new(node), patterns), is(Type::Bool)))
            }
            ("licenseVerdict", Some(text), [allow, deny]) => {
                let (node, typed) = self.node(text)?;
                self.must_be(text, typed, Type::Text, "what `licenseVerdict` looks at")?;
                let [allowed, denied] = [
                    self.written_list(allow, "a licence that is allowed")?,
                    self.written_list(deny, "a licence that is denied")?,
                ];
                let terms = Terms::new(allowed.iter().map(String::as_str), denied.iter().map(String::as_str));
                let terms = terms.or_else(|error| self.problem(allow, error.to_string()))?;
                Ok((Node::LicenseVerdict(Box::new(node), terms), is(Type::Word(VERDICTS))))
            }
            ("timestamp", None, [text]) => {
                let written = self.written(text, "a timestamp")?;
                match written.parse::<jiff::Timestamp>() {
                    Ok(time) => Ok((Node::Constant(Constant::Time(time.as_second())), is(Type::Time))),
                    Err(_) => self.problem(text, "a timestamp is written as `2026-01-31T12:00:00Z`"),
                }
            }
            ("duration", None, [text]) => {
                let written = self.written(text, "a duration")?;
                match seconds(&written) {
                    Some(seconds) => Ok((Node::Constant(Constant::Span(seconds)), is(Type::Span))),
                    None => self.problem(text, "a duration is written in hours, minutes and seconds: `720h` are 30 days"),
                }
            }
            _ => self.problem(at, format!("there is no function `{name}` of this form; use {CALLABLE}")),
        }
    }

    fn quantified(&mut self, quantifier: Quantifier, list: &IdedExpr, item: &IdedExpr, test: &IdedExpr) -> Checked {
        let (source, of) = self.source(list)?;
        let test = self.within(item, of, |checker| checker.condition(test))?;
        Ok((Node::Quantified(quantifier, Box::new(source), test), is(Type::Bool)))
    }

    fn size(&mut self, of: &IdedExpr) -> Checked {
        // A list that is written or made is no value of its own.
        let made = matches!(&of.expr, Expr::List(_))
            || matches!(&of.expr, Expr::Call(call) if matches!(call.func_name.as_str(), "filter" | "map"));
        if !made {
            let (node, typed) = self.node(of)?;
            if typed.kind.is_text() {
                return Ok((Node::TextSize(Box::new(node)), is(Type::Int)));
            }
        }
        let (source, _) = self.source(of)?;
        Ok((Node::Size(Box::new(source)), is(Type::Int)))
    }

    fn has(&mut self, at: &IdedExpr) -> Checked {
        if !matches!(&at.expr, Expr::Select(_)) {
            return self.problem(at, "`has` takes a field, as in `has(f.risk)`");
        }
        let (node, typed) = self.node(at)?;
        match node {
            Node::Label(labels, name) => Ok((Node::HasLabel(labels, name), is(Type::Bool))),
            _ if !typed.nullable => self.problem(at, "this field is always there; leave `has` away"),
            node => {
                let equal = Node::Equal(Box::new(node), Box::new(Node::Constant(Constant::Null)));
                Ok((Node::Not(Box::new(equal)), is(Type::Bool)))
            }
        }
    }

    fn text_test(&mut self, test: TextTest, text: &IdedExpr, part: &IdedExpr) -> Checked {
        let ((text_node, of_text), (part_node, of_part)) = (self.node(text)?, self.node(part)?);
        self.must_be(text, of_text, Type::Text, "what is looked at")?;
        self.must_be(part, of_part, Type::Text, "what is looked for")?;
        Ok((Node::Text(test, Box::new(text_node), Box::new(part_node)), is(Type::Bool)))
    }

    /// A string that stands in the expression itself, so that what it says is checked now.
    fn written(&mut self, at: &IdedExpr, what: &str) -> Result<String, Problem> {
        match self.node(at)? {
            (Node::Constant(Constant::Text(text)), _) => Ok(text),
            _ => self.problem(at, format!("{what} is written in quotes, right here")),
        }
    }

    /// One string or a list of them, written in the expression itself.
    fn written_list(&mut self, at: &IdedExpr, what: &str) -> Result<Vec<String>, Problem> {
        match &at.expr {
            Expr::List(list) => list.elements.iter().map(|one| self.written(one, what)).collect(),
            _ => Ok(vec![self.written(at, what)?]),
        }
    }

    fn patterns(&mut self, at: &IdedExpr) -> Result<ImagePatterns, Problem> {
        let texts = self.written_list(at, "a pattern of `imageMatches`")?;
        ImagePatterns::new(texts.iter().map(String::as_str)).or_else(|message| self.problem(at, message))
    }
}

/// `1h30m` in seconds. CEL has no days: whether a day has 24 hours depends on where one is.
fn seconds(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut sum: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = match rest.as_bytes().get(digits)? {
            b'h' => 3600,
            b'm' if rest.as_bytes().get(digits + 1) != Some(&b's') => 60,
            b's' => 1,
            _ => return None,
        };
        sum = sum.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (!text.is_empty() && text != "-").then_some(sign * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("720h", Some(2_592_000)),
            ("1h30m5s", Some(5405)),
            ("-10s", Some(-10)),
            ("0s", Some(0)),
            ("", None),
            ("-", None),
            ("30d", None),
            ("10ms", None),
            ("h", None),
            ("10", None),
            ("99999999999999999999h", None),
            ("9223372036854775807h", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
