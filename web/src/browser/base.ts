// The path of the server, such as `/clausewatch` with `--public-url https://example.org/clausewatch/`. The server writes it into
// the page. The router and the paths within the app omit it.

/** The path without a trailing slash, such as `/clausewatch`. Empty if the server is at the root of its host. */
export const BASE = baseOf(
  typeof document === 'undefined' ? undefined : document.querySelector<HTMLMetaElement>('meta[name=base-path]')?.content,
);

export function baseOf(content: string | undefined): string {
  return (content ?? '/').replace(/\/+$/, '');
}

/** Adds the path of the server, such as `/clausewatch/graphql` for `/graphql`. */
export const onHost = (path: string): string => BASE + path;

/** Removes the path of the server. */
export function withoutBase(pathname: string, base = BASE): string {
  const isBelow = pathname === base || pathname.startsWith(`${base}/`);
  return (isBelow ? pathname.slice(base.length) : pathname) || '/';
}

/** The path of the current page within the app. */
export const currentPath = (): string => withoutBase(window.location.pathname);
