/** The prefix of the names of record drafts. The number in it changes with the format of the draft. */
export const RECORD_DRAFTS = 'record-1-';

/** The name of the draft of an edited record. */
export const recordDraft = (kind: string, id: string) => `${RECORD_DRAFTS}${kind}-${id}`;

/** The name of the draft of a new record. `parameters` are the values of fields in the address. */
export const newRecordDraft = (kind: string, parameters: URLSearchParams) => `${RECORD_DRAFTS}${kind}-new-${parameters}`;
