// The way to the sign-in page and back.

export const SIGN_IN = '/sign-in';

/** The sign-in page, which leads back to `here` afterwards. */
export function signInAddress(here: string): string {
  return here === '/' || here.startsWith(SIGN_IN) ? SIGN_IN : `${SIGN_IN}?${new URLSearchParams({ to: here })}`;
}

/** Where to go after the sign-in: an address of this app, and of nobody else, whatever a link says. */
export function redirectTarget(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  const base = 'https://here.invalid';
  if (!to.startsWith('/') || !URL.canParse(to, base)) return '/';
  const { origin, pathname, search: query, hash } = new URL(to, base);
  // A path that begins with two slashes is again another host to whoever reads it.
  const isOwn = origin === base && !pathname.startsWith('//') && !pathname.startsWith(SIGN_IN);
  return isOwn ? pathname + query + hash : '/';
}
