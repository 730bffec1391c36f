import { useEffect } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { currentPath, onHost } from '../browser/base';

/** Replaces an old slug in a path with the present one. In every path with a slug, the slug is the second part. */
export function withPresentSlug(path: string, old: string, present: string): string {
  const [start, kind, slug, ...rest] = path.split('/');
  if (slug === undefined || decodeURIComponent(slug) !== old) return path;
  return [start, kind, encodeURIComponent(present), ...rest].join('/');
}

/** Maps the present path of a page to the path by which the page was opened. Contains only pages whose path has changed. */
const openedBy = new Map<string, string>();

/** The path by which the page at this path was opened. It stays the same while the page is open, even if the slug changes. */
export const openedPath = (path: string): string => openedBy.get(path) ?? path;

/**
 * Corrects the address of a record that was loaded by an old slug. `slug` is the slug in the path by which the page was opened,
 * and `present` is the slug in the result. The page keeps its state, such as the input of forms.
 */
export function usePresentSlug(slug: string, present: string | undefined) {
  useEffect(() => {
    if (present === undefined) return;
    const { search, hash } = window.location;
    const current = currentPath();
    const opened = openedPath(current);
    const path = withPresentSlug(opened, slug, present);
    if (path === current) return;
    if (path !== opened) openedBy.set(path, opened);
    navigate(onHost(path + search + hash), { replace: true });
  }, [slug, present]);
}
