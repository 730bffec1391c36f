import { expect, test } from 'vitest';
import { baseOf, withoutBase } from './base';

test('the base is the path of the page without its last slash', () => {
  expect(baseOf(undefined)).toBe('');
  expect(baseOf('/')).toBe('');
  expect(baseOf('/clausewatch/')).toBe('/clausewatch');
  expect(baseOf('/a/b')).toBe('/a/b');
});

test('paths below the base lose it, and only those', () => {
  expect(withoutBase('/clausewatch/changes', '/clausewatch')).toBe('/changes');
  expect(withoutBase('/clausewatch', '/clausewatch')).toBe('/');
  expect(withoutBase('/clausewatch/', '/clausewatch')).toBe('/');
  expect(withoutBase('/clausewatcher', '/clausewatch')).toBe('/clausewatcher');
  expect(withoutBase('/changes', '')).toBe('/changes');
  expect(withoutBase('/', '')).toBe('/');
});
