import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { isDay } from '../format/days';

/** The day and the viewpoint that a page shows: they stand in the address, and act on everything. */
export interface View {
  /** The day at whose end things are shown; the latest where undefined. */
  asOf: string | undefined;
  /** The slug of the party in whose view; the neutral record where undefined. */
  heldBy: string | undefined;
}

export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const asOf = parameters.get('asOf') ?? '';
  return { asOf: isDay(asOf) ? asOf : undefined, heldBy: parameters.get('heldBy') || undefined };
}

/** The same viewpoint on the latest day. */
export const latestOf = (view: View): View => ({ ...view, asOf: undefined });

/** The address with the view in it, so that a link keeps day and viewpoint. */
export function withView(to: string, view: View): string {
  const [address = '', place] = to.split('#', 2);
  const [path = '', search = ''] = address.split('?', 2);
  const parameters = new URLSearchParams(search);
  for (const name of ['asOf', 'heldBy'] as const) {
    const value = view[name];
    if (value !== undefined && !parameters.has(name)) parameters.set(name, value);
  }
  return (parameters.size > 0 ? `${path}?${parameters}` : path) + (place === undefined ? '' : `#${place}`);
}

export function useView(): View {
  const search = useSearch();
  return useMemo(() => viewOf(search), [search]);
}

export type SetParameters = (
  changes: Record<string, string | readonly string[] | undefined>,
  options?: { replace?: boolean },
) => void;

/** What stands behind the `?` of the address, and what changes it: no value leaves the name out. */
export function useParameters(): [URLSearchParams, SetParameters] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const parameters = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback<SetParameters>(
    (changes, options) => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(changes)) {
        next.delete(name);
        for (const part of typeof value === 'string' ? [value] : (value ?? [])) if (part) next.append(name, part);
      }
      const text = next.toString();
      navigate(text ? `${path}?${text}` : path, options);
    },
    [search, path, navigate],
  );
  return [parameters, set];
}
