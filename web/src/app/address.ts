import { useEffect } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { currentPath, onHost } from '../browser/base';

/** The path with the present slug of a record in the place of an old one: the second part of every path with a slug. */
export function withPresentSlug(path: string, old: string, present: string): string {
  const [start, kind, slug, ...rest] = path.split('/');
  if (slug === undefined || decodeURIComponent(slug) !== old) return path;
  return [start, kind, encodeURIComponent(present), ...rest].join('/');
}

/** Replaces the address of a record that was found by an old slug. `slug` is in the address, `present` in the answer. */
export function usePresentSlug(slug: string, present: string | undefined) {
  useEffect(() => {
    if (present === undefined || present === slug) return;
    const { search, hash } = window.location;
    const current = currentPath();
    const path = withPresentSlug(current, slug, present);
    if (path !== current) navigate(onHost(path + search + hash), { replace: true });
  }, [slug, present]);
}
