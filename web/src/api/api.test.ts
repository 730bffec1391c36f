import { expect, test } from 'vitest';
import { keys } from './keys';
import { backoff, cursorAt } from './live';

test('the wait grows with each failure, up to a minute and a fifth', () => {
  expect([1, 2, 3, 4].map((failures) => backoff(failures, 0))).toEqual([2000, 4000, 8000, 16000]);
  expect(backoff(30, 1)).toBe(72_000);
});

test('a place in the log is a cursor', () => {
  expect(cursorAt(1)).toBe('_wAAAAAAAAAB');
});

test('what has no id is part of what holds it, and a change is known by its place', () => {
  expect(keys.PageInfo?.({ __typename: 'PageInfo' })).toBeNull();
  expect(keys.ClauseConnection?.({ __typename: 'ClauseConnection' })).toBeNull();
  expect(keys.Change?.({ __typename: 'Change', position: 7 })).toBe('7');
  expect(keys.Clause).toBeUndefined();
});
