//! Deserializes types from a tree of values, with the place of each error.

use std::fmt;
use std::marker::PhantomData;
use std::slice;
use std::sync::Arc;

use ecrane_document::{Entry, Node, NodeKind, Place, suggest};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

use super::shape::{Shape, ShapeError};
use super::trail::Trail;

/// Deserializes a type from a tree.
pub(super) fn decode<T: for<'de> Deserialize<'de>>(root: &Node) -> Result<T, (Place, ShapeError)> {
    let cursor = Cursor { node: root, trail: &Trail::Top };
    cursor.read(PhantomData).map_err(|error| (error.place.unwrap_or_default(), error.fact))
}

#[derive(Debug)]
struct DecodeError {
    place: Option<Place>,
    fact: ShapeError,
}

impl From<ShapeError> for DecodeError {
    fn from(fact: ShapeError) -> Self {
        Self { place: None, fact }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fact.fmt(f)
    }
}

impl std::error::Error for DecodeError {}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        ShapeError::Other { reason: reason.to_string() }.into()
    }

    fn unknown_variant(word: &str, words: &'static [&'static str]) -> Self {
        ShapeError::not_one_of(word, words.iter().copied()).into()
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        ShapeError::unknown_key(key, known.iter().copied()).into()
    }

    fn missing_field(key: &'static str) -> Self {
        ShapeError::MissingKey { key: key.to_owned() }.into()
    }
}

impl ShapeError {
    /// The error for a word that is not one of the allowed words.
    pub fn not_one_of<'a>(word: &str, words: impl Iterator<Item = &'a str> + Clone) -> Self {
        Self::NotOneOf {
            word: word.to_owned(),
            suggestion: suggest(word, words.clone()).map(str::to_owned),
            words: words.map(str::to_owned).collect(),
        }
    }

    /// The error for a key that the map does not allow.
    pub fn unknown_key<'a>(key: &str, known: impl Iterator<Item = &'a str> + Clone) -> Self {
        Self::UnknownKey {
            key: key.to_owned(),
            suggestion: match key {
                // A tool that reads YAML 1.1 has read `on` as a boolean.
                "true" => known.clone().find(|key| *key == "on"),
                // `principals` is the opposite of `notPrincipals`.
                _ => suggest(key, known.clone()).filter(|known| !is_opposite(key, known)),
            }
            .map(str::to_owned),
            known: known.map(str::to_owned).collect(),
        }
    }
}

/// Whether the name of a key negates that of another one.
fn is_opposite(key: &str, known: &str) -> bool {
    let not = |key: &str| key.to_lowercase().starts_with("not");
    not(key) && !not(known)
}

/// A value and the path to it.
#[derive(Clone, Copy)]
struct Cursor<'de, 't> {
    node: &'de Node,
    trail: &'t Trail<'t>,
}

impl<'de> Cursor<'de, '_> {
    /// Deserializes a type. An error without a place gets the place of this value.
    fn read<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, DecodeError> {
        seed.deserialize(self).map_err(|mut error| {
            error.place.get_or_insert_with(|| match error.fact {
                // An error about the map as a whole is shown at its key.
                ShapeError::MissingKey { .. }
                | ShapeError::NoneOfKeys { .. }
                | ShapeError::SeveralOfKeys { .. } => self.trail.place().on_key(),
                ShapeError::UnknownKey { .. }
                | ShapeError::WrongType { .. }
                | ShapeError::DurationWithoutUnit { .. }
                | ShapeError::AwsForm { .. }
                | ShapeError::NotOneOf { .. }
                | ShapeError::OutOfRange { .. }
                | ShapeError::Other { .. } => self.trail.place(),
            });
            error
        })
    }

    fn wrong_type<T>(self, expected: Shape) -> Result<T, DecodeError> {
        let found = Shape::from(&self.node.kind);
        Err(ShapeError::WrongType { expected: vec![expected], found, written: None }.into())
    }

    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let trail = self.trail;
        match &self.node.kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Bool(value) => visitor.visit_bool(*value),
            NodeKind::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (None, Some(number), _) => visitor.visit_i64(number),
                (None, None, Some(number)) => visitor.visit_f64(number),
                (None, None, None) => Err(DecodeError::custom("a number of no known kind")),
            },
            NodeKind::Text(text) => visitor.visit_borrowed_str(text),
            NodeKind::List(items) => {
                visitor.visit_seq(Items { rest: items.iter(), index: 0, trail })
            }
            NodeKind::Map(entries) => {
                visitor.visit_map(Entries { rest: entries.iter(), value: None, trail })
            }
        }
    }

    /// Visits the value if it has one of these shapes.
    fn only<V: Visitor<'de>>(self, shape: Shape, visitor: V) -> Result<V::Value, DecodeError> {
        if Shape::from(&self.node.kind) == shape {
            self.visit(visitor)
        } else {
            self.wrong_type(shape)
        }
    }

    fn whole_number<V, N>(self, visitor: V, least: N, most: N) -> Result<V::Value, DecodeError>
    where
        V: Visitor<'de>,
        N: Into<i128> + Copy,
    {
        let NodeKind::Number(number) = &self.node.kind else {
            return self.wrong_type(Shape::WholeNumber);
        };
        let Some(value) = number.as_i128() else {
            return self.wrong_type(Shape::WholeNumber);
        };
        let (minimum, maximum) = (least.into(), most.into());
        if (minimum..=maximum).contains(&value) {
            return self.visit(visitor);
        }
        let [number, minimum, maximum] = [value, minimum, maximum].map(|n| n.to_string());
        Err(ShapeError::OutOfRange { number, minimum, maximum }.into())
    }
}

/// Deserializers of integers, each with the range of its type.
macro_rules! whole_numbers {
    ($($method:ident: $number:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            self.whole_number(visitor, <$number>::MIN, <$number>::MAX)
        })*
    };
}

impl<'de> Deserializer<'de> for Cursor<'de, '_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.visit(visitor)
    }

    /// A key that is present has a value: `null` is an invalid value, not a missing one.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_some(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.only(Shape::Bool, visitor)
    }

    whole_numbers! {
        deserialize_u8: u8,
        deserialize_u16: u16,
        deserialize_u32: u32,
        deserialize_u64: u64,
        deserialize_i8: i8,
        deserialize_i16: i16,
        deserialize_i32: i32,
        deserialize_i64: i64,
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.only(Shape::Text, visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.only(Shape::List, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.only(Shape::Map, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    /// The format has only enums without data.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let NodeKind::Text(word) = &self.node.kind else {
            return self.wrong_type(Shape::Text);
        };
        visitor.visit_enum(word.as_ref().into_deserializer())
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

struct Items<'de, 't> {
    rest: std::slice::Iter<'de, Node>,
    index: usize,
    trail: &'t Trail<'t>,
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let trail = Trail::Index(self.trail, self.index);
        self.index += 1;
        Cursor { node, trail: &trail }.read(seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Entries<'de, 't> {
    rest: slice::Iter<'de, (Arc<str>, Entry)>,
    value: Option<(&'de str, &'de Node)>,
    trail: &'t Trail<'t>,
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some((key, entry)) = self.rest.next() else { return Ok(None) };
        self.value = Some((key, &entry.node));
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some).map_err(
            |error: DecodeError| DecodeError {
                place: Some(self.trail.place().key(key).on_key()),
                ..error
            },
        )
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let Some((key, node)) = self.value.take() else {
            return Err(DecodeError::custom("a value was asked for before its key"));
        };
        let trail = Trail::Key(self.trail, key);
        Cursor { node, trail: &trail }.read(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
