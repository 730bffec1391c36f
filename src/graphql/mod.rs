//! The API: types, queries, mutations and subscriptions. It is independent of HTTP.
//!
//! The file of a kind of record contains `RECORDS` (for reading records by id), `objects` (its object types, as tables of
//! fields), `queries` (its fields of `Query`), and its enums and filters. The file with the same name in `mutation` contains
//! its mutations. `engine` executes operations with the tables, and `contract` prints `schema.graphql` from them.

use std::sync::{Arc, LazyLock};

mod agreement;
mod assessable;
mod assessment;
mod caveat;
mod change;
mod change_filter;
mod citation;
mod clause;
mod coding;
mod comparison;
mod contract;
mod cost;
mod criterion;
mod deadline;
mod edtf;
mod ending;
mod engine;
mod error;
mod event;
mod executor;
mod external_id;
mod implementation;
mod interpretation;
mod mutation;
mod node;
mod order;
mod party;
mod perspective;
mod precondition;
mod proposal;
mod provenance;
mod release;
mod scalar;
mod search;
mod sequence;
mod sign_in;
mod source;
mod status_change;
mod status_check;
mod submission;
mod subscription;
mod text_filter;
mod timeline;
mod token;
mod topic;
mod topic_treatment;
mod trusted;
mod user_error;
mod viewer;
mod webhook;

pub use crate::db::LogPoint;
pub use apollo_compiler::executable::OperationType;
pub use change::cursor_of_position;
pub use contract::sdl;
pub use engine::response::{FieldError, Freshness, Response};
pub use error::{Code, Error};
pub use executor::{
    Conditions, Document, Executor, FieldDescription, ListDocument, PageReader, Parsed,
    PreparedDocument, ReadAccess, Request,
};
pub use sign_in::SIGN_IN_SECONDS;
pub use trusted::Manifest;

use engine::schema::{Abstract, Object, Record, Schema};

/// The schema from the tables of all files. It depends on no setting, so all executors of a process share it.
///
/// # Errors
/// Fails if the tables are not a valid schema.
fn schema() -> Result<Arc<Schema>, String> {
    static SCHEMA: LazyLock<Result<Arc<Schema>, String>> =
        LazyLock::new(|| Schema::new(objects(), records(), &sdl()).map(Arc::new));
    SCHEMA.clone()
}

fn objects() -> Vec<Object> {
    let mut objects = vec![
        query(),
        mutation::object(),
        subscription::object(),
        engine::connection::page_info_object(),
        user_error::object(),
    ];
    for of in [
        agreement::objects,
        assessment::objects,
        caveat::objects,
        change::objects,
        citation::objects,
        clause::objects,
        coding::objects,
        comparison::objects,
        cost::objects,
        criterion::objects,
        deadline::objects,
        event::objects,
        external_id::objects,
        implementation::objects,
        interpretation::objects,
        mutation::objects,
        party::objects,
        precondition::objects,
        proposal::objects,
        release::objects,
        search::objects,
        sequence::objects,
        source::objects,
        status_change::objects,
        status_check::objects,
        submission::objects,
        timeline::objects,
        token::objects,
        topic::objects,
        topic_treatment::objects,
        viewer::objects,
        webhook::objects,
    ] {
        objects.extend(of());
    }
    objects
}

fn query() -> Object {
    Object::new("Query", "All queries. Reading is public unless the server runs with `--private`.")
        .fields(node::queries)
        .fields(external_id::queries)
        .fields(agreement::queries)
        .fields(assessment::queries)
        .fields(clause::queries)
        .fields(coding::queries)
        .fields(deadline::queries)
        .fields(proposal::queries)
        .fields(caveat::queries)
        .fields(party::queries)
        .fields(source::queries)
        .fields(topic::queries)
        .fields(event::queries)
        .fields(implementation::queries)
        .fields(interpretation::queries)
        .fields(sequence::queries)
        .fields(search::queries)
        .fields(timeline::queries)
        .fields(change::queries)
        .fields(release::queries)
        .fields(submission::queries)
        .fields(viewer::queries)
        .fields(token::queries)
        .fields(webhook::queries)
        .fields(cost::queries)
}

fn abstracts() -> Vec<Abstract> {
    vec![
        node::interface(),
        assessable::interface(),
        assessment::interface(),
        deadline::basis(),
        implementation::group_key(),
        search::item(),
        timeline::entry(),
    ]
}

fn records() -> Vec<Record> {
    let mut records = Vec::new();
    records.extend(agreement::RECORDS);
    records.extend(assessment::RECORDS);
    records.extend(caveat::RECORDS);
    records.extend(clause::RECORDS);
    records.extend(deadline::RECORDS);
    records.extend(event::RECORDS);
    records.extend(external_id::RECORDS);
    records.extend(interpretation::RECORDS);
    records.extend(party::RECORDS);
    records.extend(precondition::RECORDS);
    records.extend(proposal::RECORDS);
    records.extend(release::RECORDS);
    records.extend(source::RECORDS);
    records.extend(status_check::RECORDS);
    records.extend(submission::RECORDS);
    records.extend(token::RECORDS);
    records.extend(topic::RECORDS);
    records.extend(webhook::RECORDS);
    records
}
