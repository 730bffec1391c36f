import type { TimelineKind } from '../api/schema.gen';
import { partyNames } from '../format/names';
import { texts } from '../texts';
import { identityColumns } from './identityColumns';
import { statusName } from './status';
import type { Column } from './Table';
import { dayOfEntry, type TimelineEntry } from './TimelineList';
import { pathTo } from './TrackableLink';

function kindOf(entry: TimelineEntry): TimelineKind {
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

function nameOf(entry: TimelineEntry): string {
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

function statusOf(entry: TimelineEntry): string {
  switch (entry.__typename) {
    case 'Proposal':
    case 'Event':
    case 'Deadline':
      return '';
    default:
      return statusName(entry);
  }
}

function holderOf(entry: TimelineEntry): string {
  if (entry.__typename === 'Proposal' || entry.__typename === 'Event') return '';
  return entry.heldBy?.shortName ?? texts.view.neutral;
}

function noteOf(entry: TimelineEntry): string {
  switch (entry.__typename) {
    case 'Proposal':
      return partyNames(entry.proposedBy);
    case 'Event':
      return entry.summary;
    case 'Deadline':
      return entry.rule;
    default:
      return entry.note;
  }
}

/** The page of the record, or of the record that it concerns. */
function pageOf(entry: TimelineEntry): string {
  switch (entry.__typename) {
    case 'Proposal':
      return `/proposals/${entry.slug}`;
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

const column = (title: string, csv: Column<TimelineEntry>['csv'], cell = () => null): Column<TimelineEntry> => ({
  title,
  cell,
  csv,
});

/** The columns of the CSV file of a timeline. The page shows a list instead of a table. */
export const ENTRY_COLUMNS: readonly Column<TimelineEntry>[] = [
  column(texts.timelineEntry.day, dayOfEntry),
  column(texts.timelineEntry.kind, (entry) => texts.timelineEntry.kinds[kindOf(entry)]),
  column(texts.timelineEntry.title, nameOf),
  column(texts.timelineEntry.status, statusOf),
  column(texts.timelineEntry.viewpoint, holderOf),
  column(texts.timelineEntry.note, noteOf),
  ...identityColumns<TimelineEntry>((entry) => [{ id: entry.id, to: pageOf(entry) }]),
];
