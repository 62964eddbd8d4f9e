//! Conditions about every finding, asked of all findings at once.
//!
//! `findings.exists(f, f.suppressed == null && f.severity in ["critical"])` is made of atoms, its comparisons. Rules share most
//! of theirs, so each distinct atom of a policy is evaluated once in a decision, into a column of bits, one a finding; `&&`,
//! `||` and `!` then take 64 findings at a time. A finding of which an atom has no answer is kept apart from yes and no.

use std::collections::HashMap;
use std::rc::Rc;

use super::node::{Node, Source};
use crate::facts::question::VARIABLES;

/// Which atoms a policy has: equal ones get one number.
#[derive(Debug, Default)]
pub(crate) struct Atoms {
    numbers: HashMap<String, usize>,
}

impl Atoms {
    /// Marks the atoms of a condition.
    pub(crate) fn mark(&mut self, node: &mut Node) {
        match node {
            Node::And(left, right) | Node::Or(left, right) => {
                self.mark(left);
                self.mark(right);
            }
            Node::Not(operand) => self.mark(operand),
            Node::Quantified(_, source, test) if is_findings(source) => self.mark_atoms(test),
            _ => {}
        }
    }

    fn mark_atoms(&mut self, node: &mut Node) {
        match node {
            Node::And(left, right) | Node::Or(left, right) => {
                self.mark_atoms(left);
                self.mark_atoms(right);
            }
            Node::Not(operand) => self.mark_atoms(operand),
            atom => {
                let next = self.numbers.len();
                let number = *self.numbers.entry(format!("{atom:?}")).or_insert(next);
                let inner = std::mem::replace(atom, Node::Local(0));
                *atom = Node::Atom(number, Box::new(inner));
            }
        }
    }
}

/// Whether a source is all findings.
pub(super) fn is_findings(source: &Source) -> bool {
    matches!(source, Source::List(Node::Variable(index)) if VARIABLES.fields[*index].name == "findings")
}

/// The answers of one condition, 64 findings a word.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Where it holds.
    yes: Vec<u64>,
    /// Where it has no answer; never where it holds.
    fault: Vec<u64>,
    len: usize,
}

impl Column {
    pub(super) fn new(len: usize) -> Self {
        let words = len.div_ceil(64);
        Self { yes: vec![0; words], fault: vec![0; words], len }
    }

    pub(super) fn words(&self) -> u64 {
        self.yes.len() as u64
    }

    pub(super) fn set(&mut self, index: usize, answer: Option<bool>) {
        let bit = 1 << (index % 64);
        match answer {
            Some(true) => self.yes[index / 64] |= bit,
            Some(false) => {}
            None => self.fault[index / 64] |= bit,
        }
    }

    /// No outweighs no answer.
    pub(super) fn and(&self, other: &Self) -> Self {
        let mut out = Self::new(self.len);
        for word in 0..out.yes.len() {
            let yes = self.yes[word] & other.yes[word];
            out.yes[word] = yes;
            out.fault[word] = (self.yes[word] | self.fault[word]) & (other.yes[word] | other.fault[word]) & !yes;
        }
        out
    }

    /// Yes outweighs no answer.
    pub(super) fn or(&self, other: &Self) -> Self {
        let mut out = Self::new(self.len);
        for word in 0..out.yes.len() {
            let yes = self.yes[word] | other.yes[word];
            out.yes[word] = yes;
            out.fault[word] = (self.fault[word] | other.fault[word]) & !yes;
        }
        out
    }

    pub(super) fn not(&self) -> Self {
        let mut out = Self::new(self.len);
        for word in 0..out.yes.len() {
            let used = if (word + 1) * 64 <= self.len { u64::MAX } else { (1 << (self.len % 64)) - 1 };
            out.yes[word] = !(self.yes[word] | self.fault[word]) & used;
            out.fault[word] = self.fault[word];
        }
        out
    }

    /// Whether it holds of none, and has an answer for all.
    pub(super) fn is_no(&self) -> bool {
        self.yes.iter().chain(&self.fault).all(|word| *word == 0)
    }

    pub(super) fn count(&self) -> usize {
        self.yes.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn first_fault(&self) -> Option<usize> {
        let word = self.fault.iter().position(|word| *word != 0)?;
        Some(word * 64 + self.fault[word].trailing_zeros() as usize)
    }

    /// Where it holds.
    pub(super) fn holds(&self) -> impl Iterator<Item = usize> + '_ {
        self.yes.iter().enumerate().flat_map(|(number, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                (left != 0).then(|| {
                    let bit = left.trailing_zeros() as usize;
                    left &= left - 1;
                    number * 64 + bit
                })
            })
        })
    }
}

/// Columns that a decision has already.
#[derive(Debug, Default)]
pub(super) struct Columns(HashMap<usize, Rc<Column>>);

impl Columns {
    pub(super) fn get(&self, atom: usize) -> Option<Rc<Column>> {
        self.0.get(&atom).cloned()
    }
    pub(super) fn keep(&mut self, atom: usize, column: &Rc<Column>) {
        self.0.insert(atom, Rc::clone(column));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_answers() {
        let answers = [Some(true), Some(false), None];
        let (mut left, mut right) = (Column::new(70 + 9), Column::new(70 + 9));
        for (index, pair) in answers.iter().flat_map(|one| answers.map(|other| (*one, other))).enumerate() {
            left.set(70 + index, pair.0);
            right.set(70 + index, pair.1);
        }
        assert_eq!(left.and(&right).holds().collect::<Vec<_>>(), [70]);
        // yes and none, none and yes, none and none
        assert_eq!(left.and(&right).fault[1].count_ones(), 3);
        assert_eq!(left.or(&right).count(), 5);
        assert_eq!(left.or(&right).first_fault(), Some(75));
        assert_eq!(left.not().holds().filter(|index| *index >= 70).collect::<Vec<_>>(), [73, 74, 75]);
        assert_eq!(left.not().count(), 73);
        assert!(Column::new(3).is_no() && !left.is_no() && Column::new(64).not().count() == 64);
    }
}
