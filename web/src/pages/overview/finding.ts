import type { ClauseStatus } from '../../api/schema.gen';
import { countOf, type StatusCount, totalOf } from '../../components/status';

interface Point {
  asOf: string;
  breakdown: readonly StatusCount[];
}

interface Event {
  title: string;
  happenedOn: string;
}

export interface Finding {
  status: ClauseStatus;
  /** The increase in the number of clauses with the status. */
  count: number;
  total: number;
  /** Whether no clause had the status before, and the numbers have been the same since. */
  isLasting: boolean;
  /** The days between which the statuses changed. */
  from: string;
  to: string;
  /** The event between these days that the most clauses name as a cause. It need not have caused this increase. */
  event: Event | undefined;
}

/** New clauses have these statuses, so their numbers also rise without a change. */
const INITIAL_STATUSES: readonly ClauseStatus[] = ['UNASSESSED', 'NOT_STARTED'];

/** The largest increase in the number of clauses with one status, from one point to the next. Events are in order of importance. */
export function largestChange(points: readonly Point[], events: readonly Event[]): Finding | undefined {
  const findings = points.slice(1).flatMap(({ asOf: to, breakdown }, index) => {
    const before = points[index];
    if (!before) return [];
    const from = before.asOf;
    const total = totalOf(breakdown);
    return breakdown
      .filter(({ status }) => !INITIAL_STATUSES.includes(status))
      .map(({ status, count }) => {
        const isLasting = countOf(before.breakdown, status) === 0 && points.slice(index + 1).every((point) => countOf(point.breakdown, status) === count && totalOf(point.breakdown) === total);
        return { status, count: count - countOf(before.breakdown, status), total, isLasting, from, to };
      });
  });
  const [largest] = findings.filter(({ count }) => count > 0).sort((first, second) => second.count - first.count);
  return largest && { ...largest, event: events.find(({ happenedOn }) => happenedOn > largest.from && happenedOn <= largest.to) };
}
