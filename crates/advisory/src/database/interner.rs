//! Equal values kept once, each under a number.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Gives equal values one number.
pub(super) struct Interner<T: ?Sized> {
    numbers: HashMap<Arc<T>, u32>,
    /// The values by number.
    pub(super) values: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: ?Sized + Eq + Hash> Interner<T> {
    /// The number of a value, a new one where it is new.
    pub(super) fn intern<Q: Borrow<T> + Into<Arc<T>>>(&mut self, value: Q) -> u32 {
        if let Some(number) = self.numbers.get(value.borrow()) {
            return *number;
        }
        let value: Arc<T> = value.into();
        let number = self.values.len() as u32;
        self.numbers.insert(value.clone(), number);
        self.values.push(value);
        number
    }

    /// The number of a value that is known.
    pub(super) fn number(&self, value: &T) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    /// The value of a number that this interner gave.
    pub(super) fn get(&self, number: u32) -> &T {
        &self.values[number as usize]
    }
}
