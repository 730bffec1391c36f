import { contentOf, type OutlineItem, shortened } from './split';

// Corrections of an outline. Each returns a new list.

/** Limits the depth of each clause to one level below the clause before it. */
function withValidDepths(items: readonly OutlineItem[]): OutlineItem[] {
  let limit = 0;
  return items.map((item) => {
    const depth = Math.min(item.depth, limit);
    limit = depth + 1;
    return depth === item.depth ? item : { ...item, depth };
  });
}

/** The index after the last part of the clause at `index`, or after the clause if it has no parts. */
function endOf(items: readonly OutlineItem[], index: number): number {
  const depth = items[index]?.depth ?? 0;
  const next = items.findIndex((item, other) => other > index && item.depth <= depth);
  return next < 0 ? items.length : next;
}

/** The clause that the clause at `index` is a part of. */
export function parentOf(items: readonly OutlineItem[], index: number): OutlineItem | undefined {
  const depth = items[index]?.depth ?? 0;
  return items.slice(0, index).findLast((item) => item.depth < depth);
}

/** Changes a clause. If its number changes, the numbers of its parts change, too: `3.a` becomes `4.a`. */
export function changed(items: readonly OutlineItem[], index: number, change: Partial<Pick<OutlineItem, 'number' | 'heading' | 'text'>>): OutlineItem[] {
  const item = items[index];
  if (!item) return [...items];
  const { number } = change;
  const end = endOf(items, index);
  return items.map((other, at) => {
    if (at === index) return { ...other, ...change };
    const isPart = number !== undefined && item.number !== '' && at > index && at < end && other.number.startsWith(`${item.number}.`);
    return isPart ? { ...other, number: number + other.number.slice(item.number.length) } : other;
  });
}

/** Adds a clause's text to the clause before it, and removes the clause. */
export function merged(items: readonly OutlineItem[], index: number): OutlineItem[] {
  const [before, item] = [items[index - 1], items[index]];
  if (!before || !item) return [...items];
  // A heading that was derived from the text is already in the text.
  const own = item.text.startsWith(item.heading.replace(/…$/, '')) ? item.text : [item.heading, item.text].filter(Boolean).join('\n\n');
  const whole = { ...before, text: [before.text, own].filter(Boolean).join('\n\n') };
  return withValidDepths([...items.slice(0, index - 1), whole, ...items.slice(index + 1)]);
}

/** Splits the text of a clause at a position. The new clause follows it with the same depth. */
export function splitAt(items: readonly OutlineItem[], index: number, position: number, key: string): OutlineItem[] {
  const item = items[index];
  if (!item) return [...items];
  const [text, rest] = [item.text.slice(0, position).trim(), item.text.slice(position).trim()];
  if (text === '' || rest === '') return [...items];
  const heading = item.text.startsWith(item.heading.replace(/…$/, '')) ? shortened(text) : item.heading;
  const second: OutlineItem = { key, number: '', depth: item.depth, ...contentOf(rest.split('\n')) };
  return [...items.slice(0, index), { ...item, heading, text }, second, ...items.slice(index + 1)];
}

/** Removes a clause. Its parts move one level out. */
export function removed(items: readonly OutlineItem[], index: number): OutlineItem[] {
  const end = endOf(items, index);
  const parts = items.slice(index + 1, end).map((item) => ({ ...item, depth: item.depth - 1 }));
  return withValidDepths([...items.slice(0, index), ...parts, ...items.slice(end)]);
}

/** Moves a clause with its parts one level in or out. */
export function moved(items: readonly OutlineItem[], index: number, by: 1 | -1): OutlineItem[] {
  const end = endOf(items, index);
  const shifted = items.map((item, at) => (at >= index && at < end ? { ...item, depth: Math.max(0, item.depth + by) } : item));
  return withValidDepths(shifted);
}

/** Whether a clause can move one level in, which requires that the clause before it is not its parent. */
export const canMoveIn = (items: readonly OutlineItem[], index: number) => (items[index]?.depth ?? 0) <= (items[index - 1]?.depth ?? -1);
