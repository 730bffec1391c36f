//! Status checks, and the latest check of a record.

use super::engine::call::Call;
use super::engine::connection::connection_types;
use super::engine::link::{distinct, one_of};
use super::engine::reader::{Reader, date, id, instant, leaf, text};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::Error;
use super::perspective::{known_at_release, point_in_time};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::db::rows::Column;
use crate::db::status_check::{LatestCheck, StatusCheckList};
use crate::domain::Kind;
use crate::domain::perspective::PointInTime;

pub const RECORDS: [Record; 1] =
    [Record::new(Kind::StatusCheck, "StatusCheck", "status_checks", "status_checks.id")];

pub const CHECKED_ON: &str = "Latest day on which an account checked the status, or recorded an assessment of any holder. Excludes retracted checks and assessments. Null if there is none.";
pub const CHECKED_BY: &str = "Name of the account that last checked the status or recorded an assessment. See `checkedOn`. Null if there is none.";

/// Whether the subject is a clause, a caveat or a proposal.
const SUBJECT_KIND: Column =
    "(SELECT trackables.kind FROM trackables WHERE trackables.id = status_checks.trackable_id)";

pub fn objects() -> Vec<Object> {
    connection_types!("StatusCheck").with([object()])
}

fn object() -> Object {
    Object::new("StatusCheck", "A statement that an account checked the status of a clause, caveat or proposal on a day, and found it unchanged. Append-only: a retraction marks a status check and never deletes it.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::StatusCheck, "status_checks.id"))
        .field("subject", "Clause, caveat or proposal whose status was checked.", one_of("Trackable!", SUBJECT_KIND, "status_checks.trackable_id"))
        .field("checkedOn", "Day on which the status was checked.", date("status_checks.checked_on"))
        .field("note", "Evidence that was checked. Null if it is not stated.", text("status_checks.note").nullable())
        .field("recordedAt", "Time at which the check was recorded.", instant("status_checks.recorded_at"))
        .field("recordedBy", "Name of the account that recorded the check.", text("status_checks.recorded_by"))
        .field("retractedAt", "Time of retraction. Null if the check is not retracted.", instant("status_checks.retracted_at").nullable())
        .field("retractedBy", "Name of the account that retracted the check. Null if it is not retracted.", text("status_checks.retracted_by").nullable())
        .field("retractionReason", "Reason for the retraction. Null if the check is not retracted.", text("status_checks.retraction_reason").nullable())
}

/// Adds the fields of clauses, caveats and proposals. `id` is the column of their ids.
pub fn fields(object: Object, id: Column) -> Object {
    const DAY: Column = "trackables.checked_on";
    const BY: Column = "trackables.checked_by";
    object
        .field(
            "checkedOn",
            CHECKED_ON,
            leaf(move |call: &mut Call<'_, '_>| {
                if point_in_time(call.context, call.arguments)? == PointInTime::default() {
                    let days = call.column(DAY)?.into_iter();
                    return days.map(|day| day.map(Date::stored).transpose()).collect();
                }
                let latest = latest(call, id)?.into_iter();
                Ok(latest.map(|latest| latest.map(|latest| Date(latest.day))).collect())
            })
            .without_arguments(date(DAY))
            .needs(&[id, DAY])
            .arguments(arguments),
        )
        .field(
            "checkedBy",
            CHECKED_BY,
            leaf(move |call: &mut Call<'_, '_>| {
                if point_in_time(call.context, call.arguments)? == PointInTime::default() {
                    let names = call.column(BY)?.into_iter();
                    return Ok(names.map(|name| name.map(str::to_owned)).collect());
                }
                let latest = latest(call, id)?.into_iter();
                Ok(latest.map(|latest| latest.map(|latest| latest.by)).collect())
            })
            .without_arguments(text(BY))
            .needs(&[id, BY])
            .arguments(arguments),
        )
        .field(
            "statusChecks",
            "Status checks, newest first by `checkedOn`, then by `recordedAt`.",
            connection("StatusCheckConnection!", "StatusCheck", Some(id), |call| {
                Ok(StatusCheckList { include_retracted: call.arguments.get("includeRetracted")? })
            })
            .argument_or::<bool>(
                "includeRetracted",
                "false",
                "Whether to include retracted status checks.",
            ),
        )
}

fn arguments(reader: Reader) -> Reader {
    reader
        .argument::<Option<Date>>("asOf", "Use only status checks on or before this day, and assessments recorded on or before it. Default: no limit.")
        .argument::<Option<DateTime>>("knownAt", "Use only what had been recorded by this time, including checks and assessments retracted later. Default: now.")
        .arguments(known_at_release)
}

/// The latest check of each parent at the point in time of the arguments.
fn latest(call: &mut Call<'_, '_>, id: Column) -> Result<Vec<Option<LatestCheck>>, Error> {
    let point_in_time = point_in_time(call.context, call.arguments)?;
    let keys = call.keys(id)?;
    let subjects = distinct(keys.iter().copied());
    // `checkedOn` and `checkedBy` need this result, so it is read only once.
    let latest = call
        .context
        .read_once(format!("checked {point_in_time:?} {subjects:?}"), |connection| {
            db::status_check::latest(connection, point_in_time, Some(&subjects))
        })?;
    Ok(keys.iter().map(|key| latest.get(*key).cloned()).collect())
}
