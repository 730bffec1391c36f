// Drafts are in the browser's storage, so that they are kept when a tab is closed. A sign-out deletes them.

const PREFIX = 'clausewatch-draft-';

/** The key of a draft in the browser's storage. */
export const draftKey = (name: string) => PREFIX + name;

/** Returns false if the storage is full or unavailable. The earlier text of the draft, if any, is then kept. */
export const writeDraft = (name: string, text: string): boolean =>
  attempt(() => {
    localStorage.setItem(draftKey(name), text);
    return true;
  }) ?? false;
export const readDraft = (name: string) => attempt(() => localStorage.getItem(draftKey(name)));
export const removeDraft = (name: string) => attempt(() => localStorage.removeItem(draftKey(name)));

export const draftNames = () =>
  attempt(() => Object.keys(localStorage).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : [])));

export const removeAllDrafts = () =>
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  });

/** Without storage there are no drafts. The browser still asks before the user leaves the page. */
function attempt<Result>(access: () => Result): Result | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
