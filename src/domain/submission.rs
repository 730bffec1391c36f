//! Submissions: assessments that an account submitted, and that another account publishes or declines.

use super::string_enum::string_enum;
use super::{ValidationErrorCode, ValidationErrors, text};

/// The maximum number of comments on a submission.
pub const MAX_COMMENTS: usize = 200;

/// Whether new statuses need a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewMode {
    /// An editor can record a status without a review.
    Off,
    /// A status must be published by an account other than the account that submitted it.
    Required,
}

string_enum! {
    /// The state of a submission.
    SubmissionState {
        /// The submission waits for review.
        Open = "open",
        /// Another account published the assessment.
        Published = "published",
        /// Another account declined the submission.
        Declined = "declined",
        /// The account that submitted the assessment withdrew the submission.
        Withdrawn = "withdrawn",
    }
}

/// The way in which a submission ends without being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// Another account declines the submission.
    Decline,
    /// The account that submitted the assessment withdraws the submission.
    Withdraw,
}

impl Rejection {
    /// The state of the submission afterwards.
    #[must_use]
    pub fn state(self) -> SubmissionState {
        match self {
            Self::Decline => SubmissionState::Declined,
            Self::Withdraw => SubmissionState::Withdrawn,
        }
    }
}

/// Adds the errors of a new comment. `count` is the number of comments so far.
pub fn check_comment(errors: &mut ValidationErrors, comment: &str, count: usize) {
    text::check(errors, "text", comment, text::MAX_PROSE);
    if count >= MAX_COMMENTS {
        let message = format!("a submission has at most {MAX_COMMENTS} comments");
        errors.add(ValidationErrorCode::OutOfRange, "text", message);
    }
}
