//! What a condition handles: values that borrow from the report, and the types the checker knows them by.

use std::collections::BTreeMap;
use std::fmt::Debug;

/// A value. Copied freely: what is large is borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(&'a str),
    /// Seconds since 1970; reports date in whole seconds.
    Time(i64),
    /// Seconds.
    Span(i64),
    Record(&'a dyn Record),
    List(&'a dyn Items),
    Labels(&'a BTreeMap<String, String>),
}

/// The type of a value, as far as it is known before there is a report.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Type {
    Null,
    Bool,
    Int,
    Double,
    Text,
    /// A text that can only be one of these.
    Word(&'static [&'static str]),
    Time,
    Span,
    List(&'static Typed),
    Record(&'static Shape),
    Labels,
}

/// A type, and whether `null` can stand in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed {
    pub(crate) kind: Type,
    pub(crate) nullable: bool,
}

/// Always there.
pub(crate) const fn is(kind: Type) -> Typed {
    Typed { kind, nullable: false }
}

/// Or `null`.
pub(crate) const fn or_null(kind: Type) -> Typed {
    Typed { kind, nullable: true }
}

/// Something with named fields.
pub(crate) trait Record: Debug {
    /// The field at an index of the record's [`Shape`].
    fn field(&self, index: usize) -> Value<'_>;
    /// What fields there are.
    fn shape(&self) -> &'static Shape;
}

/// The fields of a sort of record.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) of: Typed,
    pub(crate) about: &'static str,
}

/// Something to go through.
pub(crate) trait Items: Debug {
    fn len(&self) -> usize;
    fn at(&self, index: usize) -> Value<'_>;
}

impl Items for Vec<String> {
    fn len(&self) -> usize {
        self.len()
    }
    fn at(&self, index: usize) -> Value<'_> {
        Value::Text(&self[index])
    }
}

impl<T: Record> Items for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn at(&self, index: usize) -> Value<'_> {
        Value::Record(&self[index])
    }
}

impl Type {
    /// Its name in messages and in the documentation.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Int => "int".to_owned(),
            Self::Double => "double".to_owned(),
            Self::Text | Self::Word(_) => "string".to_owned(),
            Self::Time => "timestamp".to_owned(),
            Self::Span => "duration".to_owned(),
            Self::List(of) => format!("list of {}", of.kind.name()),
            Self::Record(shape) => shape.name.to_owned(),
            Self::Labels => "map of string to string".to_owned(),
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Double)
    }

    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Word(_))
    }

    /// Whether `==` between them can ever hold.
    pub(crate) fn is_comparable(self, other: Self) -> bool {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => true,
            (left, right) if left.is_number() && right.is_number() => true,
            (left, right) if left.is_text() && right.is_text() => true,
            (Self::Bool, Self::Bool) | (Self::Time, Self::Time) | (Self::Span, Self::Span) => true,
            _ => false,
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
    pub(crate) fn double(number: Option<f64>) -> Self {
        number.map_or(Self::Null, Self::Double)
    }
    pub(crate) fn record<T: Record>(record: Option<&'a T>) -> Self {
        record.map_or(Self::Null, |record| Self::Record(record))
    }
    pub(crate) fn list<T>(list: Option<&'a Vec<T>>) -> Self
    where
        Vec<T>: Items,
    {
        list.map_or(Self::Null, |list| Self::List(list))
    }
    pub(crate) fn time(time: Option<jiff::Timestamp>) -> Self {
        time.map_or(Self::Null, |time| Self::Time(time.as_second()))
    }

    /// What it is, for messages about values of the wrong type.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::Time(_) => "timestamp",
            Self::Span(_) => "duration",
            Self::Record(_) => "record",
            Self::List(_) => "list",
            Self::Labels(_) => "map",
        }
    }
}

/// Declares the fields that conditions see of a struct: name, type, what it is, how to get it.
macro_rules! record {
    ($of:ty, $shape:ident, $name:literal, $($field:literal: $typed:expr, $about:literal, |$this:ident| $get:expr;)*) => {
        #[doc = concat!("Fields of a `", $name, "`.")]
        pub(crate) static $shape: $crate::value::Shape = $crate::value::Shape {
            name: $name,
            fields: &[$($crate::value::Field { name: $field, of: $typed, about: $about }),*],
        };
        impl $crate::value::Record for $of {
            fn field(&self, index: usize) -> $crate::value::Value<'_> {
                static GETTERS: &[for<'a> fn(&'a $of) -> $crate::value::Value<'a>] = &[$(|$this| $get),*];
                GETTERS.get(index).map_or($crate::value::Value::Null, |get| get(self))
            }
            fn shape(&self) -> &'static $crate::value::Shape {
                &$shape
            }
        }
    };
}
pub(crate) use record;
