//! Presence of fields: required, optional or list. Defines their types in inputs and their conversion to content.

use std::marker::PhantomData;

use async_graphql::MaybeUndefined;

use super::input::{Edit, Given, Ids};
use crate::domain::clause::MAX_POSITION;

/// The presence of a field. It determines the types of the field in the create and update inputs.
pub trait Presence {
    /// The type in the create input.
    type Create;
    /// The type in the update input. An absent value leaves the field unchanged.
    type Update;
}

/// Converts a field of an input to the type `C` of a field of the content.
pub trait Reads<C>: Presence {
    fn created(given: Self::Create, ids: &mut Ids, path: &str) -> C;

    /// The new value in an update. None if the field is unchanged.
    fn updated(given: Self::Update, ids: &mut Ids, path: &str) -> Option<C>;

    /// Replaces the old value with the new value of an update.
    fn replace(target: &mut C, value: C) {
        *target = value;
    }
}

/// Fields that several kinds of records share: a part of their contents.
pub trait Shared: Presence + Sized {
    fn created(given: Self::Create, ids: &mut Ids) -> Self;

    /// Sets the given fields.
    fn edit(given: Self::Update, ids: &mut Ids) -> Edit<Self>;
}

/// A required field.
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

/// An optional field. Null in an update clears it.
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

/// A list. An update replaces the whole list.
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

/// A list without an order. The same items in another order are not a change.
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

/// A position in an order. Default in a new record: last.
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
