import type { CaveatStatus, ClauseStatus, ProposalStatus } from '../api/schema.gen';
import { texts } from '../texts';

/** From what is done to what does not count: the order of bars, charts and legends. */
export const STATUS_ORDER: readonly ClauseStatus[] = [
  'COMPLETE',
  'PARTIAL',
  'MINIMAL',
  'NOT_STARTED',
  'SUSPENDED',
  'BREACHED',
  'VOID',
  'NOT_APPLICABLE',
  'UNASSESSED',
];

/** Those that a score leaves out. */
export const NOT_COUNTED: readonly ClauseStatus[] = ['VOID', 'NOT_APPLICABLE', 'UNASSESSED'];

/** How many counts there is room for beside a bar. */
const MAX_COUNTS = 3;

export interface StatusCount {
  status: ClauseStatus;
  count: number;
}

/** How many there are of a status. */
export const countOf = (counts: readonly StatusCount[], status: ClauseStatus) =>
  counts.find((entry) => entry.status === status)?.count ?? 0;

/** How many there are of each status in several breakdowns together. */
export const sumOf = (breakdowns: readonly (readonly StatusCount[])[]): StatusCount[] =>
  STATUS_ORDER.map((status) => ({
    status,
    count: breakdowns.reduce((total, breakdown) => total + countOf(breakdown, status), 0),
  }));

/** What there is of each status, in the order of bars. */
export function inOrder(breakdown: readonly StatusCount[]): StatusCount[] {
  return STATUS_ORDER.map((status) => ({ status, count: countOf(breakdown, status) })).filter(({ count }) => count > 0);
}

/** The largest of these counts. */
export const largestOf = (counts: readonly StatusCount[]) => counts.toSorted((a, b) => b.count - a.count).slice(0, MAX_COUNTS);

/** The style sheet's name for the colour of a status. */
export const statusColour = (status: ClauseStatus) => `var(--status-${status.toLowerCase().replaceAll('_', '-')})`;

type WithStatus =
  | { clauseStatus: ClauseStatus }
  | { caveatStatus: CaveatStatus }
  | { proposalStatus: ProposalStatus };

/** The status of a step, or that a judgement gives, in words, whatever it is of. */
export function statusName(record: WithStatus): string {
  if ('clauseStatus' in record) return texts.clauseStatus[record.clauseStatus].label;
  if ('caveatStatus' in record) return texts.caveatStatus[record.caveatStatus];
  return texts.proposalStatus[record.proposalStatus];
}
