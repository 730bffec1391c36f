import { type StoredDraft, storedDraft } from '../form/storage';

/** The parameter of the address for the status dialog of the selected rows. */
export const BATCH_PARAMETER = 'batch';
/** The value of `BATCH_PARAMETER` that opens the dialog. */
export const STATUS_DIALOG = 'status';

/** The page and the selected records when the user last changed or previewed the draft. */
export interface BatchBase {
  /** The address of the page, with the parameter that opens the dialog. */
  page: string;
  /** The ids of the selected records. */
  records: readonly string[];
}

/**
 * The name of the draft of the dialog. The drafts of clauses and of caveats are separate, because their statuses differ. The number
 * changes with the format of the draft.
 */
export const batchDraft = (type: 'Clause' | 'Caveat') => `batch-2-${type}`;

/** The parts of the draft that other forms and pages use. */
interface AnyDraft {
  note: string;
}

/** The stored draft of the dialog. */
export const storedBatch = <Draft extends AnyDraft>(type: 'Clause' | 'Caveat') =>
  storedDraft<StoredDraft<Draft, BatchBase>>(batchDraft(type));

/** A draft whose records are not in the list. */
export interface UnmatchedDraft {
  /** The number of its records. */
  count: number;
  note: string;
}

/** The rows of a list to which a stored draft applies, or the draft if the list has none of its records. */
export function matchDraft(
  stored: Pick<StoredDraft<AnyDraft, BatchBase>, 'draft' | 'base'> | undefined,
  ids: readonly string[],
): { ids: readonly string[]; unmatched: UnmatchedDraft | undefined } {
  if (!stored) return { ids: [], unmatched: undefined };
  const drafted = new Set(stored.base.records);
  const found = ids.filter((id) => drafted.has(id));
  return { ids: found, unmatched: found.length > 0 ? undefined : { count: drafted.size, note: stored.draft.note } };
}
