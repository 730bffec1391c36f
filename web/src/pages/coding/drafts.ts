/** The prefix of the names of coding drafts. The number in it changes with the format of the draft. */
export const CODING_DRAFTS = 'coding-1-';

/** The name of the draft of a page of clauses. `after` is the cursor before the page. Null for the first page. */
export const codingDraft = (agreementId: string, on: string, after: string | null) => `${CODING_DRAFTS}${agreementId}-${on}-${after ?? ''}`;
