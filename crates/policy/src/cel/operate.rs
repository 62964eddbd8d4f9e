//! What the operators make of values.

use super::node::{Constant, Operator};
use crate::value::Value;

impl Constant {
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Double(value) => Value::Double(*value),
            Self::Text(value) => Value::Text(value),
            Self::Time(value) => Value::Time(*value),
            Self::Span(value) => Value::Span(*value),
        }
    }
}

/// Numbers are equal across their types.
pub(super) fn equal(left: Value<'_>, right: Value<'_>) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Time(left), Value::Time(right)) | (Value::Span(left), Value::Span(right)) => left == right,
        (left, right) => number_order(left, right).is_some_and(std::cmp::Ordering::is_eq),
    }
}

/// The order of two values; `None` where they have none.
pub(super) fn compare(left: Value<'_>, right: Value<'_>) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) | (Value::Span(left), Value::Span(right)) => Some(left.cmp(&right)),
        (left, right) => number_order(left, right),
    }
}

fn number_order(left: Value<'_>, right: Value<'_>) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(&right)),
        (Value::Double(left), Value::Double(right)) => left.partial_cmp(&right),
        (Value::Int(left), Value::Double(right)) => (left as f64).partial_cmp(&right),
        (Value::Double(left), Value::Int(right)) => left.partial_cmp(&(right as f64)),
        _ => None,
    }
}

/// What an operator makes of two values; `None` where it makes nothing of them, or too much.
pub(super) fn arithmetic<'a>(operator: Operator, left: Value<'a>, right: Value<'a>) -> Option<Value<'a>> {
    let whole = |left: i64, right: i64| match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        Operator::Modulo => left.checked_rem(right),
    };
    Some(match (left, right) {
        (Value::Int(left), Value::Int(right)) => Value::Int(whole(left, right)?),
        (Value::Time(left), Value::Time(right)) => Value::Span(whole(left, right)?),
        (Value::Span(left), Value::Span(right)) => Value::Span(whole(left, right)?),
        (Value::Time(left), Value::Span(right)) | (Value::Span(left), Value::Time(right)) => Value::Time(whole(left, right)?),
        (Value::Double(left), Value::Double(right)) => Value::Double(match operator {
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
            Operator::Modulo => return None,
        }),
        _ => return None,
    })
}
