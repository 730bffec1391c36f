import type { ClauseStatus } from '../api/schema.gen';
import type { AreaStep } from './areaMarks';
import { countOf, type StatusCount, totalOf } from './status';

/** The part of a column that one status fills, measured from the bottom, in clauses or as a share from 0 to 1. */
interface Part {
  from: number;
  to: number;
}

/** The parts of a column, in the order of `statuses`, which begins at the top. */
export function partsOf(counts: readonly StatusCount[], statuses: readonly ClauseStatus[], isShare: boolean): Part[] {
  const whole = isShare ? Math.max(1, totalOf(counts)) : 1;
  let from = 0;
  return statuses
    .toReversed()
    .map((status) => {
      const part = { from, to: from + countOf(counts, status) / whole };
      from = part.to;
      return part;
    })
    .toReversed();
}

/**
 * The marked values of an axis from 0 to `highest`: multiples of 1, 2, 5, 10, 20 and so on, with at most `intervals` intervals.
 * For shares, multiples of 25 %.
 */
export function axisValues(highest: number, isShare: boolean, intervals = 5): number[] {
  if (isShare) return [0, 0.25, 0.5, 0.75, 1];
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
