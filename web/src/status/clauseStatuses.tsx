import type { ClauseStatus } from '../api/schema.gen';
import { StatusBadge, StatusGlyph } from '../components/StatusBadge';
import { texts } from '../texts';
import type { Shown } from './subject';

// Separate from `kinds`, so that the page of a clause does not load the statuses of caveats and proposals.

const CLAUSE_CHOICES: readonly ClauseStatus[] = [
  'COMPLETE',
  'PARTIAL',
  'MINIMAL',
  'NOT_STARTED',
  'SUSPENDED',
  'BREACHED',
  'VOID',
  'OVERTAKEN',
  'LAPSED',
  'NOT_APPLICABLE',
];

/** The presentation of the statuses of clauses. */
export const CLAUSE_STATUSES: Shown = {
  choices: CLAUSE_CHOICES.map((value) => ({ value, glyph: <StatusGlyph status={value} />, ...texts.clauseStatus[value] })),
  badge: (status) => <StatusBadge status={status as ClauseStatus} />,
  statusName: (status) => texts.clauseStatus[status as ClauseStatus].label,
};
