import { describe, expect, test, vi } from 'vitest';

vi.stubGlobal('window', { addEventListener() {} });
vi.stubGlobal('history', {});
vi.stubGlobal('addEventListener', () => {});
const { commandOf } = await import('./shortcuts');

const press = (key: string, at = 0) => ({ key, at });

describe('keys', () => {
  test('have single commands', () => {
    const keys = ['u', 'c', 'j', 'x', '1', '0', '/', '?', 'g'];
    expect(keys.map((key) => commandOf(press(key), undefined))).toEqual(keys);
    expect(commandOf(press('y'), undefined)).toBeUndefined();
    expect(commandOf(press('o'), undefined)).toBeUndefined();
  });

  test('have commands in pairs, within the time limit', () => {
    expect(commandOf(press('c', 1400), press('g', 0))).toBe('g c');
    expect(commandOf(press('o', 1600), press('g', 0))).toBeUndefined();
    expect(commandOf(press('u', 100), press('g', 0))).toBe('u');
  });
});
