import type { ClauseStatus } from '../../api/schema.gen';
import { countOf, type StatusCount, totalOf } from '../../components/status';

interface Point {
  asOf: string;
  breakdown: readonly StatusCount[];
}

export interface Finding {
  status: LaterStatus;
  /** The numbers of clauses with the status, before and after the increase. */
  before: number;
  after: number;
  /** The number of all clauses after the increase. */
  total: number;
  /** The days between which the statuses changed. */
  from: string;
  to: string;
}

/** New clauses have one of the two excluded statuses. So the numbers of clauses with these statuses can rise even if no status changes. */
type LaterStatus = Exclude<ClauseStatus, 'UNASSESSED' | 'NOT_STARTED'>;

const isLater = (status: ClauseStatus): status is LaterStatus => status !== 'UNASSESSED' && status !== 'NOT_STARTED';

/** The largest increase in the number of clauses with one status, from one point to the next. */
export function largestChange(points: readonly Point[]): Finding | undefined {
  const findings = points.slice(1).flatMap(({ asOf: to, breakdown }, index) => {
    const earlier = points[index];
    if (!earlier) return [];
    const total = totalOf(breakdown);
    return breakdown.flatMap(({ status, count }) =>
      isLater(status) ? [{ status, before: countOf(earlier.breakdown, status), after: count, total, from: earlier.asOf, to }] : [],
    );
  });
  const increase = ({ before, after }: Finding) => after - before;
  return findings.filter((finding) => increase(finding) > 0).sort((first, second) => increase(second) - increase(first))[0];
}
