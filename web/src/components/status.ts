import type { CaveatStatus, ClauseStatus, ProposalStatus } from '../api/schema.gen';
import { texts } from '../texts';

/** The order of bars, charts and legends: from complete to not counted. */
export const STATUS_ORDER: readonly ClauseStatus[] = [
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
  'UNASSESSED',
];

/** Statuses that are not counted in a score. */
export const NOT_COUNTED: readonly ClauseStatus[] = [
  'VOID',
  'OVERTAKEN',
  'LAPSED',
  'NOT_APPLICABLE',
  'UNASSESSED',
];

export interface StatusCount {
  status: ClauseStatus;
  count: number;
}

export const countOf = (counts: readonly StatusCount[], status: ClauseStatus) =>
  counts.find((entry) => entry.status === status)?.count ?? 0;

/** The number of all clauses. */
export const totalOf = (counts: readonly StatusCount[]) => counts.reduce((sum, { count }) => sum + count, 0);

/** The sum of several breakdowns. */
export const sumOf = (breakdowns: readonly (readonly StatusCount[])[]): StatusCount[] =>
  STATUS_ORDER.map((status) => ({
    status,
    count: breakdowns.reduce((total, breakdown) => total + countOf(breakdown, status), 0),
  }));

/** The counts above zero, in the order of bars. */
export function inOrder(breakdown: readonly StatusCount[]): StatusCount[] {
  return STATUS_ORDER.map((status) => ({ status, count: countOf(breakdown, status) })).filter(({ count }) => count > 0);
}

/** The CSS colour of a status. */
export const statusColour = (status: ClauseStatus) => `var(--status-${status.toLowerCase().replaceAll('_', '-')})`;

type WithStatus =
  | { clauseStatus: ClauseStatus }
  | { caveatStatus: CaveatStatus }
  | { proposalStatus: ProposalStatus };

/** The status of a clause, caveat or proposal, or of an assessment of one, in words. */
export function statusName(record: WithStatus): string {
  if ('clauseStatus' in record) return texts.clauseStatus[record.clauseStatus].label;
  if ('caveatStatus' in record) return texts.caveatStatus[record.caveatStatus];
  return texts.proposalStatus[record.proposalStatus];
}
