//! Treatments of topics by agreements.

use async_graphql::InputObject;

use super::engine::call::Call;
use super::engine::link::many;
use super::engine::reader::{Reader, integer, leaf, text};
use super::engine::schema::Object;
use super::error::{Code, Error};
use crate::db;
use crate::db::agreement;
use crate::db::rows::Column;
use crate::domain::topic_treatment;

const SCHEME: Column = "topic_treatments.scheme";
const CODE: Column = "topic_treatments.code";

/// The treatments of topics by the agreement whose id is in the column `agreement`.
pub fn of(agreement: Column) -> Reader {
    many("[TopicTreatment!]!", "TopicTreatment", agreement, db::topic_treatment::OF_AGREEMENTS)
}

pub fn objects() -> Vec<Object> {
    let treatment = Object::new(
        "TopicTreatment",
        "How fully the text of an agreement treats a topic, as coded by a research dataset such as PA-X. This says nothing about the implementation of the agreement.",
    )
    .field("scheme", "Scheme of the code: `PA-X`.", text(SCHEME))
    .field("code", "Code of the topic in that scheme, such as `HrGen`.", text(CODE))
    .field(
        "label",
        "Name of the topic, such as `Human rights and rule of law`. Null if the code is unknown to the server.",
        label(),
    )
    .field(
        "extent",
        "How fully the agreement treats the topic: 1 (mentioned), 2 (treated more fully) or 3 (treated in detail). Always 1 if the dataset only codes whether the agreement mentions the topic. Topics that the agreement does not mention are not listed.",
        integer("topic_treatments.extent"),
    );
    vec![treatment]
}

fn label() -> Reader {
    leaf(|call: &mut Call<'_, '_>| {
        let (schemes, codes) = (call.column(SCHEME)?, call.column(CODE)?);
        let label = |(scheme, code): (Option<&str>, Option<&str>)| {
            topic_treatment::label(scheme?, code?).map(str::to_owned)
        };
        Ok(schemes.into_iter().zip(codes).map(label).collect::<Vec<Option<String>>>())
    })
    .needs(&[SCHEME, CODE])
    .reads_nothing()
}

/// Filter for agreements by the treatment of a topic, according to a dataset.
#[derive(Debug, InputObject)]
pub struct TopicTreatmentFilter {
    /// Scheme of the code: `PA-X`.
    scheme: String,
    /// Code of the topic in that scheme, such as `HrGen`.
    code: String,
    /// Lowest extent that matches, 1 to 3. Default: 1.
    extent_at_least: Option<i32>,
}

impl TopicTreatmentFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if the scheme, the code or the extent is invalid.
    pub fn read(self) -> Result<agreement::TopicTreatmentFilter, Error> {
        let Self { scheme, code, extent_at_least } = self;
        let extent_at_least = extent_at_least.unwrap_or(1);
        topic_treatment::check_scheme(&scheme)
            .and_then(|()| topic_treatment::check_code(&code))
            .and_then(|()| topic_treatment::check_extent(extent_at_least))
            .map_err(|message| Code::BadUserInput.error(format!("`topicTreatment`: {message}")))?;
        Ok(agreement::TopicTreatmentFilter { scheme, code, extent_at_least })
    }
}
