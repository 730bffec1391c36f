//! Reads the deadlines of clauses.

use super::fields::Lookup;
use super::names::Names;
use super::provenance::provenance;
use super::reader::Reader;
use crate::domain::deadline::{
    Anchor, CalendarPeriod, DeadlineBasis, DeadlineContent, DeadlinePhase,
};
use crate::domain::id::ClauseId;
use crate::domain::text::quote;

/// Reads a deadline of a clause. `own` is the id of this clause, or `None` if the clause has no name.
pub(super) fn deadline<'a>(
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    own: Option<ClauseId>,
) -> DeadlineContent {
    DeadlineContent {
        key: reader.key_optional("key"),
        rule: reader.text("rule"),
        phase: reader.string_enum_optional("phase").unwrap_or(DeadlinePhase::Finish),
        basis: basis(reader, names, own),
        held_by: reader.reference_optional("held_by", &names.parties),
        provenance: provenance(reader, names),
    }
}

fn basis<'a>(
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    own: Option<ClauseId>,
) -> Option<DeadlineBasis> {
    let day = reader.date_optional("due_on").map(DeadlineBasis::Day);
    let end_of = reader.part("end_of", "the end of a period", |reader| DeadlineBasis::EndOf {
        period: reader.string_enum("period", CalendarPeriod::Year),
        containing: reader.date("containing"),
    });
    let after = reader.part("after", "a count of days", |reader| after(reader, names, own));
    if ["due_on", "end_of", "after"].iter().filter(|field| reader.has(field)).count() > 1 {
        let message = "only one of due_on, end_of and after is allowed";
        reader.add_error(
            reader.line(),
            if reader.has("after") { "after" } else { "end_of" },
            message,
        );
    }
    day.or(end_of).or(after.flatten())
}

/// Reads the table `after`.
fn after<'a>(
    reader: &mut Reader<'a>,
    names: &Names<'a>,
    own: Option<ClauseId>,
) -> Option<DeadlineBasis> {
    let days = reader.integer("days");
    let event = reader.reference_optional("event", &names.events).map(Anchor::Event);
    let completion =
        reader.reference_optional("completion", &names.clauses).map(Anchor::Completion);
    let deadline = reader.reference_optional("deadline", &DeadlineLookup { names, own });
    let given: Vec<&str> =
        ["event", "completion", "deadline"].into_iter().filter(|field| reader.has(field)).collect();
    match given.as_slice() {
        [_] => {}
        [] => {
            reader.add_error(
                reader.line(),
                "days",
                "require one of event, completion and deadline",
            );
        }
        [_, second, ..] => reader.add_error(
            reader.line(),
            second,
            "only one of event, completion and deadline is allowed",
        ),
    }
    let deadline = deadline.map(|(clause, key)| Anchor::Deadline { clause, key });
    let anchor = event.or(completion).or(deadline)?;
    Some(DeadlineBasis::After { days, anchor })
}

/// Looks up a deadline by name. `own` is the id of the clause that contains the reference. The key is checked when all
/// clauses have been written.
struct DeadlineLookup<'n, 'a> {
    names: &'n Names<'a>,
    own: Option<ClauseId>,
}

impl Lookup for DeadlineLookup<'_, '_> {
    /// The clause and the key. The clause is `None` for a deadline of the same clause.
    type Output = (Option<ClauseId>, String);

    fn look_up(&self, name: &str) -> Result<Self::Output, Option<String>> {
        let Some((clause, key)) = name.rsplit_once('#') else {
            let message = format!(
                "{} does not name a deadline; expected #KEY for a deadline of the same clause, or AGREEMENT/NUMBER#KEY",
                quote(name)
            );
            return Err(Some(message));
        };
        let clause = match clause {
            "" => None,
            clause => Some(self.names.clauses.look_up(clause)?),
        };
        Ok((clause.filter(|clause| Some(*clause) != self.own), key.to_owned()))
    }
}
