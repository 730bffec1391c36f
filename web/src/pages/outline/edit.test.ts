import { describe, expect, it } from 'vitest';
import { canMoveIn, changed, merged, moved, parentOf, removed, splitAt } from './edit';
import { type OutlineItem, split } from './split';

const items = split('1. One\n(a) First part\n(b) Second part\n2. Two. It says more. And more.');
const shown = (items: readonly OutlineItem[]) => items.map(({ number, depth }) => '  '.repeat(depth) + number);

describe('corrections of an outline', () => {
  it('start from what was split', () => {
    expect(shown(items)).toEqual(['1', '  1.a', '  1.b', '2']);
    expect(parentOf(items, 2)?.number).toBe('1');
    expect(parentOf(items, 3)).toBeUndefined();
  });

  it('renumber the parts with their clause', () => {
    expect(shown(changed(items, 0, { number: '7' }))).toEqual(['7', '  7.a', '  7.b', '2']);
    expect(shown(changed(items, 1, { number: '1.x' }))).toEqual(['1', '  1.x', '  1.b', '2']);
    expect(changed(items, 3, { heading: 'Other' })[3]?.heading).toBe('Other');
  });

  it('merge a clause into the one before it', () => {
    const whole = merged(items, 2);
    expect(shown(whole)).toEqual(['1', '  1.a', '2']);
    expect(whole[1]?.text).toBe('First part\n\nSecond part');
    const [titled] = split('1. Title\nA text.\n2. Second title\nAnother text.');
    expect(titled?.heading).toBe('Title');
    expect(merged(split('1. Title\nA text.\n2. Second title\nAnother text.'), 1)[0]?.text).toBe('A text.\n\nSecond title\n\nAnother text.');
    expect(merged(items, 0)).toEqual(items);
  });

  it('split a clause', () => {
    const position = items[3]!.text.indexOf('It says');
    const [first, second] = splitAt(items, 3, position, 'new').slice(3);
    expect(first).toMatchObject({ number: '2', heading: 'Two', text: 'Two.' });
    expect(second).toMatchObject({ key: 'new', number: '', depth: 0, text: 'It says more. And more.' });
    expect(splitAt(items, 3, 0, 'new')).toEqual(items);
  });

  it('move a clause with its parts', () => {
    expect(canMoveIn(items, 0)).toBe(false);
    expect(canMoveIn(items, 1)).toBe(false);
    expect(canMoveIn(items, 3)).toBe(true);
    expect(shown(moved(items, 3, 1))).toEqual(['1', '  1.a', '  1.b', '  2']);
    expect(shown(moved(items, 1, -1))).toEqual(['1', '1.a', '  1.b', '2']);
    expect(shown(removed(items, 0))).toEqual(['1.a', '1.b', '2']);
  });
});
