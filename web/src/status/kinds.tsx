import type { ReactNode } from 'react';
import type { CaveatStatus, ProposalStatus } from '../api/schema.gen';
import { texts } from '../texts';
import { CLAUSE_STATUSES } from './clauseStatuses';
import { CaveatBadge, ProposalBadge } from './PositionBadge';
import type { Shown, Status, StatusChoice } from './subject';

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

export const CAVEAT_STATUSES = inWords(CAVEAT_CHOICES, texts.caveatStatus, texts.update.caveatMeaning, CaveatBadge);
export const PROPOSAL_STATUSES = inWords(PROPOSAL_CHOICES, texts.proposalStatus, texts.update.proposalMeaning, ProposalBadge);

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

/** The presentation of the statuses of caveats or proposals. */
function inWords<Of extends Status>(
  choices: readonly Of[],
  labels: Record<Of, string>,
  meanings: Record<Of, string>,
  Badge: (props: { status: Of }) => ReactNode,
): Shown {
  return {
    choices: choices.map((value): StatusChoice => ({ value, label: labels[value], meaning: meanings[value] })),
    badge: (status) => <Badge status={status as Of} />,
    statusName: (status) => labels[status as Of],
  };
}
