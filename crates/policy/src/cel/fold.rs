//! Tells conditions that can never hold at the gates and in the environments of their rule.

use super::node::{Constant, Node};
use crate::facts::question::VARIABLES;

/// What is known of a question before it is asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known<'a> {
    pub(crate) gate: Option<&'a str>,
    pub(crate) environment: Option<&'a str>,
}

/// Whether a condition is false wherever this much is known, whatever the report says.
pub(crate) fn never(node: &Node, known: Known<'_>) -> bool {
    fold(node, known) == Some(Constant::Bool(false))
}

fn fold(node: &Node, known: Known<'_>) -> Option<Constant> {
    match node {
        Node::Constant(constant) => Some(constant.clone()),
        Node::Variable(index) => {
            let text = match VARIABLES.fields[*index].name {
                "gate" => known.gate,
                "environment" => known.environment,
                _ => None,
            };
            text.map(|text| Constant::Text(text.to_owned()))
        }
        Node::Not(operand) => match fold(operand, known)? {
            Constant::Bool(answer) => Some(Constant::Bool(!answer)),
            _ => None,
        },
        Node::And(left, right) => both(fold(left, known).as_ref(), fold(right, known).as_ref(), true),
        Node::Or(left, right) => both(fold(left, known).as_ref(), fold(right, known).as_ref(), false),
        Node::If(test, yes, no) => match fold(test, known)? {
            Constant::Bool(true) => fold(yes, known),
            _ => fold(no, known),
        },
        // Numbers are left alone: they are equal across their types.
        Node::Equal(left, right) => match (fold(left, known)?, fold(right, known)?) {
            (Constant::Text(left), Constant::Text(right)) => Some(Constant::Bool(left == right)),
            (Constant::Int(left), Constant::Int(right)) => Some(Constant::Bool(left == right)),
            (Constant::Bool(left), Constant::Bool(right)) => Some(Constant::Bool(left == right)),
            _ => None,
        },
        Node::OneOf(item, constants) => match fold(item, known)? {
            item @ Constant::Text(_) => Some(Constant::Bool(constants.contains(&item))),
            _ => None,
        },
        _ => None,
    }
}

/// `&&` where `neutral` is true, `||` where it is false.
fn both(left: Option<&Constant>, right: Option<&Constant>, neutral: bool) -> Option<Constant> {
    let decides = |side| side == Some(&Constant::Bool(!neutral));
    if decides(left) || decides(right) {
        return Some(Constant::Bool(!neutral));
    }
    if left.is_some() && right.is_some() { Some(Constant::Bool(neutral)) } else { None }
}
