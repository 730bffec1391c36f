import { expect, test } from 'vitest';
import { placeMarks } from './areaMarks';

const step = (from: number, to: number, top: number, bottom: number) => ({ from, to, top, bottom });

test('a stretch has one mark, where there is most room', () => {
  expect(placeMarks([step(0, 300, 90, 100), step(300, 330, 70, 100), step(330, 400, 80, 100), step(400, 500, 80, 100)])).toEqual([
    { x: 415, y: 90, size: 16 },
  ]);
});

test('what begins anew, or elsewhere, is marked anew', () => {
  const steps = [step(0, 50, 90, 100), step(50, 80, 100, 100), step(80, 120, 90, 100), step(120, 160, 0, 20)];
  expect(placeMarks(steps).map(({ x }) => x)).toEqual([25, 100, 140]);
});

test('what was so for a short time is marked; what is too thin is not', () => {
  expect(placeMarks([step(0, 4, 80, 100)])).toEqual([{ x: 2, y: 90, size: 8 }]);
  expect(placeMarks([step(0, 400, 95, 100)])).toEqual([]);
});
