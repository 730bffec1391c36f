/** The prefix of the names of outline drafts. The number in it changes with the format of the draft. */
export const OUTLINE_DRAFTS = 'outline-1-';

/** The name of the draft of an outline. `agreementId` is undefined for a new agreement. */
export const outlineDraft = (agreementId: string | undefined) => `${OUTLINE_DRAFTS}${agreementId ?? 'new'}`;
