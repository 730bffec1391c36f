import { describe, expect, test } from 'vitest';
import { extendTo, keepShown, NOTHING, type Selection, toggle, toggleAll } from './selection';

const ROWS = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: Selection) => [...selection.ids].sort().join('');

describe('selection', () => {
  test('a row is selected and deselected', () => {
    const one = toggle(NOTHING, 'b');
    expect(ids(one)).toBe('b');
    expect(ids(toggle(toggle(one, 'c'), 'b'))).toBe('c');
  });

  test('a range goes from the last toggled row in either direction', () => {
    const start = toggle(NOTHING, 'c');
    expect(ids(extendTo(start, 'e', ROWS))).toBe('cde');
    expect(ids(extendTo(start, 'a', ROWS))).toBe('abc');
    expect(ids(extendTo(extendTo(start, 'd', ROWS), 'b', ROWS))).toBe('bcd');
    expect(ids(extendTo(NOTHING, 'd', ROWS))).toBe('d');
  });

  test('rows that are not shown are never selected', () => {
    const three = extendTo(toggle(NOTHING, 'b'), 'd', ROWS);
    expect(ids(keepShown(three, ['a', 'c', 'd']))).toBe('cd');
    expect(ids(extendTo(keepShown(three, ['a', 'c', 'd']), 'a', ['a', 'c', 'd']))).toBe('acd');
    expect(ids(extendTo(three, 'x', ROWS))).toBe('bcd');
    expect(keepShown(three, ROWS)).toBe(three);
  });

  test('all rows are selected, then none', () => {
    const all = toggleAll(toggle(NOTHING, 'b'), ROWS);
    expect(ids(all)).toBe('abcde');
    expect(ids(toggleAll(all, ROWS))).toBe('');
  });
});
