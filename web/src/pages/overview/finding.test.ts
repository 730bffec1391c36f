import { expect, test } from 'vitest';
import { largestChange } from './finding';

const point = (asOf: string, counts: Record<string, number>) => ({
  asOf,
  breakdown: Object.entries(counts).map(([status, count]) => ({ status: status as 'COMPLETE', count })),
});

test('finds the largest increase, and the event in its period', () => {
  const points = [
    point('2021-12-31', { COMPLETE: 2, PARTIAL: 5 }),
    point('2022-03-31', { COMPLETE: 3, OVERTAKEN: 4 }),
    point('2022-06-30', { COMPLETE: 3, OVERTAKEN: 4, UNASSESSED: 9 }),
  ];
  const events = [
    { happenedOn: '2021-12-31', title: 'Before' },
    { happenedOn: '2022-02-24', title: 'Invasion' },
    { happenedOn: '2022-01-20', title: 'Less important' },
  ];
  expect(largestChange(points, events)).toEqual({
    status: 'OVERTAKEN', count: 4, total: 7, isLasting: false, from: '2021-12-31', to: '2022-03-31', event: events[1],
  });
});

test('finds nothing if no status changed', () => {
  expect(largestChange([], [])).toBeUndefined();
  expect(largestChange([point('2021-12-31', { COMPLETE: 2 }), point('2022-03-31', { COMPLETE: 2 })], [])).toBeUndefined();
});
