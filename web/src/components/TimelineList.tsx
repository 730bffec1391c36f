import type { ReactNode } from 'react';
import type { TimelineEntryLineFragment } from '../api/types.gen';
import { partyNames } from '../format/names';
import { texts } from '../texts';
import { DayText } from './DayText';
import { Link } from './Link';
import { StatusBadge } from './StatusBadge';
import styles from './TimelineList.module.css';
import { TrackableLink } from './TrackableLink';

export type TimelineEntry = TimelineEntryLineFragment;

/** Events, proposals, assessments and deadlines by day. */
export function TimelineList({ entries }: { entries: readonly TimelineEntry[] }) {
  return (
    <ol className={styles.list}>
      {entries.map((entry, index) => (
        <li key={entry.id}>
          <span className={isSameDate(entry, entries[index - 1]) ? `${styles.day} ${styles.same}` : styles.day}>
            <DayText day={dateOfEntry(entry)} />
          </span>
          <span>
            <EntryLine entry={entry} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The day by which an entry is sorted. */
export function dayOfEntry(entry: TimelineEntry): string | null {
  switch (entry.__typename) {
    case 'Proposal':
      return entry.madeOn;
    case 'Event':
      return entry.happenedOn;
    case 'Deadline':
      return entry.dueOn;
    default:
      return entry.effectiveOn;
  }
}

/** The date of an entry in EDTF, as precise as it is recorded. */
export function dateOfEntry(entry: TimelineEntry): string | null {
  if ('effectiveDate' in entry) return entry.effectiveDate;
  return entry.__typename === 'Event' ? entry.date : dayOfEntry(entry);
}

const isSameDate = (entry: TimelineEntry, before: TimelineEntry | undefined) =>
  before !== undefined && dateOfEntry(before) === dateOfEntry(entry);

function EntryLine({ entry }: { entry: TimelineEntry }): ReactNode {
  switch (entry.__typename) {
    case 'Proposal':
      return (
        <>
          <Kind>{texts.timelineEntry.kinds.PROPOSAL}</Kind> <Link to={`/proposals/${entry.slug}`}>{entry.title}</Link>{' '}
          <span className="muted">{partyNames(entry.proposedBy)}</span>
        </>
      );
    case 'Event':
      return (
        <>
          <Kind>{texts.timelineEntry.kinds.EVENT}</Kind> <Link to={`/events/${entry.id}`} title={entry.summary}>{entry.title}</Link>
        </>
      );
    case 'ClauseAssessment':
      return (
        <>
          <Kind>{texts.timelineEntry.kinds.ASSESSMENT}</Kind>{' '}
          <TrackableLink item={entry.clause} />{' '}
          <StatusBadge status={entry.clauseStatus} /> <HeldBy party={entry.heldBy} />
        </>
      );
    case 'CaveatAssessment':
      return (
        <>
          <Kind>{texts.timelineEntry.kinds.ASSESSMENT}</Kind>{' '}
          <TrackableLink item={entry.caveat} />{' '}
          <span>{texts.caveatStatus[entry.caveatStatus]}</span> <HeldBy party={entry.heldBy} />
        </>
      );
    case 'ProposalAssessment':
      return (
        <>
          <Kind>{texts.timelineEntry.kinds.ASSESSMENT}</Kind>{' '}
          <TrackableLink item={entry.proposal} />{' '}
          <span>{texts.proposalStatus[entry.proposalStatus]}</span> <HeldBy party={entry.heldBy} />
        </>
      );
    case 'Deadline':
      return (
        <>
          <Kind>{texts.timelineEntry.kinds.DEADLINE}</Kind>{' '}
          <TrackableLink item={entry.clause} />{' '}
          <span className="muted">{entry.rule}</span> <HeldBy party={entry.heldBy} />
        </>
      );
  }
}

const Kind = ({ children }: { children: ReactNode }) => <span className={styles.kind}>{children}</span>;

function HeldBy({ party }: { party: { shortName: string } | null }) {
  return party && <span className="muted">{texts.timelineEntry.heldBy(party.shortName)}</span>;
}
