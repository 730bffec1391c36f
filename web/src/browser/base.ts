// The path under which people reach the server. With `--public-url https://example.org/clausewatch/`, the server writes it into
// the page; the router and the addresses within the app leave it out.

/** The path without its last slash: `/clausewatch`, or an empty text if the server has a host of its own. */
export const BASE = baseOf(
  typeof document === 'undefined' ? undefined : document.querySelector<HTMLMetaElement>('meta[name=base-path]')?.content,
);

export function baseOf(content: string | undefined): string {
  return (content ?? '/').replace(/\/+$/, '');
}

/** The path on this host of a path of the server, such as `/clausewatch/graphql` of `/graphql`. */
export const onHost = (path: string): string => BASE + path;

/** The path of the server for a path on this host. */
export function withoutBase(pathname: string, base = BASE): string {
  const isBelow = pathname === base || pathname.startsWith(`${base}/`);
  return (isBelow ? pathname.slice(base.length) : pathname) || '/';
}

/** The path of the present page within the app. */
export const currentPath = (): string => withoutBase(window.location.pathname);
