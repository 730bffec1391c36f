//! Whether the fields of a record are required, optional or lists: their types in inputs, and how they become content.

use std::marker::PhantomData;

use async_graphql::MaybeUndefined;

use super::input::{Given, Ids};
use crate::domain::clause::MAX_POSITION;

/// Whether a field of a record has to be given. Decides its type in the inputs that create and update the record.
pub trait Presence {
    /// Its type in the input that creates a record.
    type Create;
    /// Its type in the input that updates one. Absent: the field stays as it is.
    type Update;
}

/// How a field of a record becomes the value `C` of its content.
pub trait Reads<C>: Presence {
    /// The value in a new record.
    fn created(given: Self::Create, ids: &mut Ids, path: &str) -> C;

    /// The new value in an update; none if the field stays as it is.
    fn updated(given: Self::Update, ids: &mut Ids, path: &str) -> Option<C>;

    /// Puts the new value of an update in the place of the old one.
    fn replace(target: &mut C, value: C) {
        *target = value;
    }
}

/// A field that every record has.
pub struct Required<T>(PhantomData<T>);

impl<T> Presence for Required<T> {
    type Create = T;
    type Update = Option<T>;
}

impl<T: Given<C>, C> Reads<C> for Required<T> {
    fn created(given: T, ids: &mut Ids, path: &str) -> C {
        given.read(ids, path)
    }

    fn updated(given: Option<T>, ids: &mut Ids, path: &str) -> Option<C> {
        given.map(|given| given.read(ids, path))
    }
}

/// A field that a record may lack; null in an update clears it.
pub struct Optional<T>(PhantomData<T>);

impl<T> Presence for Optional<T> {
    type Create = Option<T>;
    type Update = MaybeUndefined<T>;
}

impl<T: Given<C>, C> Reads<Option<C>> for Optional<T> {
    fn created(given: Option<T>, ids: &mut Ids, path: &str) -> Option<C> {
        given.map(|given| given.read(ids, path))
    }

    fn updated(given: MaybeUndefined<T>, ids: &mut Ids, path: &str) -> Option<Option<C>> {
        match given {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(given) => Some(Some(given.read(ids, path))),
        }
    }
}

/// A list. An update replaces all of it.
pub struct List<T>(PhantomData<T>);

impl<T> Presence for List<T> {
    type Create = Vec<T>;
    type Update = Option<Vec<T>>;
}

impl<T: Given<C>, C> Reads<Vec<C>> for List<T> {
    fn created(given: Vec<T>, ids: &mut Ids, path: &str) -> Vec<C> {
        let numbered = given.into_iter().enumerate();
        numbered.map(|(index, given)| given.read(ids, &format!("{path}.{index}"))).collect()
    }

    fn updated(given: Option<Vec<T>>, ids: &mut Ids, path: &str) -> Option<Vec<C>> {
        given.map(|given| Self::created(given, ids, path))
    }
}

/// A list that has no order of its own: the same items in another order are no change.
pub struct Unordered<T>(PhantomData<T>);

impl<T> Presence for Unordered<T> {
    type Create = Vec<T>;
    type Update = Option<Vec<T>>;
}

impl<T: Given<C>, C: PartialEq> Reads<Vec<C>> for Unordered<T> {
    fn created(given: Vec<T>, ids: &mut Ids, path: &str) -> Vec<C> {
        List::created(given, ids, path)
    }

    fn updated(given: Option<Vec<T>>, ids: &mut Ids, path: &str) -> Option<Vec<C>> {
        List::updated(given, ids, path)
    }

    fn replace(target: &mut Vec<C>, value: Vec<C>) {
        let is_same = value.len() == target.len() && target.iter().all(|item| value.contains(item));
        if !is_same {
            *target = value;
        }
    }
}

/// A place in an order. A new record for which none is given comes last.
pub struct Position;

impl Presence for Position {
    type Create = Option<i32>;
    type Update = Option<i32>;
}

impl Reads<i32> for Position {
    fn created(given: Option<i32>, _ids: &mut Ids, _path: &str) -> i32 {
        given.unwrap_or(MAX_POSITION)
    }

    fn updated(given: Option<i32>, _ids: &mut Ids, _path: &str) -> Option<i32> {
        given
    }
}
