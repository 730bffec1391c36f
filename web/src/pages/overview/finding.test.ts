import { expect, test } from 'vitest';
import { largestChange } from './finding';

const point = (asOf: string, counts: Record<string, number>) => ({
  asOf,
  breakdown: Object.entries(counts).map(([status, count]) => ({ status: status as 'COMPLETE', count })),
});

test('finds the largest increase between two points', () => {
  const points = [
    point('2021-12-31', { COMPLETE: 2, PARTIAL: 5 }),
    point('2022-03-31', { COMPLETE: 3, OVERTAKEN: 4 }),
    point('2022-06-30', { COMPLETE: 3, OVERTAKEN: 4, UNASSESSED: 9 }),
  ];
  expect(largestChange(points)).toEqual({ status: 'OVERTAKEN', before: 0, after: 4, total: 7, from: '2021-12-31', to: '2022-03-31' });
});

test('finds nothing if no status changed', () => {
  expect(largestChange([])).toBeUndefined();
  expect(largestChange([point('2021-12-31', { COMPLETE: 2 }), point('2022-03-31', { COMPLETE: 2 })])).toBeUndefined();
});
