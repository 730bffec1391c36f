import type { DocumentNode, SelectionNode } from 'graphql';
import type { LiveChange } from './live';

/** Root fields whose answers the change log says nothing about. */
const UNLOGGED_FIELDS: ReadonlySet<string> = new Set(['viewer', 'tokens']);
/** Root fields that list records of one kind by their names alone. */
const NAME_LISTS: Readonly<Record<string, string>> = { parties: 'Party', topics: 'Topic' };
/** Root fields that read one record, and what belongs to it. */
const RECORD_FIELDS: ReadonlySet<string> = new Set(['agreement', 'clause', 'proposal']);
/** Records that others only refer to: a change of one is seen only where it is shown. */
const REFERENCED_TYPES: ReadonlySet<string> = new Set(['Party', 'Source', 'Topic']);

type Change = Pick<LiveChange, 'action' | 'subject'>;

/**
 * Whether a change can alter the answer to a query. In doubt it can: lists, figures and sequences are made from many
 * records, and deadlines may be counted from events and completions elsewhere.
 */
export function isAffected(document: DocumentNode, data: unknown, change: Change): boolean {
  // Without an answer there is nothing by which to tell.
  if (data === undefined || data === null) return true;
  const { action, subject } = change;
  const isAssessment = action === 'ASSESSED' || action === 'RETRACTED';
  const isLocal = isAssessment || REFERENCED_TYPES.has(subject.__typename);
  return rootFields(document).some((field) => {
    if (UNLOGGED_FIELDS.has(field)) return false;
    if (field in NAME_LISTS) return !isAssessment && NAME_LISTS[field] === subject.__typename;
    if (RECORD_FIELDS.has(field) && isLocal) return sharesAny(idsOf(subject), idsOf(data)) || hasChainedDeadline(data);
    return true;
  });
}

function rootFields(document: DocumentNode): string[] {
  const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
  return (operation?.selectionSet.selections ?? []).flatMap((selection: SelectionNode) =>
    selection.kind === 'Field' && selection.name.value !== '__typename' ? [selection.name.value] : [],
  );
}

/** The ids of all records within a value: of a change's subject, also of the agreement or proposal that it belongs to. */
function idsOf(value: unknown): Set<string> {
  const ids = new Set<string>();
  eachObject(value, ({ id }) => {
    if (typeof id === 'string') ids.add(id);
  });
  return ids;
}

const sharesAny = (first: ReadonlySet<string>, second: ReadonlySet<string>) => [...first].some((id) => second.has(id));

/** Whether a deadline is counted from another one, whose own basis is not part of the answer. */
function hasChainedDeadline(data: unknown): boolean {
  let hasDeadline = false;
  eachObject(data, ({ __typename }) => {
    if (__typename === 'DaysAfterDeadline') hasDeadline = true;
  });
  return hasDeadline;
}

function eachObject(value: unknown, visit: (object: Record<string, unknown>) => void) {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) visit(value as Record<string, unknown>);
  for (const part of Object.values(value)) eachObject(part, visit);
}
