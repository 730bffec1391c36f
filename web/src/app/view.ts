import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import { isDay } from '../format/days';

/** The day and the viewpoint of a page. Both are parameters of the address. */
export interface View {
  /** The page shows the statuses at the end of this day. Undefined for the latest day. */
  asOf: string | undefined;
  /** The slug of the party that holds the view. Undefined for the neutral record. */
  heldBy: string | undefined;
}

export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const asOf = parameters.get('asOf') ?? '';
  return { asOf: isDay(asOf) ? asOf : undefined, heldBy: parameters.get('heldBy') || undefined };
}

/** The same viewpoint on the latest day. */
export const latestOf = (view: View): View => ({ ...view, asOf: undefined });

/** Adds the day and the viewpoint to an address, unless the address has its own. */
export function withView(to: string, view: View): string {
  const [address = '', anchor] = to.split('#', 2);
  const [path = '', search = ''] = address.split('?', 2);
  const parameters = new URLSearchParams(search);
  for (const name of ['asOf', 'heldBy'] as const) {
    const value = view[name];
    if (value !== undefined && !parameters.has(name)) parameters.set(name, value);
  }
  return (parameters.size > 0 ? `${path}?${parameters}` : path) + (anchor === undefined ? '' : `#${anchor}`);
}

export function useView(): View {
  const search = useSearch();
  return useMemo(() => viewOf(search), [search]);
}

export type SetParameters = (
  changes: Record<string, string | readonly string[] | undefined>,
  options?: { replace?: boolean },
) => void;

/** The parameters of the address, and a function that changes some of them. An undefined or empty value removes a parameter. */
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
