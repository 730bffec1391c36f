import { expect, test } from 'vitest';
import { placeMarks } from './areaMarks';

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
