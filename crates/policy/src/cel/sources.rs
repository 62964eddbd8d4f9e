//! Lists: what macros go through and what `in` looks in.

use cel::common::ast::{Expr, IdedExpr};

use super::Problem;
use super::check::{Checked, Checker};
use super::node::{Node, Source};
use crate::value::{Type, Typed, is};

/// How many macros may stand in each other: each one multiplies the work.
const MAX_MACROS: usize = 4;

impl Checker<'_> {
    /// A list, and the type of its items.
    pub(super) fn source(&mut self, at: &IdedExpr) -> Result<(Source, Typed), Problem> {
        match &at.expr {
            Expr::List(list) => {
                let mut nodes: Vec<Node> = Vec::with_capacity(list.elements.len());
                let mut of: Option<Typed> = None;
                for element in &list.elements {
                    let (node, typed) = self.node(element)?;
                    if !is_scalar(typed.kind) {
                        return self.problem(element, "a list that is written holds strings, numbers, bools and times only");
                    }
                    match of {
                        Some(first) if !first.kind.is_comparable(typed.kind) => {
                            let (first, this) = (first.kind.name(), typed.kind.name());
                            return self.problem(
                                element,
                                format!("the items of a list are of one type; the first is a {first}, this is a {this}"),
                            );
                        }
                        Some(_) => {}
                        None => of = Some(if typed.kind.is_text() { is(Type::Text) } else { typed }),
                    }
                    nodes.push(node);
                }
                match of {
                    Some(of) => Ok((Source::Written(nodes), of)),
                    None => self.problem(at, "the list is empty, so nothing is ever in it"),
                }
            }
            Expr::Call(call) if call.target.is_some() && matches!(call.func_name.as_str(), "filter" | "map") => {
                let Some(target) = &call.target else { return self.problem(at, "there is no list") };
                let (source, of) = self.source(target)?;
                match (call.func_name.as_str(), call.args.as_slice()) {
                    ("filter", [name, test]) => {
                        let test = self.within(name, of, |checker| checker.condition(test))?;
                        Ok((Source::Filter(Box::new(source), *test), of))
                    }
                    ("map", [name, result]) => {
                        let (node, typed) = self.within(name, of, |checker| checker.node(result))?;
                        if !is_scalar(typed.kind) {
                            return self.problem(
                                result,
                                "`map` answers with strings, numbers, bools or times; go through nested lists with `exists`",
                            );
                        }
                        Ok((Source::Map(Box::new(source), node), typed))
                    }
                    _ => self.problem(
                        at,
                        format!(
                            "`{}` takes a name and an expression, as in `findings.filter(f, f.in_use == true)`",
                            call.func_name
                        ),
                    ),
                }
            }
            _ => {
                let (node, typed) = self.node(at)?;
                match typed.kind {
                    Type::List(of) => Ok((Source::List(node), *of)),
                    Type::Labels => Ok((Source::List(node), is(Type::Text))),
                    kind => self.problem(at, format!("this is a {}, no list", kind.name())),
                }
            }
        }
    }

    /// Checks what stands inside a macro, where `name` means an item of its list.
    pub(super) fn within<T>(
        &mut self,
        name: &IdedExpr,
        of: Typed,
        check: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let Expr::Ident(word) = &name.expr else {
            return self.problem(name, "here stands a name for the item, as the `f` in `findings.exists(f, …)`");
        };
        if self.locals.len() >= MAX_MACROS {
            return self.problem(name, format!("more than {MAX_MACROS} macros stand in each other; write several rules instead"));
        }
        self.locals.push((word.clone(), of));
        let checked = check(self);
        self.locals.pop();
        checked
    }

    /// `item in list`.
    pub(super) fn membership(&mut self, at: &IdedExpr, item: &IdedExpr, list: &IdedExpr) -> Checked {
        let (node, typed) = self.node(item)?;
        let (source, of) = self.source(list)?;
        if let Source::Written(nodes) = &source {
            for other in nodes {
                self.can_be_equal(at, (typed, &node), (of, other))?;
            }
            let constants: Option<Vec<_>> =
                nodes.iter().map(|node| if let Node::Constant(one) = node { Some(one.clone()) } else { None }).collect();
            if let Some(constants) = constants {
                return Ok((Node::OneOf(Box::new(node), constants), is(Type::Bool)));
            }
        } else if !typed.kind.is_comparable(of.kind) {
            let message = format!("a {} is never in a list of {}", typed.kind.name(), of.kind.name());
            return self.problem(at, message);
        }
        Ok((Node::In(Box::new(node), Box::new(source)), is(Type::Bool)))
    }
}

/// Types whose values are small.
fn is_scalar(kind: Type) -> bool {
    kind.is_text() || kind.is_number() || matches!(kind, Type::Bool | Type::Time | Type::Span)
}
