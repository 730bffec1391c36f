//! The columns of the exported lists, in groups. Several lists can use the same group.

use crate::export::column::{Column, ColumnValue, column, field, words};

type Group = &'static [Column];

/// The parameters that select the statuses.
const VIEW: Group = &[
    column(
        "asOf",
        ColumnValue::View("asOf"),
        "Day at the end of which the statuses apply, from the parameter `asOf`. Default: the day of the export (UTC).",
    ),
    column(
        "knownAt",
        ColumnValue::View("knownAt"),
        "Time by which the exported data had been recorded, from the parameter `knownAt`. Empty if the export uses the current data, or the data of the release in `knownAtRelease`.",
    ),
    column(
        "knownAtRelease",
        ColumnValue::View("knownAtRelease"),
        "Release whose time is used as `knownAt`, from the parameter `knownAtRelease`.",
    ),
    column(
        "heldBy",
        ColumnValue::View("heldBy"),
        "Party whose assessments are used, from the parameter `heldBy`. Empty for the neutral record.",
    ),
];

/// The status in force, as the parameters in `VIEW` select it.
const STATUS: Group = &[
    field("status", "status"),
    words("statusLabel", "status"),
    field("statusSince", "statusSince"),
    field("isContested", "isContested"),
    field("checkedOn", "checkedOn"),
];

/// The assessment in force, as the parameters in `VIEW` select it.
const ASSESSMENT: Group = &[
    field("assessmentId", "assessment.id"),
    field("effectiveDate", "assessment.effectiveDate"),
    field("momentum", "assessment.momentum"),
    words("momentumLabel", "assessment.momentum"),
    field("assessmentConfidence", "assessment.confidence"),
    words("assessmentConfidenceLabel", "assessment.confidence"),
    field("assessmentNote", "assessment.note"),
    field("breachedBy", "assessment.breachedBy.slug").about("Slugs of the parties that are responsible for the breach according to the assessment."),
    field("eventId", "assessment.event.id").about("Id of the event that caused the status."),
    field("recordedAt", "assessment.recordedAt"),
    field("recordedBy", "assessment.recordedBy"),
    field("evidenceIds", "assessment.citations.source.id").about("Ids of the sources that support the assessment. The other columns of the evidence list the sources in the same order."),
    field("evidenceTitles", "assessment.citations.source.title").about("Titles of the sources in `evidenceIds`."),
    field("evidenceUrls", "assessment.citations.source.url").about("Addresses of the sources in `evidenceIds`."),
    field("evidenceArchivedUrls", "assessment.citations.source.archivedUrl").about("Addresses of archived copies of the sources in `evidenceIds`."),
    field("evidenceLocators", "assessment.citations.locator").about("Places in the sources in `evidenceIds`."),
    field("evidenceQuotations", "assessment.citations.quotation").about("Verbatim quotations from the sources in `evidenceIds`."),
    field("evidenceAccessedOn", "assessment.citations.accessedOn").about("Days on which the sources in `evidenceIds` were read."),
];

/// The source of a record, and the confidence in it.
const PROVENANCE: Group = &[
    field("confidence", "confidence"),
    words("confidenceLabel", "confidence"),
    field("note", "note"),
    field("sourceId", "source.id").about("Id of the source of this record."),
    field("sourceTitle", "source.title").about("Title of the source of this record."),
    field("sourceUrl", "source.url").about("Address of the source of this record."),
    field("sourceArchivedUrl", "source.archivedUrl")
        .about("Address of an archived copy of the source of this record."),
    field("sourceLocator", "sourceLocator"),
];

/// The identifiers of a record in other collections, and its version.
const IDENTITY: Group = &[
    field("externalIdSchemes", "externalIds.scheme")
        .about("Schemes of the identifiers in other collections."),
    field("externalIds", "externalIds.value")
        .about("Identifiers in other collections, in the order of the previous column."),
    field("version", "version"),
    field("changedAt", "changedAt"),
];

/// The sources of an event or an assessment.
const CITATIONS: Group = &[
    field("sourceIds", "citations.source.id").about(
        "Ids of the cited sources. The other columns of the sources list them in the same order.",
    ),
    field("sourceTitles", "citations.source.title").about("Titles of the cited sources."),
    field("sourceUrls", "citations.source.url").about("Addresses of the cited sources."),
    field("sourceArchivedUrls", "citations.source.archivedUrl")
        .about("Addresses of archived copies of the cited sources."),
    field("sourceLocators", "citations.locator").about("Places in the cited sources."),
    field("sourceQuotations", "citations.quotation")
        .about("Verbatim quotations from the cited sources."),
    field("sourceAccessedOn", "citations.accessedOn")
        .about("Days on which the cited sources were read."),
];

/// A column with the address of the record's page.
const fn page(paths: &'static [&'static str]) -> Column {
    column("url", ColumnValue::Page(paths), "Address of the page that shows the record.")
}

pub const AGREEMENTS: &[Group] = &[
    &[
        field("id", "id"),
        field("slug", "slug"),
        field("shortTitle", "shortTitle"),
        field("title", "title"),
        field("aliases", "aliases"),
        field("kind", "kind"),
        words("kindLabel", "kind"),
        field("agreedOn", "agreedOn"),
        field("place", "place"),
        field("adoption", "adoption"),
        field("summary", "summary"),
        field("partyIds", "parties.party.id")
            .about("Ids of the parties. The other columns of the parties list them in the same order."),
        field("partySlugs", "parties.party.slug").about("Slugs of the parties."),
        field("partyNames", "parties.party.name").about("Names of the parties."),
        field("partyRoles", "parties.role").about("Roles of the parties."),
        field("partyHolders", "parties.heldBy.slug")
            .about("Slugs of the parties in whose view the roles apply. Null for roles in the neutral record."),
        field("endedOn", "ending.endedOn"),
        field("ending", "ending.kind"),
        words("endingLabel", "ending.kind"),
        field("coveredFrom", "coveredFrom"),
        field("coveredTo", "coveredTo"),
        field("notCovered", "notCovered"),
        field("clauses", "implementation.total"),
        field("clauseStatuses", "implementation.breakdown.status").about(
            "All statuses, in the order of the counts in the next column.",
        ),
        field("clauseStatusCounts", "implementation.breakdown.count")
            .about("For each status in the previous column: the number of clauses that have it at the end of `asOf`. An agreement that has ended is counted in the same way."),
        field("clausesCounted", "implementation.counted"),
        field("clausesAssessed", "implementation.assessed").about(
            "Number of clauses that the score is based on: those in `clausesCounted` that are not UNASSESSED.",
        ),
        column(
            "score",
            ColumnValue::Rounded("implementation.score"),
            "Score of the implementation, 0 to 100, rounded to one decimal place. Empty if the API returns null.",
        ),
    ],
    VIEW,
    PROVENANCE,
    IDENTITY,
    &[page(&["agreements/{slug}"])],
];

pub const CLAUSES: &[Group] = &[
    &[
        field("id", "id"),
        field("reference", "reference"),
        field("agreementId", "agreement.id").about("Id of the agreement."),
        field("agreementSlug", "agreement.slug")
            .about("Slug of the agreement. With `number`, it names the clause."),
        field("agreement", "agreement.shortTitle").about("Short title of the agreement."),
        field("number", "number"),
        field("position", "position"),
        field("parentId", "parent.id").about("Id of the clause that this one is a part of."),
        field("parentNumber", "parent.number")
            .about("Number of the clause that this one is a part of."),
        field("heading", "heading"),
        field("aliases", "aliases"),
        field("topicSlug", "topic.slug").about("Slug of the topic."),
        field("topic", "topic.name").about("Name of the topic."),
        field("nature", "nature"),
        words("natureLabel", "nature"),
        field("weight", "weight"),
        field("summary", "summary"),
        field("text", "text"),
        field("partySlugs", "obligations.party.slug")
            .about("Slugs of the parties with a role in the clause."),
        field("partyRoles", "obligations.role").about("Roles of the parties in `partySlugs`, in the same order."),
        field("partyHolders", "obligations.heldBy.slug").about(
            "Slugs of the parties in whose view the roles apply, in the same order. Null for roles in the neutral record.",
        ),
        field("deadlineDays", "deadlines.dueOn").about(
            "Due dates of the deadlines. All columns of deadlines list them in the same order.",
        ),
        field("deadlineRules", "deadlines.rule").about("Rules of the deadlines in words."),
        field("deadlinePhases", "deadlines.phase")
            .about("Whether the deadlines are for starting or finishing the clause."),
        field("deadlineHolders", "deadlines.heldBy.slug").about(
            "Slugs of the parties in whose view the deadlines apply. Null for deadlines in the neutral record.",
        ),
    ],
    VIEW,
    STATUS,
    &[field("isOverdue", "isOverdue")],
    ASSESSMENT,
    PROVENANCE,
    IDENTITY,
    &[page(&["agreements/{agreement.slug}/clauses/{number}"])],
];

pub const ASSESSMENTS: &[Group] = &[
    &[
        field("id", "id"),
        field("subjectType", "clause.__typename|caveat.__typename|proposal.__typename").about("Type of the subject: Clause, Caveat or Proposal."),
        field("subjectId", "clause.id|caveat.id|proposal.id").about("Id of the subject."),
        field("reference", "clause.reference|caveat.reference|proposal.reference"),
        field("agreementSlug", "clause.agreement.slug").about("Slug of the agreement, if the subject is a clause."),
        field("proposalSlug", "caveat.proposal.slug|proposal.slug").about("Slug of the proposal, if the subject is a proposal or a caveat."),
        field("number", "clause.number|caveat.number").about("Number of the clause or caveat."),
        field("heldById", "heldBy.id").about("Id of the party that holds the assessment. Empty for the neutral record."),
        field("heldBy", "heldBy.slug").about("Slug of the party that holds the assessment. Empty for the neutral record."),
        field("status", "clauseStatus|caveatStatus|proposalStatus").about("Assessed status."),
        words("statusLabel", "clauseStatus|caveatStatus|proposalStatus"),
        field("previousStatus", "previousClauseStatus|previousCaveatStatus|previousProposalStatus").about("Status according to the same holder before this assessment took effect. Empty for the first assessment."),
        field("effectiveOn", "effectiveOn"),
        field("effectiveDate", "effectiveDate"),
        field("momentum", "momentum"),
        words("momentumLabel", "momentum"),
        field("confidence", "confidence"),
        words("confidenceLabel", "confidence"),
        field("note", "note"),
        field("breachedBy", "breachedBy.slug").about("Slugs of the parties that are responsible for the breach according to the assessment."),
        field("eventId", "event.id").about("Id of the event that caused the status."),
    ],
    CITATIONS,
    &[
        field("recordedAt", "recordedAt"),
        field("recordedBy", "recordedBy"),
        field("submittedBy", "submittedBy"),
        field("retractedAt", "retractedAt"),
        field("retractedBy", "retractedBy"),
        field("retractionReason", "retractionReason"),
        page(&[
            "agreements/{clause.agreement.slug}/clauses/{clause.number}",
            "proposals/{caveat.proposal.slug}#{caveat.number}",
            "proposals/{proposal.slug}",
        ]),
    ],
];

pub const PROPOSALS: &[Group] = &[
    &[
        field("id", "id"),
        field("slug", "slug"),
        field("title", "title"),
        field("aliases", "aliases"),
        field("madeOn", "madeOn"),
        field("standing", "standing"),
        words("standingLabel", "standing"),
        field("isPackage", "isPackage"),
        field("proposedBy", "proposedBy.slug")
            .about("Slugs of the parties that made the proposal."),
        field("addressedTo", "addressedTo.slug").about("Slugs of the parties asked to answer."),
        field("agreementSlugs", "agreements.slug")
            .about("Slugs of the agreements that the proposal is about."),
        field("respondsTo", "respondsTo.slug").about("Slug of the proposal that this one answers."),
        field("summary", "summary"),
    ],
    VIEW,
    STATUS,
    ASSESSMENT,
    PROVENANCE,
    IDENTITY,
    &[page(&["proposals/{slug}"])],
];

pub const CAVEATS: &[Group] = &[
    &[
        field("id", "id"),
        field("reference", "reference"),
        field("proposalId", "proposal.id").about("Id of the proposal."),
        field("proposalSlug", "proposal.slug")
            .about("Slug of the proposal. With `number`, it names the caveat."),
        field("proposal", "proposal.title").about("Title of the proposal."),
        field("number", "number"),
        field("position", "position"),
        field("kind", "kind"),
        words("kindLabel", "kind"),
        field("heading", "heading"),
        field("aliases", "aliases"),
        field("topicSlug", "topic.slug").about("Slug of the topic."),
        field("topic", "topic.name").about("Name of the topic."),
        field("summary", "summary"),
        field("text", "text"),
        field("owedBy", "owedBy.slug")
            .about("Slugs of the parties that would have to do what the caveat says."),
        field("owedTo", "owedTo.slug")
            .about("Slugs of the parties for which the caveat would have to be performed."),
        field("inExchangeFor", "inExchangeFor.reference")
            .about("References of the caveats that are offered or demanded in return."),
        field("answers", "answers.reference")
            .about("References of the caveats that this one answers."),
        field("clauses", "clauseLinks.clause.reference")
            .about("References of the clauses that the caveat relates to."),
        field("clauseRelations", "clauseLinks.kind")
            .about("Kinds of the relations to these clauses, in the same order."),
    ],
    VIEW,
    STATUS,
    ASSESSMENT,
    PROVENANCE,
    IDENTITY,
    &[page(&["proposals/{proposal.slug}#{number}"])],
];

pub const EVENTS: &[Group] = &[
    &[
        field("id", "id"),
        field("slug", "slug"),
        field("title", "title"),
        field("aliases", "aliases"),
        field("kind", "kind"),
        words("kindLabel", "kind"),
        field("date", "date"),
        field("happenedOn", "happenedOn"),
        field("endedOn", "endedOn"),
        field("place", "place"),
        field("summary", "summary"),
        field("actors", "actors.slug").about("Slugs of the parties that acted or spoke."),
        field("concernsIds", "concerns.id")
            .about("Ids of the clauses, caveats and proposals that the event concerns."),
        field("concerns", "concerns.reference")
            .about("References of the records that the event concerns, in the same order."),
    ],
    CITATIONS,
    &[field("confidence", "confidence"), words("confidenceLabel", "confidence")],
    IDENTITY,
    &[page(&["events/{id}"])],
];

pub const PARTIES: &[Group] = &[
    &[
        field("id", "id"),
        field("slug", "slug"),
        field("name", "name"),
        field("shortName", "shortName"),
        field("aliases", "aliases"),
        field("kind", "kind"),
        words("kindLabel", "kind"),
        field("represents", "represents.slug").about("Slug of the party that this one represents."),
    ],
    IDENTITY,
    &[page(&["parties/{slug}"])],
];

pub const SOURCES: &[Group] = &[
    &[
        field("id", "id"),
        field("slug", "slug"),
        field("title", "title"),
        field("kind", "kind"),
        words("kindLabel", "kind"),
        field("publisher", "publisher"),
        field("publishedOn", "publishedOn"),
        field("language", "language"),
        field("sourceUrl", "url").about("Address of the source."),
        field("sourceArchivedUrl", "archivedUrl")
            .about("Address of an archived copy of the source."),
    ],
    IDENTITY,
    &[page(&["sources/{id}"])],
];

pub const DEADLINES: &[Group] = &[
    &[
        field("id", "id"),
        field("clauseId", "clause.id").about("Id of the clause that is due."),
        field("reference", "clause.reference").about("Reference of the clause that is due."),
        field("agreementSlug", "clause.agreement.slug")
            .about("Slug of the agreement. With `number`, it names the clause."),
        field("agreement", "clause.agreement.shortTitle").about("Short title of the agreement."),
        field("number", "clause.number").about("Number of the clause."),
        field("heading", "clause.heading").about("Heading of the clause."),
        field("key", "key"),
        field("phase", "phase"),
        words("phaseLabel", "phase"),
        field("dueOn", "dueOn"),
        field("rule", "rule"),
        field("heldBy", "heldBy.slug").about(
            "Slug of the party according to which the deadline exists. Empty if undisputed.",
        ),
        column(
            "asOf",
            ColumnValue::View("asOf"),
            "Day at the end of which the status applies, from the parameter `asOf`. Default: the day of the export (UTC).",
        ),
        column(
            "knownAt",
            ColumnValue::View("knownAt"),
            "Time by which an assessment must have been recorded to be used, from the parameter `knownAt`. Empty if the export uses the current data, or the data of the release in `knownAtRelease`.",
        ),
        column(
            "knownAtRelease",
            ColumnValue::View("knownAtRelease"),
            "Release whose time is used as `knownAt`, from the parameter `knownAtRelease`.",
        ),
        field("status", "clause.status").about("Status of the clause in the neutral record."),
        words("statusLabel", "clause.status"),
        field("isOverdue", "clause.isOverdue").about("Whether the clause is overdue."),
    ],
    PROVENANCE,
    &[page(&["agreements/{clause.agreement.slug}/clauses/{clause.number}"])],
];

pub const CHANGES: &[Group] = &[&[
    field("position", "position"),
    field("recordedAt", "recordedAt"),
    field("actor", "actor"),
    field("action", "action"),
    words("actionLabel", "action"),
    field("subjectType", "subject.__typename").about("Type of the changed record."),
    field("subjectId", "subject.id").about("Id of the changed record."),
    field("subject", "subject.name").about("Name of the changed record in its current state."),
    column(
        "before",
        ColumnValue::ChangedFields("before"),
        "Previous values of the changed fields, as a JSON object of names and values.",
    ),
    column(
        "after",
        ColumnValue::ChangedFields("after"),
        "New values of the changed fields, as a JSON object of names and values.",
    ),
    page(&[
        "agreements/{subject.agreementSlug}",
        "agreements/{subject.agreement.slug}/clauses/{subject.number}",
        "proposals/{subject.proposalSlug}",
        "proposals/{subject.proposal.slug}#{subject.number}",
        "events/{subject.eventId}",
        "sources/{subject.sourceId}",
        "parties/{subject.partySlug}",
    ]),
]];
