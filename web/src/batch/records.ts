import type { ItemResultFragment } from '../api/types.gen';
import type { UserError } from '../form/problems';
import { capitalized } from '../format/sentences';
import { STATUS_FIELD_NAMES } from '../status/update';
import { texts } from '../texts';

/** A clause or caveat in a list. */
export interface BatchRecord {
  __typename: 'Clause' | 'Caveat';
  id: string;
  version: number;
  reference: string;
  heading: string;
  topic: { id: string; name: string };
}

export interface ItemFault {
  /** The name of the item's field in the API. */
  field: string;
  /** The message, with the name of the field in the form. */
  text: string;
}

/** The labels of an item's fields, by the names of the fields in the API. */
const NAMES: Readonly<Record<string, string>> = {
  ...STATUS_FIELD_NAMES,
  evidence: texts.batch.sources,
  topicId: texts.batch.topic,
};

/** The errors of the items of a batch, by the index of the item, and the errors of the batch as a whole. */
export function errorsByItem(errors: readonly UserError[]): { items: ReadonlyMap<number, readonly ItemFault[]>; whole: string[] } {
  const items = new Map<number, ItemFault[]>();
  const whole: string[] = [];
  for (const { path, message } of errors) {
    const [, list, index, ...field] = path;
    if (list === undefined || index === undefined || !/^\d+$/.test(index)) {
      whole.push(message);
      continue;
    }
    const [name = ''] = field;
    const text = NAMES[name] === undefined ? capitalized(message) : `${NAMES[name]}: ${message}`;
    items.set(Number(index), [...(items.get(Number(index)) ?? []), { field: name, text }]);
  }
  return { items, whole };
}

/** Counts the assessments that a batch adds, the assessments that replace another one, and the assessments that are already recorded. */
export function countEffects(results: readonly Pick<ItemResultFragment, 'effect'>[]): { added: number; replaced: number; unchanged: number } {
  const count = (counted: ItemResultFragment['effect']) => results.filter(({ effect }) => effect === counted).length;
  const unchanged = count('UNCHANGED');
  return { added: results.length - unchanged, replaced: count('CORRECTION'), unchanged };
}
