//! The pages that need JavaScript: forms, and pages that show results for the reader's input.

use super::content::{PageText, TextSource};

/// A page that has only a title. Search engines may list it if `is_indexed`.
const fn title(
    path: &'static str,
    title: &'static str,
    description: &'static str,
    is_indexed: bool,
) -> PageText {
    PageText { path, source: TextSource::Title { title, description, is_indexed } }
}

pub const PAGES: [PageText; 12] = [
    title("/search", "Search", "Search agreements, clauses, proposals, events and sources.", true),
    title("/views", "Views side by side", "The status of clauses in the view of each party.", true),
    title(
        "/agreements/:slug/views",
        "Views side by side",
        "The status of the clauses of an agreement in the view of each party.",
        false,
    ),
    title(
        "/agreements/:slug/coding",
        "Coding",
        "The statuses that several people gave to the clauses independently, and the degree of their agreement.",
        false,
    ),
    title("/review", "Review", "Statuses that editors submitted for review.", false),
    title("/my-work", "My work", "Watched pages, drafts, and clauses to be checked again.", false),
    title("/new/agreement/guided", "New agreement", "Create an agreement from its text.", false),
    title("/new/:kind", "New record", "Create a record.", false),
    title("/edit/:kind/:id", "Edit a record", "Edit a record.", false),
    title("/record-sheet", "Record a sheet", "Record assessments from a spreadsheet.", false),
    title("/sign-in", "Sign in", "Sign in with an access token.", false),
    title("/tokens", "Access tokens", "The access tokens of this server.", false),
];
