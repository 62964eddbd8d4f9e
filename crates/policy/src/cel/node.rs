//! A checked condition, ready to be evaluated.

use model::license::Terms;
use regex::Regex;

use crate::pattern::ImagePatterns;
use crate::purls::PurlPatterns;

/// One step of a condition.
#[derive(Debug)]
pub(crate) enum Node {
    Constant(Constant),
    /// By index in [`crate::facts::question::VARIABLES`].
    Variable(usize),
    /// What a macro goes through, by how deep the macro stands.
    Local(usize),
    /// A field by its index; the name is for messages.
    Field(Box<Node>, usize, &'static str),
    /// A label by name.
    Label(Box<Node>, Box<Node>),
    HasLabel(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Compare(Order, Box<Node>, Box<Node>),
    Equal(Box<Node>, Box<Node>),
    Arithmetic(Operator, Box<Node>, Box<Node>),
    /// `in` a list of constants.
    OneOf(Box<Node>, Vec<Constant>),
    /// `in` any other list.
    In(Box<Node>, Box<Source>),
    Text(TextTest, Box<Node>, Box<Node>),
    Matches(Box<Node>, Regex),
    ImageMatches(Box<Node>, ImagePatterns),
    PurlMatches(Box<Node>, PurlPatterns),
    /// What lists of licences say of an expression: a word.
    LicenseVerdict(Box<Node>, Terms),
    TextSize(Box<Node>),
    Size(Box<Source>),
    Quantified(Quantifier, Box<Source>, Box<Node>),
    /// A part of what is asked of every finding, by its number in the policy.
    Atom(usize, Box<Node>),
}

/// Written in the expression itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(String),
    Time(i64),
    Span(i64),
}

/// Something that a macro goes through; never built as a list.
#[derive(Debug)]
pub(crate) enum Source {
    /// A list of the report, or the names of labels.
    List(Node),
    /// `[a, b]`.
    Written(Vec<Node>),
    Filter(Box<Source>, Node),
    Map(Box<Source>, Node),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Exists,
    All,
    One,
}
