/** The name of the draft of an edited record. The number changes with the format of the draft. */
export const recordDraft = (kind: string, id: string) => `record-1-${kind}-${id}`;

/** The name of the draft of a new record. `parameters` are the values of fields in the address. */
export const newRecordDraft = (kind: string, parameters: URLSearchParams) => `record-1-${kind}-new-${parameters}`;
