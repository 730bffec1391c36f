//! What an import did.

use std::fmt;

/// How many records of one kind were created, updated, or as they should be already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// That were not there before.
    pub created: usize,
    /// That were there, and different.
    pub updated: usize,
    /// That were there and the same, or are archived.
    pub unchanged: usize,
}

/// How many assessments were recorded and retracted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AssessmentCounts {
    /// That were recorded, corrections among them.
    pub recorded: usize,
    /// That were retracted, since the dossier now says something else of the same day.
    pub retracted: usize,
    /// That an import had brought before, or whose subject is archived.
    pub unchanged: usize,
}

/// What an import did, kind by kind.
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
    /// Events.
    pub events: Counts,
    /// Assessments.
    pub assessments: AssessmentCounts,
}

impl Summary {
    /// Whether everything was as it should be already.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        let of_records = |(_, tally): (_, Counts)| tally.created == 0 && tally.updated == 0;
        let AssessmentCounts { recorded, retracted, .. } = self.assessments;
        self.counts().into_iter().all(of_records) && recorded == 0 && retracted == 0
    }

    /// Every kind of record with its tally, assessments apart.
    #[must_use]
    pub fn counts(&self) -> [(&'static str, Counts); 9] {
        [
            ("topics", self.topics),
            ("parties", self.parties),
            ("sources", self.sources),
            ("agreements", self.agreements),
            ("clauses", self.clauses),
            ("proposals", self.proposals),
            ("caveats", self.caveats),
            ("preconditions", self.preconditions),
            ("events", self.events),
        ]
    }
}

/// A line for each kind that there was anything of: `clauses: 2 created, 1 updated, 71 unchanged`.
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
                .map(|(count, what)| format!("{count} {what}"))
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
