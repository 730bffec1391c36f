import { expect, test } from 'vitest';
import { daysOf } from './days';

const of = (search: string) => daysOf(new URLSearchParams(search), '2014-09-05', '2026-11-25');

test('the default days are the first and the last', () => {
  expect(of('')).toEqual({ from: '2014-09-05', to: '2026-11-25', isInOrder: true });
  expect(of('to=2013-01-01')).toEqual({ from: '2013-01-01', to: '2013-01-01', isInOrder: true });
  expect(of('from=soon&to=2021-12-02')).toEqual({ from: '2014-09-05', to: '2021-12-02', isInOrder: true });
});

test('days in the wrong order are detected', () => {
  expect(of('from=2022-01-01&to=2021-12-02').isInOrder).toBe(false);
});
