import type { ClauseStatus } from '../../api/schema.gen';
import type { ClauseFilter } from '../../api/types.gen';
import type { View } from '../../app/view';
import { STATUS_ORDER } from '../../components/status';

/** The names of the filters in the address. */
export const FILTER_NAMES = ['text', 'status', 'topic', 'party', 'only'] as const;
export const ONLY = ['contested', 'overdue', 'blocked'] as const;

const isStatus = (text: string | null): text is ClauseStatus => STATUS_ORDER.some((status) => status === text);

/** The filter in the address, as an input of the API. Ignores unknown values. */
export function filterOf(parameters: URLSearchParams, view: View): ClauseFilter {
  const only = parameters.getAll('only');
  const status = parameters.get('status');
  const filter: ClauseFilter = { ...view };
  const text = parameters.get('text');
  const topic = parameters.get('topic');
  const party = parameters.get('party');
  if (text) filter.text = text;
  if (isStatus(status)) filter.status = [status];
  if (topic) filter.topic = [topic];
  if (party) filter.party = [party];
  for (const name of ONLY) if (only.includes(name)) filter[name] = true;
  return filter;
}

export const isFiltered = (parameters: URLSearchParams) => FILTER_NAMES.some((name) => parameters.has(name));

/** The values of the filters, for a title. */
export const labelsOf = (parameters: URLSearchParams) => FILTER_NAMES.flatMap((name) => parameters.getAll(name)).filter(Boolean);
