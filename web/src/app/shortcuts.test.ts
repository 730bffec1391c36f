import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('window', { addEventListener() {} });
vi.stubGlobal('history', {});
vi.stubGlobal('addEventListener', () => {});
const { meaningOf } = await import('./shortcuts');

const press = (key: string, at = 0) => ({ key, at });

describe('keys', () => {
  test('mean something alone', () => {
    expect(['u', '/', '?', 'g'].map((key) => meaningOf(press(key), undefined))).toEqual(['u', '/', '?', 'g']);
    expect(meaningOf(press('x'), undefined)).toBeUndefined();
    expect(meaningOf(press('c'), undefined)).toBeUndefined();
  });

  test('mean something else one after the other, if not too late', () => {
    expect(meaningOf(press('c', 1400), press('g', 0))).toBe('g c');
    expect(meaningOf(press('c', 1600), press('g', 0))).toBeUndefined();
    expect(meaningOf(press('u', 100), press('g', 0))).toBe('u');
  });
});
