import { type StoredDraft, storedDraft } from '../form/storage';

/** The parameter of the address that opens the dialog that sets the status of the selected rows. */
export const BATCH_PARAMETER = 'batch';
/** The value of this parameter. */
export const STATUS_DIALOG = 'status';

/** The page and the records for which the draft of the dialog was last changed. */
export interface BatchBase {
  /** The path and the parameters of the page, which open the dialog. */
  page: string;
  /** The ids of the selected records. */
  records: readonly string[];
}

/**
 * The name of the draft of the dialog. The drafts of clauses and of caveats are separate, because their statuses differ. The number
 * changes with the format of the draft.
 */
export const batchDraft = (type: 'Clause' | 'Caveat') => `batch-2-${type}`;

/** The ids of the records of a stored draft. */
export const draftedRecords = (type: 'Clause' | 'Caveat'): readonly string[] =>
  storedDraft<StoredDraft<unknown, BatchBase>>(batchDraft(type))?.base.records ?? [];
