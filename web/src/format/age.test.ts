import { describe, expect, it } from 'vitest';
import { age } from './age';

describe('age', () => {
  const now = Date.parse('2026-12-01T12:00:00Z');
  it.each([
    ['2026-12-01T12:00:00Z', '0 minutes ago'],
    ['2026-12-01T12:00:05Z', '0 minutes ago'],
    ['2026-12-01T11:59:00Z', '1 minute ago'],
    ['2026-12-01T10:30:00Z', '1 hour ago'],
    ['2026-11-30T12:00:00Z', '1 day ago'],
    ['2026-11-01T12:00:00Z', '30 days ago'],
  ])('of %s is %s', (at, expected) => expect(age(at, now)).toBe(expected));
});
