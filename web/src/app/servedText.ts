// The server sends each page with its text. The app shows this text until it has loaded the page itself, so text that the
// reader already sees does not disappear.

/** After this time, the app shows the parts that are loaded, even if other parts are still loading. */
const MAX_WAIT_MS = 5_000;

/** The text that the server sent. Undefined once the app shows the page. */
let text: HTMLElement | undefined;
let isTitleShown = false;
/** The number of parts of the page that are loading. */
let loading = 0;
const listeners = new Set<() => void>();

/** Takes the text of the page out of the document, before React replaces the content of its root. */
export function takeServedText(root: HTMLElement) {
  text = root.querySelector<HTMLElement>('.served') ?? undefined;
  if (text) setTimeout(discard, MAX_WAIT_MS);
}

export const servedText = (): HTMLElement | undefined => text;

export function subscribeToServedText(onChange: () => void) {
  listeners.add(onChange);
  return () => listeners.delete(onChange);
}

/** Called when the page shows its heading. */
export function showTitle() {
  isTitleShown = true;
  discardWhenLoaded();
}

/** Registers a part of the page as loading. Returns a function that registers it as loaded. */
export function startLoading() {
  loading += 1;
  return () => {
    loading -= 1;
    discardWhenLoaded();
  };
}

/** Waits for the effects of the same update, because a part that is loaded may begin to load others. */
function discardWhenLoaded() {
  queueMicrotask(() => {
    if (isTitleShown && loading === 0) discard();
  });
}

function discard() {
  if (!text) return;
  text = undefined;
  for (const listener of listeners) listener();
}
