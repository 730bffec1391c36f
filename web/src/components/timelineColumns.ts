import type { TimelineKind } from '../api/schema.gen';
import type { CitationLineFragment, SourceNameFragment, TimelineRowFragment, TrackableNameFragment } from '../api/types.gen';
import { partyNames } from '../format/names';
import { texts } from '../texts';
import { codedColumns, evidenceColumns, joined } from './exportColumns';
import { identityColumns } from './identityColumns';
import { statusName } from './status';
import type { Column } from './Table';
import { dateOfEntry, dayOfEntry } from './TimelineList';
import { pathTo } from './TrackableLink';

type Entry = TimelineRowFragment;

function kindOf(entry: Entry): TimelineKind {
  switch (entry.__typename) {
    case 'Proposal':
      return 'PROPOSAL';
    case 'Event':
      return 'EVENT';
    case 'Deadline':
      return 'DEADLINE';
    default:
      return 'ASSESSMENT';
  }
}

/** The clauses, caveats and proposals that the entry concerns. */
function subjectsOf(entry: Entry): readonly TrackableNameFragment[] {
  switch (entry.__typename) {
    case 'Proposal':
      return [entry];
    case 'Event':
      return entry.concerns;
    case 'ClauseAssessment':
    case 'Deadline':
      return [entry.clause];
    case 'CaveatAssessment':
      return [entry.caveat];
    case 'ProposalAssessment':
      return [entry.proposal];
  }
}

/** The slugs of the agreements of the entry. */
function agreementsOf(entry: Entry): readonly string[] {
  if (entry.__typename === 'Proposal') return entry.agreements.map(({ slug }) => slug);
  return distinct(subjectsOf(entry).flatMap((subject) => (subject.__typename === 'Clause' ? subject.agreement.slug : [])));
}

/** The slugs of the proposals of the entry. */
function proposalsOf(entry: Entry): readonly string[] {
  return distinct(
    subjectsOf(entry).flatMap((subject) => {
      if (subject.__typename === 'Clause') return [];
      return subject.__typename === 'Caveat' ? subject.proposal.slug : subject.slug;
    }),
  );
}

const distinct = (values: readonly string[]) => [...new Set(values)];

function nameOf(entry: Entry): string {
  switch (entry.__typename) {
    case 'Proposal':
    case 'Event':
      return entry.title;
    case 'ClauseAssessment':
    case 'Deadline':
      return `${entry.clause.reference} ${entry.clause.heading}`;
    case 'CaveatAssessment':
      return `${entry.caveat.reference} ${entry.caveat.heading}`;
    case 'ProposalAssessment':
      return entry.proposal.reference;
  }
}

function statusOf(entry: Entry): { code: string; label: string } | undefined {
  switch (entry.__typename) {
    case 'ClauseAssessment':
      return { code: entry.clauseStatus, label: statusName(entry) };
    case 'CaveatAssessment':
      return { code: entry.caveatStatus, label: statusName(entry) };
    case 'ProposalAssessment':
      return { code: entry.proposalStatus, label: statusName(entry) };
    default:
      return undefined;
  }
}

const hasHolder = (entry: Entry) => entry.__typename !== 'Proposal' && entry.__typename !== 'Event';

const holderOf = (entry: Entry) => (hasHolder(entry) ? (entry.heldBy?.shortName ?? texts.view.neutral) : '');

function noteOf(entry: Entry): string {
  switch (entry.__typename) {
    case 'Proposal':
    case 'Event':
      return entry.summary;
    case 'Deadline':
      return entry.rule;
    default:
      return entry.note;
  }
}

function citationsOf(entry: Entry): readonly CitationLineFragment[] {
  switch (entry.__typename) {
    case 'Proposal':
    case 'Deadline':
      return entry.source ? [citationOf(entry.source, entry.sourceLocator)] : [];
    default:
      return entry.citations;
  }
}

const citationOf = (source: SourceNameFragment, locator: string | null): CitationLineFragment => ({
  source,
  locator,
  quotation: null,
  accessedOn: null,
});

/** The page of the entry, or of the record that the entry concerns. */
function pageOf(entry: Entry): string {
  switch (entry.__typename) {
    case 'Proposal':
      return pathTo(entry);
    case 'Event':
      return `/events/${entry.id}`;
    case 'ClauseAssessment':
    case 'Deadline':
      return pathTo(entry.clause);
    case 'CaveatAssessment':
      return pathTo(entry.caveat);
    case 'ProposalAssessment':
      return pathTo(entry.proposal);
  }
}

/** The columns of the CSV file of a timeline. The page shows a list instead of a table. */
export const ENTRY_COLUMNS: readonly Column<Entry>[] = [
  { title: texts.timelineEntry.day, csv: dayOfEntry },
  { title: texts.timelineEntry.date, csv: dateOfEntry },
  ...codedColumns(texts.timelineEntry.kind, kindOf, (entry: Entry) => texts.timelineEntry.kinds[kindOf(entry)]),
  { title: texts.timelineEntry.title, csv: nameOf },
  ...codedColumns(
    texts.timelineEntry.status,
    (entry: Entry) => statusOf(entry)?.code,
    (entry) => statusOf(entry)?.label,
  ),
  { title: texts.breach.breakers, csv: (entry) => ('breachedBy' in entry ? partyNames(entry.breachedBy) : '') },
  { title: texts.timelineEntry.viewpoint, csv: holderOf },
  { title: texts.export.slug(texts.timelineEntry.viewpoint), csv: (entry) => (hasHolder(entry) ? entry.heldBy?.slug : '') },
  { title: texts.timelineEntry.proposedBy, csv: (entry) => (entry.__typename === 'Proposal' ? partyNames(entry.proposedBy) : '') },
  { title: texts.timelineEntry.note, csv: noteOf },
  { title: texts.export.agreements, csv: (entry) => joined(agreementsOf(entry)) },
  { title: texts.export.proposals, csv: (entry) => joined(proposalsOf(entry)) },
  { title: texts.export.recordIds, csv: (entry) => joined(subjectsOf(entry).map(({ id }) => id)) },
  ...evidenceColumns(citationsOf),
  ...identityColumns<Entry>((entry) => [{ id: entry.id, to: pageOf(entry) }]),
];
