import { LOCALE } from './locale';

/** Such as `1 clause` and `2 clauses`. */
export const counted = (count: number, singular: string, plural: string) => `${count} ${count === 1 ? singular : plural}`;

/** A number with separated thousands, such as `2,760`. */
export const grouped = (number: number) => number.toLocaleString(LOCALE);

/** The text with an upper-case first letter. */
export const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The text with a lower-case first letter, for use within a sentence. */
export const withinSentence = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
