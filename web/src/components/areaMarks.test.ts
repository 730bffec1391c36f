import { expect, test } from 'vitest';
import { placeMarks, placeName, placeNames } from './areaMarks';

const step = (from: number, to: number, top: number, bottom: number) => ({ from, to, top, bottom });

test('each stretch has one mark, at its largest step', () => {
  expect(placeMarks([step(0, 300, 90, 100), step(300, 330, 70, 100), step(330, 400, 80, 100), step(400, 500, 80, 100)])).toEqual([
    { x: 415, y: 90, size: 16 },
  ]);
});

test('a new stretch gets a new mark', () => {
  const steps = [step(0, 50, 90, 100), step(50, 80, 100, 100), step(80, 120, 90, 100), step(120, 160, 0, 20)];
  expect(placeMarks(steps).map(({ x }) => x)).toEqual([25, 100, 140]);
});

test('a narrow step is marked, a thin one is not', () => {
  expect(placeMarks([step(0, 4, 80, 100)])).toEqual([{ x: 2, y: 90, size: 8 }]);
  expect(placeMarks([step(0, 400, 95, 100)])).toEqual([]);
});

test('a name is where it has the most space, and inside the area over its whole width', () => {
  const steps = [step(0, 20, 0, 100), step(20, 100, 60, 100), step(100, 200, 40, 90)];
  expect(placeName(steps, 50, 18)).toEqual({ x: 125, y: 65 });
  expect(placeName(steps, 150, 18)).toEqual({ x: 75, y: 75 });
  expect(placeName(steps, 50, 60)).toBeUndefined();
  expect(placeName(steps, 300, 18)).toBeUndefined();
});

test('names beside a chart are at the middles of their areas, and move apart if they overlap', () => {
  expect(placeNames([20, 60], 0, 100, 10)).toEqual([20, 60]);
  expect(placeNames([20, 58, 60, 62], 0, 100, 10)).toEqual([20, 50, 60, 70]);
  expect(placeNames([40, 50, 50], 0, 100, 10)).toEqual([36 + 2 / 3, 46 + 2 / 3, 56 + 2 / 3]);
  expect(placeNames([1, 2, 99, 100], 0, 100, 10)).toEqual([0, 10, 90, 100]);
});
