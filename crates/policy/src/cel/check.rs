//! From an expression's text to a checked [`Node`], or to what is wrong with it and where.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo, operators};

use super::node::{Constant, Node, Operator, Order};
use super::{MAX_LENGTH, Problem};
use crate::facts::question::VARIABLES;
use crate::value::{Shape, Type, Typed, is};

/// How deep expressions may be nested: what evaluating them needs of the stack.
const MAX_DEPTH: usize = 100;

/// Reads and checks a condition: it must answer with true or false.
pub(crate) fn compile(text: &str) -> Result<Node, Problem> {
    if text.len() > MAX_LENGTH {
        let message = format!("the expression is longer than {MAX_LENGTH} bytes; write several rules instead");
        return Err(Problem { at: 0, message });
    }
    if text.trim().is_empty() {
        return Err(Problem { at: 0, message: "the expression is empty; write what must hold for the rule to speak".to_owned() });
    }
    // Without macros: what `exists` and its kin mean is checked here.
    let program = cel::Env::default().compile(text).map_err(|errors| unreadable(text, &errors))?;
    let mut checker = Checker { places: program.source_info(), locals: Vec::new(), depth: 0 };
    let (node, typed) = checker.node(program.expression())?;
    checker.must_be(program.expression(), typed, Type::Bool, "a condition")?;
    Ok(node)
}

/// The first of the parser's errors, as it is the one that caused the others.
fn unreadable(text: &str, errors: &cel::ParseErrors) -> Problem {
    let Some(first) = errors.errors.first() else {
        return Problem { at: 0, message: "the expression cannot be read".to_owned() };
    };
    let line = usize::try_from(first.pos.0).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(first.pos.1).unwrap_or(0);
    let before: usize = text.split_inclusive('\n').take(line).map(|line| line.chars().count()).sum();
    let first_line = first.msg.lines().next().unwrap_or_default();
    let said = first_line.strip_prefix("Syntax error: ").unwrap_or(first_line);
    let hint = if text.contains(" and ") || text.contains(" or ") || text.contains("not ") {
        "; CEL writes `&&`, `||` and `!`"
    } else if text.contains(" = ") {
        "; CEL compares with `==`"
    } else {
        ""
    };
    Problem { at: before + column, message: format!("this is no CEL: {said}{hint}") }
}

pub(super) struct Checker<'s> {
    places: &'s SourceInfo,
    /// What macros go through, outermost first.
    pub(super) locals: Vec<(String, Typed)>,
    depth: usize,
}

pub(super) type Checked = Result<(Node, Typed), Problem>;

impl Checker<'_> {
    pub(super) fn problem<T>(&self, at: &IdedExpr, message: impl Into<String>) -> Result<T, Problem> {
        let at = self.places.offset_for(leftmost(at).id).map_or(0, |(start, _)| start as usize);
        Err(Problem { at, message: message.into() })
    }

    /// Refuses a value of another type. `null` is for evaluation to refuse: that a field is there can be asked first.
    pub(super) fn must_be(&self, at: &IdedExpr, found: Typed, wanted: Type, what: &str) -> Result<(), Problem> {
        let fits = match (found.kind, wanted) {
            (Type::Bool, Type::Bool) | (Type::Int, Type::Int) | (Type::Time, Type::Time) | (Type::Span, Type::Span) => true,
            (found, wanted) => found.is_text() && wanted.is_text(),
        };
        if fits {
            return Ok(());
        }
        self.problem(at, format!("{what} is a {}, this is a {}", wanted.name(), found.kind.name()))
    }

    pub(super) fn node(&mut self, at: &IdedExpr) -> Checked {
        if self.depth >= MAX_DEPTH {
            return self.problem(at, "the expression is nested too deeply; write several rules instead");
        }
        self.depth += 1;
        let checked = self.any(at);
        self.depth -= 1;
        checked
    }

    fn any(&mut self, at: &IdedExpr) -> Checked {
        match &at.expr {
            Expr::Literal(literal) => self.literal(at, literal),
            Expr::Ident(name) => self.name(at, name),
            Expr::Select(select) => self.select(at, select),
            Expr::Call(call) => self.call(at, call),
            Expr::List(_) => self.problem(at, "a list can only stand after `in`, or before `.exists(…)` and its kin"),
            _ => self.problem(at, "maps and structs cannot be written in a condition"),
        }
    }

    fn literal(&self, at: &IdedExpr, literal: &LiteralValue) -> Checked {
        let (constant, kind) = match literal {
            LiteralValue::Boolean(value) => (Constant::Bool(*value.inner()), Type::Bool),
            LiteralValue::Int(value) => (Constant::Int(*value.inner()), Type::Int),
            LiteralValue::Double(value) => (Constant::Double(*value.inner()), Type::Double),
            LiteralValue::String(value) => (Constant::Text(value.inner().to_owned()), Type::Text),
            LiteralValue::Null => (Constant::Null, Type::Null),
            LiteralValue::UInt(_) => return self.problem(at, "nothing here is unsigned; leave the `u` away"),
            LiteralValue::Bytes(_) => return self.problem(at, "nothing here is bytes; leave the `b` before the string away"),
        };
        Ok((Node::Constant(constant), Typed { kind, nullable: matches!(kind, Type::Null) }))
    }

    fn name(&self, at: &IdedExpr, name: &str) -> Checked {
        if let Some(depth) = self.locals.iter().rposition(|(local, _)| local == name) {
            return Ok((Node::Local(depth), self.locals[depth].1));
        }
        let plain = name.strip_prefix('.').unwrap_or(name);
        match VARIABLES.fields.iter().position(|variable| variable.name == plain) {
            Some(index) => Ok((Node::Variable(index), VARIABLES.fields[index].of)),
            None => self.problem(at, format!("there is no `{name}`; use {}", choice(&VARIABLES, plain))),
        }
    }

    fn select(&mut self, at: &IdedExpr, select: &SelectExpr) -> Checked {
        let (operand, typed) = self.node(&select.operand)?;
        match typed.kind {
            Type::Record(shape) => match shape.fields.iter().position(|field| field.name == select.field) {
                Some(index) => {
                    let field = &shape.fields[index];
                    Ok((Node::Field(Box::new(operand), index, field.name), field.of))
                }
                None => {
                    self.problem(at, format!("a {} has no `{}`; use {}", shape.name, select.field, choice(shape, &select.field)))
                }
            },
            Type::Labels => {
                let name = Node::Constant(Constant::Text(select.field.clone()));
                Ok((Node::Label(Box::new(operand), Box::new(name)), is(Type::Text)))
            }
            Type::List(_) => {
                let message = format!("a list has no `{}`; ask its items, as in `findings.exists(f, f.{0} …)`", select.field);
                self.problem(at, message)
            }
            kind => self.problem(at, format!("a {} has no field `{}`", kind.name(), select.field)),
        }
    }

    /// Operators; functions stand in `calls`.
    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Checked {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => {
                let (left, right) = (self.condition(left)?, self.condition(right)?);
                Ok((Node::And(left, right), is(Type::Bool)))
            }
            (operators::LOGICAL_OR, [left, right]) => {
                let (left, right) = (self.condition(left)?, self.condition(right)?);
                Ok((Node::Or(left, right), is(Type::Bool)))
            }
            (operators::LOGICAL_NOT, [operand]) => Ok((Node::Not(self.condition(operand)?), is(Type::Bool))),
            (operators::NEGATE, [operand]) => {
                let (node, typed) = self.node(operand)?;
                if !typed.kind.is_number() {
                    return self.problem(at, format!("a {} has no negative", typed.kind.name()));
                }
                Ok((Node::Negate(Box::new(node)), typed))
            }
            (operators::CONDITIONAL, [test, yes, no]) => {
                let test = self.condition(test)?;
                let ((left, of_left), (right, of_right)) = (self.node(yes)?, self.node(no)?);
                if !of_left.kind.is_comparable(of_right.kind) {
                    let (left, right) = (of_left.kind.name(), of_right.kind.name());
                    return self.problem(at, format!("both sides of `? :` must be of one type; these are {left} and {right}"));
                }
                let kind = if matches!(of_left.kind, Type::Null) { of_right.kind } else { of_left.kind };
                let kind = if matches!(kind, Type::Word(_)) { Type::Text } else { kind };
                let typed = Typed { kind, nullable: of_left.nullable || of_right.nullable };
                Ok((Node::If(test, Box::new(left), Box::new(right)), typed))
            }
            (operators::EQUALS, [left, right]) => self.equality(at, left, right),
            (operators::NOT_EQUALS, [left, right]) => {
                let (node, typed) = self.equality(at, left, right)?;
                Ok((Node::Not(Box::new(node)), typed))
            }
            (operators::LESS, [left, right]) => self.order(at, Order::Less, left, right),
            (operators::LESS_EQUALS, [left, right]) => self.order(at, Order::LessOrEqual, left, right),
            (operators::GREATER, [left, right]) => self.order(at, Order::Greater, left, right),
            (operators::GREATER_EQUALS, [left, right]) => self.order(at, Order::GreaterOrEqual, left, right),
            (operators::ADD, [left, right]) => self.arithmetic(at, Operator::Add, left, right),
            (operators::SUBSTRACT, [left, right]) => self.arithmetic(at, Operator::Subtract, left, right),
            (operators::MULTIPLY, [left, right]) => self.arithmetic(at, Operator::Multiply, left, right),
            (operators::DIVIDE, [left, right]) => self.arithmetic(at, Operator::Divide, left, right),
            (operators::MODULO, [left, right]) => self.arithmetic(at, Operator::Modulo, left, right),
            (operators::IN, [item, list]) => self.membership(at, item, list),
            (operators::INDEX, [of, name]) => {
                let ((labels, of_labels), (name_node, of_name)) = (self.node(of)?, self.node(name)?);
                if !matches!(of_labels.kind, Type::Labels) {
                    return self
                        .problem(at, "only labels are asked by name, as in `image.labels[\"team\"]`; of a list use `exists`");
                }
                self.must_be(name, of_name, Type::Text, "a label's name")?;
                Ok((Node::Label(Box::new(labels), Box::new(name_node)), is(Type::Text)))
            }
            _ => self.function(at, call),
        }
    }

    pub(super) fn condition(&mut self, at: &IdedExpr) -> Result<Box<Node>, Problem> {
        let (node, typed) = self.node(at)?;
        self.must_be(at, typed, Type::Bool, "a condition")?;
        Ok(Box::new(node))
    }

    fn equality(&mut self, at: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let ((left_node, of_left), (right_node, of_right)) = (self.node(left)?, self.node(right)?);
        self.can_be_equal(at, (of_left, &left_node), (of_right, &right_node))?;
        Ok((Node::Equal(Box::new(left_node), Box::new(right_node)), is(Type::Bool)))
    }

    /// Refuses comparisons whose answer is known: between types, with words that do not exist, with `null` of what is never it.
    pub(super) fn can_be_equal(&self, at: &IdedExpr, left: (Typed, &Node), right: (Typed, &Node)) -> Result<(), Problem> {
        let ((of_left, left), (of_right, right)) = (left, right);
        if !of_left.kind.is_comparable(of_right.kind) {
            let message = format!("a {} never equals a {}", of_left.kind.name(), of_right.kind.name());
            return self.problem(at, message);
        }
        for (typed, other) in [(of_left, right), (of_right, left)] {
            match (typed.kind, other) {
                (Type::Word(words), Node::Constant(Constant::Text(text))) if !words.contains(&text.as_str()) => {
                    return self.problem(at, format!("it is never `{text}`; it is one of {}", words.join(", ")));
                }
                (kind, Node::Constant(Constant::Null)) if !typed.nullable && !matches!(kind, Type::Null) => {
                    return self.problem(at, "this is never null; leave the comparison away");
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn order(&mut self, at: &IdedExpr, order: Order, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let ((left_node, of_left), (right_node, of_right)) = (self.node(left)?, self.node(right)?);
        if let Type::Word(words) = of_left.kind {
            let message = format!("words have no order; write `in [\"{}\", …]`", words.last().unwrap_or(&""));
            return self.problem(at, message);
        }
        let ordered = match (of_left.kind, of_right.kind) {
            (left, right) if left.is_number() && right.is_number() => true,
            (Type::Text, Type::Text) | (Type::Time, Type::Time) | (Type::Span, Type::Span) => true,
            _ => false,
        };
        if !ordered {
            let message = format!("a {} and a {} have no order", of_left.kind.name(), of_right.kind.name());
            return self.problem(at, message);
        }
        Ok((Node::Compare(order, Box::new(left_node), Box::new(right_node)), is(Type::Bool)))
    }

    fn arithmetic(&mut self, at: &IdedExpr, operator: Operator, left: &IdedExpr, right: &IdedExpr) -> Checked {
        let ((left_node, of_left), (right_node, of_right)) = (self.node(left)?, self.node(right)?);
        let kind = match (operator, of_left.kind, of_right.kind) {
            (_, Type::Int, Type::Int) => Type::Int,
            (Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide, Type::Double, Type::Double) => {
                Type::Double
            }
            (Operator::Subtract, Type::Time, Type::Time) => Type::Span,
            (Operator::Add, Type::Time, Type::Span) | (Operator::Add, Type::Span, Type::Time) => Type::Time,
            (Operator::Subtract, Type::Time, Type::Span) => Type::Time,
            (Operator::Add | Operator::Subtract, Type::Span, Type::Span) => Type::Span,
            (_, left, right) if left.is_text() && right.is_text() => {
                return self.problem(at, "strings are not joined in a condition; compare their parts");
            }
            (_, left, right) if left.is_number() && right.is_number() => {
                return self.problem(at, "CEL does not mix int and double here; write `1.0` for 1");
            }
            (_, left, right) => {
                return self.problem(at, format!("a {} and a {} cannot be reckoned with", left.name(), right.name()));
            }
        };
        Ok((Node::Arithmetic(operator, Box::new(left_node), Box::new(right_node)), is(kind)))
    }
}

/// Where an expression begins: of an operator or a field, its left side does.
fn leftmost(at: &IdedExpr) -> &IdedExpr {
    let mut at = at;
    loop {
        at = match &at.expr {
            Expr::Select(select) => &select.operand,
            Expr::Call(CallExpr { target: Some(target), .. }) => target,
            Expr::Call(call) if call.args.len() >= 2 && !call.func_name.starts_with(char::is_alphabetic) => &call.args[0],
            _ => return at,
        };
    }
}

/// The names of a record: the one that was meant where it is told easily, else all.
fn choice(shape: &Shape, meant: &str) -> String {
    let close = shape.fields.iter().find(|field| {
        let (name, meant) = (field.name, meant.to_lowercase().replace('-', "_"));
        name == meant || name.trim_end_matches('s') == meant.trim_end_matches('s')
    });
    match close {
        Some(field) => format!("`{}`", field.name),
        None => {
            let names: Vec<&str> = shape.fields.iter().map(|field| field.name).collect();
            format!("one of {}", names.join(", "))
        }
    }
}
