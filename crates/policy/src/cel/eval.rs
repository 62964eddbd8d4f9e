//! Evaluates checked conditions. Every step is counted, so that no condition goes on for ever; `&&` and `||` let an error
//! pass where the other side decides, as the specification has it.

use std::rc::Rc;

use super::columns::{Column, Columns, is_findings};
use super::node::{Node, Order, Quantifier, Source, TextTest};
use super::operate::{arithmetic, compare, equal};
use crate::facts::question::{Subject, VARIABLES};
use crate::value::{Items, Value};

/// What the rules of a decision share: the steps that may still be taken, and what was found of all findings.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
    columns: Columns,
}

impl Budget {
    pub(crate) fn new(steps: u64) -> Self {
        Self { left: steps, columns: Columns::default() }
    }
}

/// Why a condition has no answer.
#[derive(Debug)]
pub(crate) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    /// Not to be let pass by `&&` and `||`.
    fatal: bool,
}

impl Fault {
    fn new<T>(message: impl Into<String>) -> Result<T, Self> {
        Err(Self(Box::new(Inner { message: message.into(), fatal: false })))
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }
}

/// One condition being asked of one subject.
pub(crate) struct Eval<'a, 'b> {
    subject: &'a Subject<'a>,
    locals: Vec<Value<'a>>,
    budget: &'b mut Budget,
}

impl<'a, 'b> Eval<'a, 'b> {
    pub(crate) fn new(subject: &'a Subject<'a>, budget: &'b mut Budget) -> Self {
        Self { subject, locals: Vec::with_capacity(4), budget }
    }

    /// Takes a number of steps.
    #[inline]
    fn step(&mut self, steps: u64) -> Result<(), Fault> {
        match self.budget.left.checked_sub(steps) {
            Some(left) => {
                self.budget.left = left;
                Ok(())
            }
            None => {
                let message = "it takes too many steps; go through fewer lists within each other".to_owned();
                Err(Fault(Box::new(Inner { message, fatal: true })))
            }
        }
    }

    /// The answer of a condition.
    pub(crate) fn test(&mut self, node: &'a Node) -> Result<bool, Fault> {
        match node {
            Node::And(left, right) => self.both(left, right, true),
            Node::Or(left, right) => self.both(left, right, false),
            Node::Not(operand) => Ok(!self.test(operand)?),
            Node::Equal(left, right) => {
                self.step(1)?;
                let (left, right) = (self.value(left)?, self.value(right)?);
                Ok(equal(left, right))
            }
            Node::OneOf(item, constants) => {
                self.step(constants.len() as u64)?;
                let item = self.value(item)?;
                Ok(constants.iter().any(|constant| equal(item, constant.value())))
            }
            Node::Compare(order, left, right) => {
                self.step(1)?;
                let (left_value, right_value) = (self.value(left)?, self.value(right)?);
                let Some(ordering) = compare(left_value, right_value) else {
                    return not_there(left, left_value, right, right_value);
                };
                Ok(match order {
                    Order::Less => ordering.is_lt(),
                    Order::LessOrEqual => ordering.is_le(),
                    Order::Greater => ordering.is_gt(),
                    Order::GreaterOrEqual => ordering.is_ge(),
                })
            }
            Node::Quantified(quantifier, source, test) if self.locals.is_empty() && is_findings(source) => {
                self.of_all(*quantifier, test)
            }
            Node::Quantified(quantifier, source, test) => self.quantified(*quantifier, source, test),
            Node::Atom(_, inner) => self.test(inner),
            Node::In(item, source) => {
                let item = self.value(item)?;
                let mut found = false;
                self.each(source, &mut |me, other| {
                    me.step(1)?;
                    found = equal(item, other);
                    Ok(!found)
                })?;
                Ok(found)
            }
            Node::Text(test, text_node, part_node) => {
                let (text, part) = (self.value(text_node)?, self.value(part_node)?);
                let (Value::Text(text), Value::Text(part)) = (text, part) else {
                    return not_there(text_node, text, part_node, part);
                };
                self.step(1 + text.len() as u64 / 16)?;
                Ok(match test {
                    TextTest::StartsWith => text.starts_with(part),
                    TextTest::EndsWith => text.ends_with(part),
                    TextTest::Contains => text.contains(part),
                })
            }
            Node::Matches(node, regex) => {
                let Value::Text(text) = self.value(node)? else { return null(node) };
                self.step(1 + text.len() as u64)?;
                Ok(regex.is_match(text))
            }
            Node::ImageMatches(node, patterns) => {
                let Value::Text(text) = self.value(node)? else { return null(node) };
                self.step(16 + text.len() as u64)?;
                Ok(patterns.matches(text))
            }
            Node::PurlMatches(node, patterns) => {
                let Value::Text(text) = self.value(node)? else { return null(node) };
                self.step(16 + text.len() as u64)?;
                Ok(patterns.matches(text))
            }
            Node::HasLabel(labels, name) => {
                let (Value::Labels(labels), Value::Text(name)) = (self.value(labels)?, self.value(name)?) else {
                    return null(labels);
                };
                self.step(1)?;
                Ok(labels.contains_key(name))
            }
            _ => match self.value(node)? {
                Value::Bool(answer) => Ok(answer),
                _ => null(node),
            },
        }
    }

    /// `&&` where `neutral` is true, `||` where it is false.
    fn both(&mut self, left: &'a Node, right: &'a Node, neutral: bool) -> Result<bool, Fault> {
        match self.test(left) {
            Ok(answer) if answer != neutral => Ok(answer),
            Ok(_) => self.test(right),
            Err(fault) if fault.0.fatal => Err(fault),
            Err(fault) => match self.test(right) {
                Ok(answer) if answer != neutral => Ok(answer),
                Err(second) if second.0.fatal => Err(second),
                _ => Err(fault),
            },
        }
    }

    fn quantified(&mut self, quantifier: Quantifier, source: &'a Source, test: &'a Node) -> Result<bool, Fault> {
        let (mut holds, mut first_fault) = (0_u64, None);
        let mut decided = false;
        self.each(source, &mut |me, item| match me.of(item, test) {
            Ok(answer) => {
                holds += u64::from(answer);
                decided = match quantifier {
                    Quantifier::Exists => answer,
                    Quantifier::All => !answer,
                    Quantifier::One => false,
                };
                Ok(!decided)
            }
            Err(fault) if fault.0.fatal || quantifier == Quantifier::One => Err(fault),
            Err(fault) => {
                first_fault.get_or_insert(fault);
                Ok(true)
            }
        })?;
        match (decided, first_fault) {
            (false, Some(fault)) => Err(fault),
            _ => Ok(match quantifier {
                Quantifier::Exists => decided,
                Quantifier::All => !decided,
                Quantifier::One => holds == 1,
            }),
        }
    }

    /// As [`Eval::quantified`], of all findings at once.
    fn of_all(&mut self, quantifier: Quantifier, test: &'a Node) -> Result<bool, Fault> {
        let column = self.column(test)?;
        let answer = match quantifier {
            Quantifier::Exists => column.count() > 0,
            Quantifier::All => column.not().count() > 0,
            Quantifier::One => false,
        };
        match column.first_fault() {
            // It decides, whatever has no answer.
            _ if answer => Ok(quantifier == Quantifier::Exists),
            Some(index) => {
                let finding = self.findings()?.at(index);
                self.of(finding, test)
            }
            None => Ok(match quantifier {
                Quantifier::Exists => false,
                Quantifier::All => true,
                Quantifier::One => column.count() == 1,
            }),
        }
    }

    fn findings(&self) -> Result<&'a dyn Items, Fault> {
        match &self.subject.facts.findings {
            Some(findings) => Ok(findings),
            None => Fault::new("nobody looked for findings"),
        }
    }

    /// The answers of a condition about each finding.
    fn column(&mut self, node: &'a Node) -> Result<Rc<Column>, Fault> {
        let findings = self.findings()?;
        let column = match node {
            Node::And(left, right) => {
                let left = self.column(left)?;
                self.step(left.words())?;
                // No outweighs all: the other side is not needed.
                if left.is_no() {
                    return Ok(left);
                }
                left.and(&*self.column(right)?)
            }
            Node::Or(left, right) => {
                let left = self.column(left)?;
                self.step(left.words())?;
                left.or(&*self.column(right)?)
            }
            Node::Not(operand) => {
                let operand = self.column(operand)?;
                self.step(operand.words())?;
                operand.not()
            }
            Node::Atom(number, inner) => {
                if let Some(column) = self.budget.columns.get(*number) {
                    return Ok(column);
                }
                let column = Rc::new(self.each_finding(findings, inner)?);
                self.budget.columns.keep(*number, &column);
                return Ok(column);
            }
            other => self.each_finding(findings, other)?,
        };
        Ok(Rc::new(column))
    }

    fn each_finding(&mut self, findings: &'a dyn Items, test: &'a Node) -> Result<Column, Fault> {
        let mut column = Column::new(findings.len());
        self.step(findings.len() as u64)?;
        for index in 0..findings.len() {
            match self.of(findings.at(index), test) {
                Ok(answer) => column.set(index, Some(answer)),
                Err(fault) if fault.0.fatal => return Err(fault),
                Err(_) => column.set(index, None),
            }
        }
        Ok(column)
    }

    /// The answer of a condition about one item.
    fn of(&mut self, item: Value<'a>, test: &'a Node) -> Result<bool, Fault> {
        self.locals.push(item);
        let answer = self.test(test);
        self.locals.pop();
        answer
    }

    /// Goes through a list until `visit` says false.
    pub(super) fn each(
        &mut self,
        source: &'a Source,
        visit: &mut dyn FnMut(&mut Self, Value<'a>) -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        match source {
            Source::List(node) => match self.value(node)? {
                Value::List(items) => {
                    for index in 0..items.len() {
                        self.step(1)?;
                        if !visit(self, items.at(index))? {
                            return Ok(false);
                        }
                    }
                    Ok(true)
                }
                Value::Labels(labels) => {
                    for name in labels.keys() {
                        self.step(1)?;
                        if !visit(self, Value::Text(name))? {
                            return Ok(false);
                        }
                    }
                    Ok(true)
                }
                _ => null(node),
            },
            Source::Written(nodes) => {
                for node in nodes {
                    self.step(1)?;
                    let value = self.value(node)?;
                    if !visit(self, value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Source::Filter(inner, test) => {
                self.each(inner, &mut |me, item| if me.of(item, test)? { visit(me, item) } else { Ok(true) })
            }
            Source::Map(inner, result) => self.each(inner, &mut |me, item| {
                me.locals.push(item);
                let value = me.value(result);
                me.locals.pop();
                visit(me, value?)
            }),
        }
    }

    /// As [`Eval::value`]; most fields are those of what a macro goes through, which is at hand.
    #[inline]
    fn local_or_value(&mut self, node: &'a Node) -> Result<Value<'a>, Fault> {
        match node {
            Node::Local(depth) => Ok(self.locals.get(*depth).copied().unwrap_or(Value::Null)),
            other => self.value(other),
        }
    }

    fn value(&mut self, node: &'a Node) -> Result<Value<'a>, Fault> {
        Ok(match node {
            Node::Constant(constant) => constant.value(),
            Node::Local(depth) => self.locals.get(*depth).copied().unwrap_or(Value::Null),
            Node::Variable(index) => {
                let (value, field) = (self.subject.variable(*index), &VARIABLES.fields[*index]);
                if matches!(value, Value::Null) && !field.of.nullable {
                    let hint = if field.name == "environment" { "; name it with --environment" } else { "" };
                    return Fault::new(format!("nobody said what `{}` is{hint}", field.name));
                }
                value
            }
            Node::Field(of, index, name) => match self.local_or_value(of)? {
                Value::Record(record) => record.field(*index),
                _ => return Fault::new(format!("{} is null, so it has no `{name}`; ask `!= null` first", words(of))),
            },
            Node::Label(labels_node, name_node) => match (self.value(labels_node)?, self.value(name_node)?) {
                (Value::Labels(labels), Value::Text(name)) => {
                    self.step(1)?;
                    match labels.get(name) {
                        Some(text) => Value::Text(text),
                        None => return Fault::new(format!("there is no label `{name}`; ask `\"{name}\" in image.labels` first")),
                    }
                }
                _ => return null(labels_node),
            },
            Node::LicenseVerdict(of, terms) => {
                let Value::Text(text) = self.value(of)? else { return null(of) };
                self.step(64 + text.len() as u64)?;
                Value::Text(terms.judge(text).name())
            }
            Node::Negate(operand) => match self.value(operand)? {
                Value::Int(number) => match number.checked_neg() {
                    Some(number) => Value::Int(number),
                    None => return Fault::new("the number is too large"),
                },
                Value::Double(number) => Value::Double(-number),
                _ => return null(operand),
            },
            Node::If(test, yes, no) => {
                if self.test(test)? {
                    self.value(yes)?
                } else {
                    self.value(no)?
                }
            }
            Node::Arithmetic(operator, left_node, right_node) => {
                self.step(1)?;
                let (left, right) = (self.value(left_node)?, self.value(right_node)?);
                match arithmetic(*operator, left, right) {
                    Some(value) => value,
                    None if matches!(left, Value::Null) || matches!(right, Value::Null) => {
                        return not_there(left_node, left, right_node, right);
                    }
                    None => return Fault::new("the numbers are too large, or divided by zero"),
                }
            }
            Node::TextSize(of) => match self.value(of)? {
                Value::Text(text) => {
                    self.step(1 + text.len() as u64 / 16)?;
                    Value::Int(text.chars().count() as i64)
                }
                _ => return null(of),
            },
            Node::Size(source) => {
                let mut count = 0;
                self.each(source, &mut |_, _| {
                    count += 1;
                    Ok(true)
                })?;
                Value::Int(count)
            }
            _ => Value::Bool(self.test(node)?),
        })
    }

    /// Hands on what made a condition true: the items that fulfil an `exists`, or fail an `all`, or are counted.
    pub(crate) fn witnesses(&mut self, node: &'a Node, holds: bool, found: &mut dyn FnMut(Value<'a>)) -> Result<(), Fault> {
        match node {
            Node::And(left, right) | Node::Or(left, right) => {
                for side in [left, right] {
                    // A side that does not hold is no reason, and one without an answer was not needed.
                    match self.test(side) {
                        Ok(answer) if answer == holds => self.witnesses(side, holds, found)?,
                        Err(fault) if fault.0.fatal => return Err(fault),
                        _ => {}
                    }
                }
                Ok(())
            }
            Node::Not(operand) => self.witnesses(operand, !holds, found),
            Node::Quantified(Quantifier::Exists, source, test) if holds => self.fulfilling(source, test, true, found),
            Node::Quantified(Quantifier::All, source, test) if !holds => self.fulfilling(source, test, false, found),
            Node::Compare(_, left, right) => {
                for side in [left, right] {
                    if let Node::Size(source) = side.as_ref() {
                        self.each(source, &mut |_, item| {
                            found(item);
                            Ok(true)
                        })?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn fulfilling(
        &mut self,
        source: &'a Source,
        test: &'a Node,
        wanted: bool,
        found: &mut dyn FnMut(Value<'a>),
    ) -> Result<(), Fault> {
        if self.locals.is_empty() && is_findings(source) {
            let column = self.column(test)?;
            let column = if wanted { column } else { Rc::new(column.not()) };
            let findings = self.findings()?;
            column.holds().for_each(|index| found(findings.at(index)));
            return Ok(());
        }
        self.each(source, &mut |me, item| {
            match me.of(item, test) {
                Ok(answer) if answer == wanted => found(item),
                Err(fault) if fault.0.fatal => return Err(fault),
                _ => {}
            }
            Ok(true)
        })?;
        Ok(())
    }
}

/// A node's name in messages.
fn words(node: &Node) -> String {
    match node {
        Node::Field(_, _, name) => format!("`{name}`"),
        Node::Variable(index) => format!("`{}`", VARIABLES.fields[*index].name),
        _ => "it".to_owned(),
    }
}

fn null<T>(node: &Node) -> Result<T, Fault> {
    Fault::new(format!("{} is null; ask `!= null` first", words(node)))
}

/// Of two values that do not go together, the one that is to blame.
fn not_there<T>(left: &Node, left_value: Value<'_>, right: &Node, right_value: Value<'_>) -> Result<T, Fault> {
    match (left_value, right_value) {
        (Value::Null, _) => null(left),
        (_, Value::Null) => null(right),
        _ => Fault::new(format!("a {} and a {} cannot be compared", left_value.kind(), right_value.kind())),
    }
}
