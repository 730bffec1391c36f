//! Citations: the links from events and assessments to sources, with the place in each source.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable, Text};
use serde_json::json;

use super::link::Links;
use super::query::{self, Sql};
use super::rows::Lookup;
use super::{DbConnection, Dialect, Error};
use crate::domain::Id;
use crate::domain::citation::{Citation, CitationDetails};
use crate::domain::id::SourceId;

/// The citations of assessments, in order.
pub const OF_ASSESSMENTS: Lookup = Lookup {
    from: "assessment_evidence AS citations WHERE",
    key: "citations.assessment_id",
    order: "citations.position",
};

/// The citations of events, in order.
pub const OF_EVENTS: Lookup = Lookup {
    from: "event_sources AS citations WHERE",
    key: "citations.event_id",
    order: "citations.position",
};

/// The evidence of assessments.
pub(super) const EVIDENCE: Citations = Citations::new("assessment_evidence", "assessment_id");
/// The sources of events.
pub(super) const EVENT_SOURCES: Citations = Citations::new("event_sources", "event_id");

/// A table of citations.
#[derive(Clone, Copy)]
pub(super) struct Citations {
    table: &'static str,
    /// The column that refers to the citing record.
    from: &'static str,
}

impl Citations {
    const fn new(table: &'static str, from: &'static str) -> Self {
        Self { table, from }
    }

    /// The citations, in order, keyed by the citing record.
    pub(super) fn load<F>(
        self,
        connection: &mut DbConnection,
        ids: &[Id<F>],
    ) -> Result<HashMap<String, Vec<Citation>>, Error> {
        type Columns = (Text, Text, Nullable<Text>, Nullable<Text>, Nullable<Date>);
        type Values = (String, SourceId, Option<String>, Option<String>, Option<NaiveDate>);
        let Self { table, from } = self;
        let sql = Sql::new(format!(
            "SELECT {from}, source_id, locator, quotation, accessed_on FROM {table} WHERE "
        ))
        .one_or_any_of(connection.dialect(), from, ids)
        .text(format!(" ORDER BY {from}, position"));
        let mut citations: HashMap<String, Vec<Citation>> = HashMap::new();
        for values in query::rows::<Columns, Values>(connection, sql)? {
            let (id, source, locator, quotation, accessed_on) = values;
            let details = CitationDetails { locator, quotation, accessed_on };
            citations.entry(id).or_default().push(Citation { source, details });
        }
        Ok(citations)
    }

    /// Adds citations to each of these records with one statement. The old citations must already be deleted.
    pub(super) fn insert<'a, F: 'a>(
        self,
        connection: &mut DbConnection,
        citations: impl Iterator<Item = (Id<F>, &'a Vec<Citation>)>,
    ) -> Result<(), Error> {
        let rows = citations.flat_map(|(id, citations)| {
            (1..).zip(citations).map(move |(position, Citation { source, details }): (i32, _)| {
                let CitationDetails { locator, quotation, accessed_on } = details;
                json!([id.as_str(), source.as_str(), position, locator, quotation, accessed_on])
            })
        });
        let rows: Vec<serde_json::Value> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        let Self { table, from } = self;
        let columns = [
            ("record_id", "TEXT"),
            ("source_id", "TEXT"),
            ("position", "INTEGER"),
            ("locator", "TEXT"),
            ("quotation", "TEXT"),
            ("accessed_on", "DATE"),
        ];
        let sql = Sql::new(format!(
            "INSERT INTO {table} ({from}, source_id, position, locator, quotation, accessed_on) "
        ))
        .select_given(connection.dialect(), &columns, &rows.into());
        query::execute(connection, sql)?;
        Ok(())
    }

    /// Deletes the citations of a record.
    pub(super) fn delete<F>(self, connection: &mut DbConnection, id: Id<F>) -> Result<(), Error> {
        Links::new(self.table, self.from, "source_id").delete(connection, id)
    }

    /// The expression for a JSON array of the citations of the record whose id is in the column `id`, in order. [`parsed`]
    /// parses it.
    pub(super) fn as_text(self, dialect: Dialect, id: &str) -> String {
        const COLUMNS: &str = "source_id, locator, quotation, accessed_on";
        let Self { table, from } = self;
        match dialect {
            Dialect::Sqlite => format!(
                "(SELECT json_group_array(json_array({COLUMNS})) FROM \
                 (SELECT {COLUMNS} FROM {table} WHERE {from} = {id} ORDER BY position))"
            ),
            Dialect::Postgres => format!(
                "coalesce((SELECT json_agg(json_build_array({COLUMNS}) ORDER BY position) \
                 FROM {table} WHERE {from} = {id})::text, '[]')"
            ),
        }
    }
}

/// Parses an array that [`Citations::as_text`] returned.
///
/// # Errors
/// The text is not an array of citations.
pub(super) fn parsed(array: &str) -> Result<Vec<Citation>, Error> {
    type Values = (String, Option<String>, Option<String>, Option<NaiveDate>);
    let invalid = || Error::Internal(format!("“{array}” is not a JSON array of citations"));
    let rows: Vec<Values> = serde_json::from_str(array).map_err(|_| invalid())?;
    let citation = |(source, locator, quotation, accessed_on): Values| {
        let source = Id::stored(&source).ok_or_else(invalid)?;
        Ok(Citation { source, details: CitationDetails { locator, quotation, accessed_on } })
    };
    rows.into_iter().map(citation).collect()
}
