import type { ItemResultFragment } from '../api/types.gen';
import type { UserError } from '../form/problems';

/** A clause or caveat in a list. */
export interface BatchRecord {
  __typename: 'Clause' | 'Caveat';
  id: string;
  version: number;
  reference: string;
  heading: string;
  topic: { id: string; name: string };
}

/** An error of an item, with the name of its field in the API. */
export interface ItemFault {
  field: string;
  text: string;
}

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
    const text = name && name !== 'subject' ? `${name}: ${message}` : message;
    items.set(Number(index), [...(items.get(Number(index)) ?? []), { field: name, text }]);
  }
  return { items, whole };
}

/** The number of assessments that a batch records, and of assessments that are already recorded. */
export function countEffects(results: readonly Pick<ItemResultFragment, 'effect'>[]): { added: number; unchanged: number } {
  const unchanged = results.filter(({ effect }) => effect === 'UNCHANGED').length;
  return { added: results.length - unchanged, unchanged };
}
