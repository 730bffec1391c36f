import type { ClauseNature } from '../../api/schema.gen';
import type { OutlineClauseInput } from '../../api/types.gen';
import type { Problem } from '../../components/Form';
import { texts } from '../../texts';
import { parentOf } from './edit';
import { type OutlineItem, shortened } from './split';

// Converts an outline to the input of the API, and finds its problems.

/** The maximum number of clauses that the API creates at once. */
export const MAX_CLAUSES = 1000;
const MAX_HEADING = 300;
const MAX_TEXT = 20_000;
const NUMBER = /^[A-Za-z0-9.-]{1,32}$/;

/** The properties that all clauses of the outline share. */
export interface Common {
  topicId: string;
  nature: ClauseNature;
  /** Whether the pasted wording is saved as verbatim text. Otherwise it is saved as the summary. */
  isVerbatim: boolean;
}

export const clausesOf = (items: readonly OutlineItem[], { topicId, nature, isVerbatim }: Common): OutlineClauseInput[] =>
  items.map(({ number, heading, text }, index) => ({
    number: number.trim(),
    parentNumber: parentOf(items, index)?.number.trim(),
    heading: heading.trim(),
    summary: isVerbatim ? heading.trim() : text.trim() || heading.trim(),
    text: isVerbatim && text.trim() ? text.trim() : undefined,
    nature,
    topicId,
  }));

/** The id of the element that opens a clause. */
export const clauseId = (index: number) => `outline-clause-${index}`;

/** Such as `4.a`, or the heading if there is no number. */
export const nameOf = ({ number, heading, text }: OutlineItem) => number || heading || shortened(text) || texts.outline.noNumber;

/** Problems that can be found before the outline is sent. */
export function problemsOf(items: readonly OutlineItem[]): Problem[] {
  if (items.length === 0) return [{ field: 'outline-text', message: texts.outline.problems.none }];
  if (items.length > MAX_CLAUSES) return [{ field: 'outline-text', message: texts.outline.problems.tooMany(items.length, MAX_CLAUSES) }];
  const used = new Set<string>();
  return items.flatMap((item, index): Problem[] => {
    const messages: string[] = [];
    const number = item.number.trim();
    if (!NUMBER.test(number)) messages.push(texts.outline.problems.number(nameOf(item)));
    else if (used.has(number)) messages.push(texts.outline.problems.repeated(number));
    used.add(number);
    const length = [...item.heading.trim()].length;
    if (length === 0 || length > MAX_HEADING) messages.push(texts.outline.problems.heading(nameOf(item), MAX_HEADING));
    if ([...item.text.trim()].length > MAX_TEXT) messages.push(texts.outline.problems.text(nameOf(item), MAX_TEXT));
    return messages.map((message) => ({ field: clauseId(index), message }));
  });
}
