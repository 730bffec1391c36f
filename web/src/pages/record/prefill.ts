import type { AnyFields } from '../../form/fields';
import type { Reference, Value, Values } from '../../form/values';

/** The parameters of the address that are values of fields. */
export const fieldParameters = (fields: AnyFields, parameters: URLSearchParams) =>
  new URLSearchParams([...parameters].filter(([name]) => Object.hasOwn(fields, name)));

/** The ids of the records to which the parameters of the address refer. */
export function referenceIds(fields: AnyFields, parameters: URLSearchParams): string[] {
  return Object.entries(fields).flatMap(([name, { type }]) =>
    type === 'reference' || type === 'references' ? parameters.getAll(name) : [],
  );
}

/** The values of fields in the address. `records` are the records to which its ids refer. Ids without a record are ignored. */
export function prefilled(fields: AnyFields, parameters: URLSearchParams, records: readonly Reference[]): Values {
  const entries = Object.entries(fields).flatMap(([name, { type }]): [string, Value][] => {
    const given = parameters.getAll(name);
    const found = records.filter(({ id }) => given.includes(id));
    if (type === 'references') return found.length > 0 ? [[name, found]] : [];
    if (type === 'reference') return found[0] ? [[name, found[0]]] : [];
    const isText = type === 'text' || type === 'longText' || type === 'day' || type === 'date' || type === 'url' || type === 'choice';
    return isText && given[0] ? [[name, given[0]]] : [];
  });
  return Object.fromEntries(entries);
}
