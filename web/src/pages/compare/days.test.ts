import { expect, test } from 'vitest';
import { daysOf } from './days';

const of = (search: string) => daysOf(new URLSearchParams(search), '2014-09-05', '2026-11-25');

test('what the address leaves out is from the first day to the last', () => {
  expect(of('')).toEqual({ from: '2014-09-05', to: '2026-11-25', isInOrder: true });
  expect(of('to=2013-01-01')).toEqual({ from: '2013-01-01', to: '2013-01-01', isInOrder: true });
  expect(of('from=soon&to=2021-12-02')).toEqual({ from: '2014-09-05', to: '2021-12-02', isInOrder: true });
});

test('days in the wrong order are seen', () => {
  expect(of('from=2022-01-01&to=2021-12-02').isInOrder).toBe(false);
});
