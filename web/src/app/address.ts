import { useEffect } from 'react';
import { navigate } from 'wouter/use-browser-location';

/** Replaces an old slug in a path by the present one. In every path with a slug, the slug is the second part. */
export function withPresentSlug(path: string, old: string, present: string): string {
  const [start, kind, slug, ...rest] = path.split('/');
  if (slug === undefined || decodeURIComponent(slug) !== old) return path;
  return [start, kind, encodeURIComponent(present), ...rest].join('/');
}

/** Corrects the address of a record that was loaded by an old slug. `slug` is in the address, `present` in the result. */
export function usePresentSlug(slug: string, present: string | undefined) {
  useEffect(() => {
    if (present === undefined || present === slug) return;
    const { pathname, search, hash } = window.location;
    const path = withPresentSlug(pathname, slug, present);
    if (path !== pathname) navigate(path + search + hash, { replace: true });
  }, [slug, present]);
}
