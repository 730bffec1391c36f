import type { ClauseStatus } from '../api/schema.gen';
import type { AreaStep } from './areaMarks';
import { countOf, type StatusCount } from './status';

/** The part of a column that one status fills, in clauses, counted from the bottom. */
interface Part {
  from: number;
  to: number;
}

/** The parts of a column, in the order of `statuses`, which begins at the bottom. */
export function partsOf(counts: readonly StatusCount[], statuses: readonly ClauseStatus[]): Part[] {
  let from = 0;
  return statuses.map((status) => {
    const part = { from, to: from + countOf(counts, status) };
    from = part.to;
    return part;
  });
}

/**
 * The marked values of an axis from 0 to `highest`: multiples of 1, 2, 5, 10, 20 and so on, with at most `intervals` intervals.
 */
export function axisValues(highest: number, intervals = 5): number[] {
  let step = 1;
  for (let power = 1; step * intervals < highest; power *= 10) {
    step = [2, 5, 10].map((factor) => factor * power).find((value) => value * intervals >= highest) ?? 10 * power;
  }
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
}

/** The outline of an area with consecutive steps. */
export function areaPath(steps: readonly AreaStep[]): string {
  const first = steps[0];
  if (!first) return '';
  const above = steps.map(({ to, top }) => `V${top}H${to}`);
  const below = steps.toReversed().map(({ from, bottom }) => `V${bottom}H${from}`);
  return `M${first.from} ${first.bottom}${above.join('')}${below.join('')}Z`;
}
