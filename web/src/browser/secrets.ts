// The playground has a field for HTTP headers, which may contain an access token. GraphiQL writes headers into
// `localStorage` (with its tabs if a setting allows it, and always with its history). Every script of this origin can read them there.

const NAMESPACE = 'graphiql:';
const TOKEN = /cwt_[0-9A-Za-z]+/g;
const REDACTED = 'cwt_…';
/** The keys of the headers, and of the setting that keeps headers. Their values are never stored. */
const HEADER_KEYS: ReadonlySet<string> = new Set(['headers', 'shouldPersistHeaders'].map((name) => NAMESPACE + name));
/** JSON strings that list operations with their headers. */
const LIST_KEYS: ReadonlySet<string> = new Set(['queries', 'favorites', 'tabState'].map((name) => NAMESPACE + name));

/** The value without headers and access tokens. Null if it must not be stored. */
export function withoutSecrets(key: string, value: string): string | null {
  if (HEADER_KEYS.has(key)) return null;
  const content = LIST_KEYS.has(key) ? withoutHeaders(value) : value;
  return content?.replace(TOKEN, REDACTED) ?? null;
}

function withoutHeaders(list: string): string | null {
  try {
    // GraphiQL drops its tabs if they lack the field `headers`, so the field is set to null.
    return JSON.stringify(JSON.parse(list, (name, value: unknown) => (name === 'headers' ? null : value)));
  } catch {
    return null;
  }
}

/** `localStorage` for GraphiQL, without secrets. */
export const storage = {
  getItem: (key: string) => localStorage.getItem(key),
  setItem(key: string, value: string) {
    const redacted = withoutSecrets(key, value);
    if (redacted === null) localStorage.removeItem(key);
    else localStorage.setItem(key, redacted);
  },
  removeItem: (key: string) => localStorage.removeItem(key),
  clear() {
    for (const key of playgroundKeys()) localStorage.removeItem(key);
  },
  get length() {
    return playgroundKeys().length;
  },
};

const playgroundKeys = () => Object.keys(localStorage).filter((key) => key.startsWith(NAMESPACE));

/** Removes the secrets that an earlier version of the playground wrote. */
export function removeStoredSecrets() {
  try {
    for (const key of playgroundKeys()) storage.setItem(key, localStorage.getItem(key) ?? '');
  } catch {
    // Without storage there are no stored secrets.
  }
}
