//! The API: types, queries and mutations. Knows the database by its nouns, and nothing of HTTP.
//!
//! Each noun's file holds its type, its filters and its queries; the file of the same name in `edit` holds its
//! mutations. Subscriptions are all in `subscription`.

mod agreement;
mod assessment;
mod batch;
mod bounds;
mod caveat;
mod change;
mod clause;
mod comparison;
mod completion;
mod cost;
mod deadline;
mod edit;
mod error;
mod event;
mod execution;
mod implementation;
mod node;
mod order;
mod page;
mod party;
mod precondition;
mod proposal;
mod scalar;
mod search;
mod sequence;
mod sign_in;
mod source;
mod status_change;
mod subscription;
mod timeline;
mod token;
mod topic;
mod trackable;
mod types;
mod user_error;
mod validation;
mod view;
mod viewer;

use async_graphql::{
    EmptyMutation, EmptySubscription, MergedObject, SDLExportOptions, ValidationMode,
};

pub use error::Code;
pub use execution::{Executor, Parsed};
pub use sign_in::SIGN_IN_SECONDS;

use crate::limits::DEEPEST;

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    node::NodeQuery,
    agreement::AgreementQuery,
    clause::ClauseQuery,
    proposal::ProposalQuery,
    caveat::CaveatQuery,
    party::PartyQuery,
    topic::TopicQuery,
    event::EventQuery,
    implementation::ImplementationQuery,
    sequence::SequenceQuery,
    search::SearchQuery,
    timeline::TimelineQuery,
    change::ChangeQuery,
    viewer::ViewerQuery,
    token::TokenQuery,
    cost::CostQuery,
);

/// The schema.
pub type Schema = async_graphql::Schema<Query, edit::Mutation, subscription::Subscription>;

/// Subscriptions as queries, one for each event: see [`subscription`].
type Events = async_graphql::Schema<subscription::Subscription, EmptyMutation, EmptySubscription>;

/// The schema, without a database: the server and the export share it.
#[must_use]
pub fn schema() -> Schema {
    Schema::build(Query::default(), edit::Mutation::default(), subscription::Subscription)
        .register_output_type::<node::Node>()
        .register_output_type::<trackable::Trackable>()
        .register_output_type::<assessment::Assessment>()
        .limit_recursive_depth(DEEPEST)
        // Every document has been checked before: see `validation`.
        .validation_mode(ValidationMode::Fast)
        .finish()
}

/// The schema that events are resolved by.
fn events() -> Events {
    Events::build(subscription::Subscription, EmptyMutation, EmptySubscription)
        .limit_recursive_depth(DEEPEST)
        .finish()
}

/// The contract: what stands in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by();
    let sdl = schema().sdl_with_options(options);
    let lines: Vec<&str> = sdl.lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n").trim_end())
}
