//! Answers that preserve the order of their keys, and the comparison of two answers.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// JSON whose objects preserve the order of keys and repeated keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Boolean(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json, E> {
        value.to_string().parse().map(Json::Number).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json, E> {
        value.to_string().parse().map(Json::Number).map_err(E::custom)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Boolean(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value}"),
            Self::Text(value) => write!(formatter, "{value:?}"),
            Self::List(items) => {
                formatter.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(formatter, "{}{item}", if index == 0 { "" } else { "," })?;
                }
                formatter.write_str("]")
            }
            Self::Object(entries) => {
                formatter.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    write!(formatter, "{}{key:?}:{value}", if index == 0 { "" } else { "," })?;
                }
                formatter.write_str("}")
            }
        }
    }
}

impl Json {
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Object(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub fn items(&self) -> &[Json] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The kinds of the first pair of values that differ, as `ours/theirs`.
    pub fn first_difference(&self, other: &Self) -> String {
        let kind = |value: Option<&Self>| match value {
            None => "missing",
            Some(Self::Null) => "null",
            Some(Self::Boolean(_)) => "boolean",
            Some(Self::Number(_)) => "number",
            Some(Self::Text(_)) => "text",
            Some(Self::List(_)) => "list",
            Some(Self::Object(_)) => "object",
        };
        let pairs: Vec<(Option<&Self>, Option<&Self>)> = match (self, other) {
            (Self::List(ours), Self::List(theirs)) => {
                let count = ours.len().max(theirs.len());
                (0..count).map(|place| (ours.get(place), theirs.get(place))).collect()
            }
            (Self::Object(ours), Self::Object(theirs)) => {
                let keys = ours.iter().chain(theirs).map(|(key, _)| key);
                keys.map(|key| (self.get(key), other.get(key))).collect()
            }
            _ => return format!("{}/{}", kind(Some(self)), kind(Some(other))),
        };
        match pairs.into_iter().find(|(ours, theirs)| ours != theirs) {
            Some((Some(ours), Some(theirs))) => ours.first_difference(theirs),
            Some((ours, theirs)) => format!("{}/{}", kind(ours), kind(theirs)),
            None => String::new(),
        }
    }

    /// Sorts every list. Used for introspection, because the specification does not define an order.
    fn sort(&mut self) {
        match self {
            Self::List(items) => {
                items.iter_mut().for_each(Self::sort);
                items.sort_by_cached_key(ToString::to_string);
            }
            Self::Object(entries) => entries.iter_mut().for_each(|(_, value)| value.sort()),
            _ => {}
        }
    }

    /// The value with the keys of every object sorted.
    fn without_order(&self) -> Self {
        match self {
            Self::List(items) => Self::List(items.iter().map(Self::without_order).collect()),
            Self::Object(entries) => {
                let entries = entries.iter();
                let mut entries: Vec<_> =
                    entries.map(|(key, value)| (key.clone(), value.without_order())).collect();
                entries.sort_by(|one, other| one.0.cmp(&other.0));
                Self::Object(entries)
            }
            other => other.clone(),
        }
    }
}

/// An answer to compare.
#[derive(Debug)]
pub struct Answer {
    /// `None` if the request was rejected before execution.
    pub data: Option<Json>,
    /// The paths of the errors, in order.
    pub paths: Vec<Json>,
    /// The messages of the errors, for the report.
    pub messages: String,
    /// Whether the reference lacked the data to answer.
    pub is_outside: bool,
}

/// The kind of difference between the server's answer and the reference's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The server rejects a valid request.
    RejectedValid,
    /// The server accepts an invalid request.
    AcceptedBroken,
    /// The data differ.
    Data,
    /// The data are equal except for the order of keys.
    KeyOrder,
    /// The paths of the errors differ.
    ErrorPaths,
    /// The errors have the same paths in another order.
    ErrorOrder,
}

impl Answer {
    pub fn parse(text: &str) -> Self {
        let json: Json =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let errors = json.get("errors").map_or(&[][..], Json::items);
        let paths = errors.iter().filter_map(|error| error.get("path").cloned()).collect();
        let messages: Vec<String> = errors
            .iter()
            .filter_map(|error| error.get("message").map(ToString::to_string))
            .collect();
        let mut data = json.get("data").cloned();
        if let Some(Json::Object(entries)) = &mut data {
            for (key, value) in entries {
                if key.starts_with("introspection") || key == "__schema" || key == "__type" {
                    value.sort();
                }
            }
        }
        let is_outside = json.get("outside") == Some(&Json::Boolean(true));
        Self { data, paths, messages: messages.join("; "), is_outside }
    }

    /// The difference between the server's answer and the reference's.
    pub fn difference(&self, reference: &Self) -> Option<Difference> {
        let (ours, theirs) = match (&self.data, &reference.data) {
            (None, None) => return None,
            (None, Some(_)) => return Some(Difference::RejectedValid),
            (Some(_), None) => return Some(Difference::AcceptedBroken),
            (Some(ours), Some(theirs)) => (ours, theirs),
        };
        if ours != theirs {
            let is_same = ours.without_order() == theirs.without_order();
            return Some(if is_same { Difference::KeyOrder } else { Difference::Data });
        }
        let (ours, theirs) = (causes(&self.paths, ours), causes(&reference.paths, theirs));
        if ours == theirs {
            return None;
        }
        let sorted = |causes: &[(String, String)]| {
            let mut sorted: Vec<String> = causes.iter().map(|cause| format!("{cause:?}")).collect();
            sorted.sort();
            sorted
        };
        let is_same = sorted(&ours) == sorted(&theirs);
        Some(if is_same { Difference::ErrorOrder } else { Difference::ErrorPaths })
    }
}

/// For each error: the path of the null that it caused, and whether the error itself has that path.
///
/// An error in a non-null field makes an ancestor field null. The specification requires at least one error below that
/// field, but not how many, so only the first is kept.
fn causes(paths: &[Json], data: &Json) -> Vec<(String, String)> {
    let mut seen = BTreeSet::new();
    let mut causes = Vec::new();
    for path in paths {
        let mut place = String::new();
        let mut value = data;
        let mut is_propagated = false;
        for step in path.items() {
            if *value == Json::Null {
                is_propagated = true;
                break;
            }
            place = format!("{place}/{step}");
            value = match (step, value) {
                (Json::Text(key), object) => object.get(key).unwrap_or(&Json::Null),
                (Json::Number(index), Json::List(items)) => items
                    .iter()
                    .enumerate()
                    .find(|(position, _)| position.to_string() == index.to_string())
                    .map_or(&Json::Null, |(_, item)| item),
                _ => &Json::Null,
            };
        }
        let is_at_null = *value == Json::Null;
        let cause = if is_at_null { place.clone() } else { format!("{place} is not null") };
        let own = if is_propagated { "below".to_owned() } else { "here".to_owned() };
        if !is_propagated || seen.insert(place) {
            causes.push((cause, own));
        }
    }
    causes
}
