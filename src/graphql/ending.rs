//! Endings of agreements.

use async_graphql::{Enum, ID};

use super::engine::call::Call;
use super::engine::link::{distinct, one, one_by_key};
use super::engine::reader::{Reader, call, date, id, leaf, string_enum};
use super::engine::schema::Object;
use super::error::Error;
use super::perspective::{day, holder};
use super::provenance::provenance;
use super::scalar::Date;
use crate::db;
use crate::db::agreement::EndingView;
use crate::db::rows::{Column, Rows};
use crate::domain::{Kind, ending};

/// The column of an agreement's id.
const AGREEMENT: Column = "agreements.id";

/// The column of the first day on which an agreement was no longer in force.
const ENDED_ON: Column = "agreement_endings.ended_on";

pub fn object() -> Object {
    Object::new(
        "AgreementEnding",
        "Ending of an agreement, in the neutral record or in the view of one party.",
    )
    .implements("Node")
    .field(
        "id",
        "Opaque global id of this entry.",
        id(Kind::AgreementEnding, "agreement_endings.id"),
    )
    .field(
        "endedOn",
        "First day on which the agreement was no longer in force. Never in the future.",
        date(ENDED_ON),
    )
    .field(
        "kind",
        "Kind of the ending.",
        string_enum::<EndingKind, ending::EndingKind>("agreement_endings.kind"),
    )
    .field(
        "heldBy",
        "Party that holds this view. Null for the neutral record.",
        one("Party", Kind::Party, "agreement_endings.held_by_id"),
    )
    .fields(provenance!("agreement_endings"))
}

/// The ending of each agreement in the neutral record or in the view of one party, or null.
pub fn of_agreement() -> Reader {
    call("AgreementEnding", |call: &mut Call<'_, '_>| {
        let columns = call.selected.columns("AgreementEnding", &[]);
        let rows = read(call, &columns)?;
        Ok(one_by_key("AgreementEnding", &call.column(AGREEMENT)?, rows))
    })
    .needs(&[AGREEMENT])
    .arguments(view_arguments)
}

/// The day on which each agreement ended, in the neutral record or in the view of one party, or null.
pub fn day_of_agreement() -> Reader {
    leaf(|call: &mut Call<'_, '_>| {
        let rows = read(call, &[ENDED_ON])?;
        let day_of = |agreement: &str| {
            let row = (0..rows.len()).find(|row| rows.text(*row, 0) == Some(agreement));
            row.and_then(|row| rows.text(row, 1)).map(Date::stored).transpose()
        };
        call.keys(AGREEMENT)?.into_iter().map(day_of).collect::<Result<Vec<Option<Date>>, Error>>()
    })
    .needs(&[AGREEMENT])
    .arguments(view_arguments)
}

/// The endings of the agreements in the view that the arguments select. The first column of the rows is the agreement's id.
fn read(call: &mut Call<'_, '_>, columns: &[Column]) -> Result<Rows, Error> {
    let view =
        EndingView { as_of: day(call.arguments)?, held_by: holder(call.context, call.arguments)? };
    let agreements = distinct(call.keys(AGREEMENT)?);
    call.context
        .read(|connection| db::agreement::select_endings(connection, view, &agreements, columns))
}

fn view_arguments(reader: Reader) -> Reader {
    reader
        .argument::<Option<Date>>(
            "asOf",
            "Returns only an ending on or before this day. Default: no limit.",
        )
        .argument::<Option<ID>>(
            "heldBy",
            "Id or slug of the party whose view is returned. Default: the neutral record.",
        )
}

/// Kind of the ending of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "AgreementEndingKind", remote = "ending::EndingKind")]
pub enum EndingKind {
    /// An act such as a denunciation, a repeal or a decision ended the agreement.
    Terminated,
    /// The term of the agreement ran out.
    Expired,
    /// All requirements of the agreement were met.
    Fulfilled,
    /// A later agreement replaced this agreement.
    Superseded,
    /// Events ended the agreement, without an act such as a denunciation.
    Collapsed,
}
