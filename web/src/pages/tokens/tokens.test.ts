import { expect, test } from 'vitest';
import { parseDays, stateOf } from './state';

const now = new Date('2026-11-25T12:00:00Z');

test('a revoked token is revoked, whether expired or not', () => {
  expect(stateOf({ expiresAt: '2030-01-01T00:00:00Z', revokedAt: '2026-01-01T00:00:00Z' }, now)).toBe('revoked');
  expect(stateOf({ expiresAt: '2026-11-25T12:00:00Z', revokedAt: null }, now)).toBe('expired');
  expect(stateOf({ expiresAt: '2026-11-25T12:00:01Z', revokedAt: null }, now)).toBe('expiring');
  expect(stateOf({ expiresAt: null, revokedAt: null }, now)).toBe('forever');
});

test('an empty field means no expiry, and days are whole numbers up to 3650', () => {
  expect(parseDays(' ')).toBeUndefined();
  expect(['1', '90', '3650'].map(parseDays)).toEqual([1, 90, 3650]);
  expect(['0', '-1', '1.5', '3651', 'x'].map(parseDays).every(Number.isNaN)).toBe(true);
});
