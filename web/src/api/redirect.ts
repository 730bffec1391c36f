export const SIGN_IN = '/sign-in';

/** Address of the sign-in page, which returns to `here` after the sign-in. */
export function signInAddress(here: string): string {
  return here === '/' || here.startsWith(SIGN_IN) ? SIGN_IN : `${SIGN_IN}?${new URLSearchParams({ to: here })}`;
}

/** The address to open after the sign-in. Only addresses of this app are allowed, so that a link cannot lead to another site. */
export function redirectTarget(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  const base = 'https://here.invalid';
  if (!to.startsWith('/') || !URL.canParse(to, base)) return '/';
  const { origin, pathname, search: query, hash } = new URL(to, base);
  // Browsers interpret a path that begins with two slashes as another host.
  const isOwn = origin === base && !pathname.startsWith('//') && !pathname.startsWith(SIGN_IN);
  return isOwn ? pathname + query + hash : '/';
}
