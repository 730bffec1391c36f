//! Deadlines as a calendar (iCalendar, RFC 5545).

use chrono::NaiveDate;
use icalendar::{Calendar, Component, Event, EventLike};
use serde_json::Value as Json;

use super::FeedContext;
use crate::export::column::{at, page};
use crate::export::label::label;

/// The path of the page of a deadline's clause.
const PAGE: &str = "agreements/{clause.agreement.slug}/clauses/{clause.number}";

/// A calendar with an all-day event for each deadline that has a due date.
pub(super) fn calendar(context: &FeedContext, deadlines: &[Json]) -> String {
    let mut calendar = Calendar::new();
    calendar.name("Clausewatch: deadlines");
    for deadline in deadlines {
        if let Some(event) = event(context, deadline) {
            calendar.push(event);
        }
    }
    calendar.done().to_string()
}

/// The calendar event for a deadline. None if the deadline has no due date.
fn event(context: &FeedContext, deadline: &Json) -> Option<Event> {
    let text = |path: &str| at(deadline, path).as_str().unwrap_or_default().to_owned();
    let day: NaiveDate = at(deadline, "dueOn").as_str()?.parse().ok()?;
    let host = context.base.host_str().unwrap_or_default();
    let phase = if text("phase") == "START" { "start" } else { "finish" };
    let holder = match text("heldBy.name") {
        name if name.is_empty() => String::new(),
        name => format!(" (view of {name})"),
    };
    let summary = format!(
        "{} {}: last day to {phase}{holder}",
        text("clause.reference"),
        text("clause.heading")
    );
    let overdue =
        if at(deadline, "clause.isOverdue") == Json::Bool(true) { ", overdue" } else { "" };
    let status = format!("Status: {}{overdue}.", label(&text("clause.status")));
    let parts = [text("rule"), status, text("note")];
    let description: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut event = Event::new();
    event
        .uid(&format!("{}@{host}", text("id")))
        .timestamp(context.time.to_utc())
        .starts(day)
        .summary(&summary)
        .description(&description.join("\n"))
        // Calendar programs must not mark the day as busy.
        .add_property("TRANSP", "TRANSPARENT");
    if let Some(url) = page(deadline, PAGE, &context.base) {
        event.url(url.as_str());
    }
    Some(event.done())
}
