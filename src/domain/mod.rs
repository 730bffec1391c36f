//! The domain rules. They use no database, no framework, and no clock except [`day::now`].
//!
//! The file of each kind of record contains its enums, its *content*, and the rules for that content. The content is
//! all that input may state about a record. Creating, updating, importing and logging use the same content.

pub mod agreement;
pub mod alphabet;
pub mod assessment;
pub mod batch;
pub mod caveat;
pub mod citation;
pub mod clause;
pub mod coding;
pub mod comparison;
pub mod content;
pub mod criterion;
pub mod day;
pub mod deadline;
pub mod due_dates;
pub mod edtf;
pub mod ending;
pub mod event;
pub mod external_id;
pub mod global_id;
pub mod id;
pub mod idempotency;
pub mod implementation;
pub mod interpretation;
pub mod interval;
pub mod language;
pub mod merkle;
pub mod outline;
pub mod pa_x;
pub mod page_address;
pub mod party;
pub mod perspective;
pub mod precondition;
pub mod proposal;
pub mod provenance;
pub mod public_address;
pub mod release;
pub mod reliability;
pub mod search;
pub mod sequence;
pub mod source;
pub mod status;
pub mod status_check;
pub mod string_enum;
pub mod submission;
pub mod suggestion;
pub mod text;
pub mod token;
pub mod topic;
pub mod topic_treatment;
pub mod validation;
pub mod viewer;
pub mod webhook;

pub use content::{Content, Field, Reference, ValueKind};
pub use global_id::GlobalId;
pub use id::{Id, Kind};
pub use string_enum::StringEnum;
pub use validation::{ValidationError, ValidationErrorCode, ValidationErrors};
