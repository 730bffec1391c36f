//! The columns of a sheet.

use crate::domain::StringEnum;
use crate::domain::string_enum::string_enum;

string_enum! {
    /// A column of a sheet.
    Column {
        /// The assessed record. Required.
        Reference = "reference",
        /// The status. Required.
        Status = "status",
        /// The first day of the status. Required.
        Date = "date",
        /// The party that holds the view.
        Holder = "holder",
        /// The parties responsible for the breach.
        Breaker = "breaker",
        /// The reason. Required.
        Note = "note",
        /// A recorded source.
        Source = "source",
        /// The place in the source.
        Locator = "locator",
        /// The confidence.
        Confidence = "confidence",
        /// The momentum.
        Momentum = "momentum",
    }
}

impl Column {
    /// The columns that are required in every sheet, with a value in every row.
    pub const REQUIRED: [Self; 4] = [Self::Reference, Self::Status, Self::Date, Self::Note];

    /// The other names that the column may have.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::Reference => &["ref", "record", "clause", "caveat", "subject", "number"],
            Self::Date => &[
                "day",
                "since",
                "in effect since",
                "effective",
                "effective on",
                "effective date",
                "effectiveon",
                "effectivedate",
            ],
            Self::Holder => &["held by", "heldby", "view", "viewpoint", "party"],
            Self::Breaker => &["breakers", "breached by", "breachedby"],
            Self::Note => &["reason", "comment"],
            Self::Source => &["evidence"],
            Self::Locator => &["place", "page", "place in source"],
            Self::Status | Self::Confidence | Self::Momentum => &[],
        }
    }

    /// The column with this name. Ignores case.
    #[must_use]
    pub fn of_title(title: &str) -> Option<Self> {
        let title = plain(title);
        let has_title =
            |column: &Self| column.as_str() == title || column.synonyms().contains(&title.as_str());
        Self::ALL.iter().copied().find(has_title)
    }

    /// The column for this field of an assessment.
    #[must_use]
    pub fn of_field(field: &str) -> Option<Self> {
        Some(match field {
            "subject" => Self::Reference,
            "status" => Self::Status,
            "effective_on" => Self::Date,
            "held_by" => Self::Holder,
            "breached_by" => Self::Breaker,
            "note" => Self::Note,
            "evidence" => Self::Source,
            "confidence" => Self::Confidence,
            "momentum" => Self::Momentum,
            _ => return None,
        })
    }
}

/// The text in lower case, with single spaces.
#[must_use]
pub fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c == '_')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}
