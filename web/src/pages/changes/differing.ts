/** Two texts: the words that both begin with, the words that differ, and the words that both end with. */
export interface Differing {
  start: string;
  before: string;
  after: string;
  end: string;
}

/** Each word, with the spaces after it. */
const wordsOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

export function differing(before: string, after: string): Differing {
  const [old, next] = [wordsOf(before), wordsOf(after)];
  const shorter = Math.min(old.length, next.length);
  let first = 0;
  while (first < shorter && old[first] === next[first]) first += 1;
  let last = 0;
  while (last < shorter - first && old.at(-1 - last) === next.at(-1 - last)) last += 1;
  const between = (words: string[]) => words.slice(first, words.length - last).join('');
  return { start: old.slice(0, first).join(''), before: between(old), after: between(next), end: last > 0 ? old.slice(-last).join('') : '' };
}
