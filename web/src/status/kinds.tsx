import type { CaveatStatus, ClauseStatus, ProposalStatus } from '../api/schema.gen';
import { StatusBadge, StatusGlyph } from '../components/StatusBadge';
import { texts } from '../texts';
import type { Status, StatusChoice, StatusKind } from './subject';

type Shown = Pick<StatusKind, 'choices' | 'badge' | 'statusName'>;

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

const CAVEAT_CHOICES: readonly CaveatStatus[] = [
  'OPEN',
  'UNDER_NEGOTIATION',
  'ACCEPTED',
  'SATISFIED',
  'COUNTERED',
  'REJECTED',
  'BREACHED',
  'WITHDRAWN',
  'LAPSED',
];

const PROPOSAL_CHOICES: readonly ProposalStatus[] = [
  'FLOATED',
  'TABLED',
  'UNDER_NEGOTIATION',
  'PARTLY_ACCEPTED',
  'ACCEPTED',
  'COUNTERED',
  'REJECTED',
  'WITHDRAWN',
  'LAPSED',
];

/** The presentation of the statuses of clauses. */
export const CLAUSE_STATUSES: Shown = {
  choices: CLAUSE_CHOICES.map((value) => ({ value, glyph: <StatusGlyph status={value} />, ...texts.clauseStatus[value] })),
  badge: (status) => <StatusBadge status={status as ClauseStatus} />,
  statusName: (status) => texts.clauseStatus[status as ClauseStatus].label,
};

export const CAVEAT_STATUSES = inWords(CAVEAT_CHOICES, texts.caveatStatus, texts.update.caveatMeaning);
export const PROPOSAL_STATUSES = inWords(PROPOSAL_CHOICES, texts.proposalStatus, texts.update.proposalMeaning);

/** The presentation of the statuses of a kind of records. */
export function statusesOf(type: 'Clause' | 'Caveat' | 'Proposal'): Shown {
  switch (type) {
    case 'Clause':
      return CLAUSE_STATUSES;
    case 'Caveat':
      return CAVEAT_STATUSES;
    case 'Proposal':
      return PROPOSAL_STATUSES;
  }
}

/** The presentation of statuses without a symbol. */
function inWords<Of extends Status>(choices: readonly Of[], labels: Record<Of, string>, meanings: Record<Of, string>): Shown {
  return {
    choices: choices.map((value): StatusChoice => ({ value, label: labels[value], meaning: meanings[value] })),
    badge: (status) => <strong>{labels[status as Of]}</strong>,
    statusName: (status) => labels[status as Of],
  };
}
