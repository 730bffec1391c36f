//! The summary of an import.

use std::fmt;

use crate::db::assessment_import::ImportOutcome;
use crate::domain::ValidationErrors;

/// The number of created, updated and unchanged records of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New records.
    pub created: usize,
    /// Changed records.
    pub updated: usize,
    /// Records without changes, and archived records.
    pub unchanged: usize,
}

/// The number of recorded, retracted and unchanged assessments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssessmentCounts {
    /// New assessments, including corrections.
    pub recorded: usize,
    /// Assessments that were retracted, because the dossier now contains a different assessment for the same day.
    pub retracted: usize,
    /// Assessments that were imported before, or whose subject is archived.
    pub unchanged: usize,
}

impl AssessmentCounts {
    /// Counts an outcome. Returns the errors of an assessment that failed.
    pub(crate) fn add(&mut self, outcome: ImportOutcome) -> Option<ValidationErrors> {
        match outcome {
            ImportOutcome::Unchanged => self.unchanged += 1,
            ImportOutcome::Recorded => self.recorded += 1,
            ImportOutcome::Corrected => {
                self.recorded += 1;
                self.retracted += 1;
            }
            ImportOutcome::Failed(errors) => return Some(errors),
        }
        None
    }
}

/// The summary of an import, with counts for each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Topics.
    pub topics: Counts,
    /// Parties.
    pub parties: Counts,
    /// Sources.
    pub sources: Counts,
    /// Agreements.
    pub agreements: Counts,
    /// Clauses.
    pub clauses: Counts,
    /// Proposals.
    pub proposals: Counts,
    /// Caveats.
    pub caveats: Counts,
    /// Preconditions.
    pub preconditions: Counts,
    /// Interpretations.
    pub interpretations: Counts,
    /// Events.
    pub events: Counts,
    /// Assessments.
    pub assessments: AssessmentCounts,
}

impl Summary {
    /// Whether the import changed nothing.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        let of_records = |(_, tally): (_, Counts)| tally.created == 0 && tally.updated == 0;
        let AssessmentCounts { recorded, retracted, .. } = self.assessments;
        self.counts().into_iter().all(of_records) && recorded == 0 && retracted == 0
    }

    /// The name and the counts of each kind of record, except assessments.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, Counts); 10] {
        [
            ("topics", self.topics),
            ("parties", self.parties),
            ("sources", self.sources),
            ("agreements", self.agreements),
            ("clauses", self.clauses),
            ("proposals", self.proposals),
            ("caveats", self.caveats),
            ("preconditions", self.preconditions),
            ("interpretations", self.interpretations),
            ("events", self.events),
        ]
    }
}

/// One line for each kind with records: `clauses: 2 created, 1 updated, 71 unchanged`.
impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AssessmentCounts { recorded, retracted, unchanged } = self.assessments;
        let of_records = self.counts().map(|(kind, tally)| {
            let Counts { created, updated, unchanged } = tally;
            (kind, [(created, "created"), (updated, "updated"), (unchanged, "unchanged")])
        });
        let of_assessments =
            [(recorded, "recorded"), (retracted, "retracted"), (unchanged, "unchanged")];
        let kinds = of_records.into_iter().chain([("assessments", of_assessments)]);
        let lines = kinds.filter_map(|(kind, counts)| {
            let counts: Vec<String> = counts
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, verb)| format!("{count} {verb}"))
                .collect();
            (!counts.is_empty()).then(|| format!("{kind}: {}", counts.join(", ")))
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() {
            return formatter.write_str("no records");
        }
        formatter.write_str(&lines.join("\n"))
    }
}
