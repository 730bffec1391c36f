import type { ClauseStatus } from '../api/schema.gen';
import { StatusBadge, StatusGlyph } from '../components/StatusBadge';
import { STATUS_ORDER } from '../components/status';
import { texts } from '../texts';
import type { Shown } from './subject';

// Separate from `kinds`, so that the page of a clause does not load the statuses of caveats and proposals.

/** Only clauses without an assessment are UNASSESSED. */
const CLAUSE_CHOICES = STATUS_ORDER.filter((status) => status !== 'UNASSESSED');

/** The presentation of the statuses of clauses. */
export const CLAUSE_STATUSES: Shown = {
  choices: CLAUSE_CHOICES.map((value) => ({ value, glyph: <StatusGlyph status={value} />, ...texts.clauseStatus[value] })),
  badge: (status) => <StatusBadge status={status as ClauseStatus} />,
  statusName: (status) => texts.clauseStatus[status as ClauseStatus].label,
};
