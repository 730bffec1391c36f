import { useEffect } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { currentPath, onHost } from '../browser/base';

/** The path with the present slug of a record in the place of an old one: the second part of every path with a slug. */
export function withPresentSlug(path: string, old: string, present: string): string {
  const [start, kind, slug, ...rest] = path.split('/');
  if (slug === undefined || decodeURIComponent(slug) !== old) return path;
  return [start, kind, encodeURIComponent(present), ...rest].join('/');
}

/** The path by which a page was opened, for each path that took its place when the record got another slug. */
const openedBy = new Map<string, string>();

/** The path by which the page at this path was opened: the same as long as a page stays, whatever its record is called. */
export const openedPath = (path: string): string => openedBy.get(path) ?? path;

/**
 * Replaces the address of a record that was found by an old slug. `slug` is in the address by which the page was opened,
 * `present` in the answer. The page stays as it is, with all that is written on it.
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
