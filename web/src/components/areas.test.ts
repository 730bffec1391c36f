import { expect, test } from 'vitest';
import { areaPath, axisValues, partsOf } from './areas';

const counts = [
  { status: 'COMPLETE' as const, count: 1 },
  { status: 'BREACHED' as const, count: 3 },
];

test('the first status is at the bottom of the column', () => {
  expect(partsOf(counts, ['COMPLETE', 'PARTIAL', 'BREACHED'])).toEqual([
    { from: 0, to: 1 },
    { from: 1, to: 1 },
    { from: 1, to: 4 },
  ]);
  expect(partsOf([], ['COMPLETE'])).toEqual([{ from: 0, to: 0 }]);
});

test('the values of an axis are round, and not above the highest', () => {
  expect(axisValues(1)).toEqual([0, 1]);
  expect(axisValues(9)).toEqual([0, 2, 4, 6, 8]);
  expect(axisValues(25)).toEqual([0, 5, 10, 15, 20, 25]);
  expect(axisValues(122)).toEqual([0, 50, 100]);
  expect(axisValues(122, 7)).toEqual([0, 20, 40, 60, 80, 100, 120]);
});

test('an area goes along its upper edges and back along the lower ones', () => {
  expect(
    areaPath([
      { from: 0, to: 10, top: 5, bottom: 20 },
      { from: 10, to: 30, top: 8, bottom: 15 },
    ]),
  ).toBe('M0 20V5H10V8H30V15H10V20H0Z');
  expect(areaPath([])).toBe('');
});
