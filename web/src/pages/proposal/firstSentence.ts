import { LOCALE } from '../../format/locale';

/** Shorter sentences are rarely complete. They may end at an abbreviation, such as `U.S.`. */
const MIN_LENGTH = 40;
/** A text that ends with an initial, as in `U.S.`, or with an abbreviation. The sentence continues after these. */
const ABBREVIATION = /(^|[\s.(])(\p{Lu}|No|Nos|Art|Arts|para|paras|p|pp|cf|ca|St|Mr|Mrs|Dr)\.\s*$/u;

/** The first sentence of a text, and the rest, which is empty if the text is one sentence. */
export function firstSentence(text: string): [first: string, rest: string] {
  let end = 0;
  for (const { segment, index } of new Intl.Segmenter(LOCALE, { granularity: 'sentence' }).segment(text)) {
    end = index + segment.length;
    if (end >= MIN_LENGTH && !ABBREVIATION.test(segment)) break;
  }
  return [text.slice(0, end).trimEnd(), text.slice(end)];
}
