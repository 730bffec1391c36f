//! Treatments of topics by agreements: their rows.

use diesel::prelude::*;

use super::insert::insert_rows;
use super::rows::Lookup;
use super::schema::topic_treatments;
use super::{DbConnection, Error};
use crate::domain::id::AgreementId;
use crate::domain::topic_treatment::TopicTreatmentContent;

/// The treatments of topics by agreements, in the order of the input.
pub const OF_AGREEMENTS: Lookup = Lookup {
    from: "topic_treatments WHERE",
    key: "topic_treatments.agreement_id",
    order: "topic_treatments.position",
};

/// The treatment of a topic by an agreement.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = topic_treatments, treat_none_as_default_value = false)]
pub(super) struct TopicTreatment {
    agreement_id: AgreementId,
    scheme: String,
    code: String,
    /// Position in the list, from 1.
    position: i32,
    extent: i32,
}

impl From<TopicTreatment> for TopicTreatmentContent {
    fn from(row: TopicTreatment) -> Self {
        Self { scheme: row.scheme, code: row.code, extent: row.extent }
    }
}

/// Inserts the treatments of agreements that have no stored treatments.
pub(super) fn insert<'a>(
    connection: &mut DbConnection,
    agreements: impl Iterator<Item = (AgreementId, &'a Vec<TopicTreatmentContent>)>,
) -> Result<(), Error> {
    let rows = agreements.flat_map(|(agreement_id, contents)| {
        (1..).zip(contents).map(move |(position, content): (i32, &TopicTreatmentContent)| {
            TopicTreatment {
                agreement_id,
                scheme: content.scheme.clone(),
                code: content.code.clone(),
                position,
                extent: content.extent,
            }
        })
    });
    insert_rows!(connection, topic_treatments::table, rows.collect());
    Ok(())
}

/// Replaces the treatments of an agreement.
pub(super) fn replace(
    connection: &mut DbConnection,
    agreement: AgreementId,
    contents: &Vec<TopicTreatmentContent>,
) -> Result<(), Error> {
    diesel::delete(topic_treatments::table.filter(topic_treatments::agreement_id.eq(agreement)))
        .execute(connection)?;
    insert(connection, std::iter::once((agreement, contents)))
}
