import type { DocumentNode, SelectionNode } from 'graphql';
import type { LiveChange } from './live';

/** Root fields whose data is not in the change log. */
const UNLOGGED_FIELDS: ReadonlySet<string> = new Set(['viewer', 'tokens', 'coderAgreement']);
/** Root fields that list only the names of records, with the type of these records. */
const NAME_LISTS: Readonly<Record<string, string>> = { parties: 'Party', topics: 'Topic' };
/** Root fields that read one record and its parts. */
const RECORD_FIELDS: ReadonlySet<string> = new Set(['agreement', 'clause', 'proposal']);
/**
 * Types of records to which other records refer. A change of such a record affects a query of a root field in `RECORD_FIELDS` only
 * if the data of the query contains the record.
 */
const REFERENCED_TYPES: ReadonlySet<string> = new Set(['Party', 'Source', 'Topic']);

/** Actions that do not change the content of the record. */
const ASSESSING_ACTIONS: ReadonlySet<LiveChange['action']> = new Set(['ASSESSED', 'RETRACTED', 'CHECKED', 'CHECK_RETRACTED']);

type Change = Pick<LiveChange, 'action' | 'subject'>;

/**
 * Whether a change may alter the result of a query. Every change may alter lists, scores and sequences, because they depend on
 * many records. Deadlines depend on events and on other clauses.
 */
export function isAffected(document: DocumentNode, data: unknown, change: Change): boolean {
  if (data === undefined || data === null) return true;
  const { action, subject } = change;
  const isAssessment = ASSESSING_ACTIONS.has(action);
  const isLocal = isAssessment || REFERENCED_TYPES.has(subject.__typename);
  return rootFields(document).some((field) => {
    if (UNLOGGED_FIELDS.has(field)) return false;
    if (field in NAME_LISTS) return !isAssessment && NAME_LISTS[field] === subject.__typename;
    if (RECORD_FIELDS.has(field) && isLocal) return sharesAny(idsOf(subject), idsOf(data)) || hasChainedDeadline(data);
    return true;
  });
}

export function rootFields(document: DocumentNode): string[] {
  const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
  return (operation?.selectionSet.selections ?? []).flatMap((selection: SelectionNode) =>
    selection.kind === 'Field' && selection.name.value !== '__typename' ? [selection.name.value] : [],
  );
}

/** The ids of all records within a value. The subject of a change contains its agreement or proposal, so their ids are included. */
function idsOf(value: unknown): Set<string> {
  const ids = new Set<string>();
  eachObject(value, ({ id }) => {
    if (typeof id === 'string') ids.add(id);
  });
  return ids;
}

const sharesAny = (first: ReadonlySet<string>, second: ReadonlySet<string>) => [...first].some((id) => second.has(id));

/**
 * Whether a deadline in the data is counted from another deadline. Any change may affect such data, because it does not include all
 * records that can move the other deadline.
 */
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
