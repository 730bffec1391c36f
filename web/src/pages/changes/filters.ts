import type { ChangeAction, ChangedRecordKind } from '../../api/schema.gen';
import type { ChangeFilter } from '../../api/types.gen';
import { isDay } from '../../format/days';
import { texts } from '../../texts';

/** The names of the filters in the address. */
export const FILTER_NAMES = ['actor', 'action', 'kind', 'agreement', 'about', 'from', 'to'] as const;

export const ACTIONS = Object.keys(texts.changeAction) as ChangeAction[];
export const KINDS = Object.keys(texts.changes.kinds) as ChangedRecordKind[];

/** The filter in the address, as an input of the API. Ignores unknown values. Undefined without a filter. */
export function filterOf(parameters: URLSearchParams): ChangeFilter | undefined {
  const given = (name: (typeof FILTER_NAMES)[number]) => parameters.getAll(name).filter(Boolean);
  const [actor, agreement, about] = [given('actor'), given('agreement'), given('about')];
  const action = ACTIONS.filter((action) => given('action').includes(action));
  const kind = KINDS.filter((kind) => given('kind').includes(kind));
  const [from = '', to = ''] = [given('from')[0], given('to')[0]];
  const filter: ChangeFilter = {};
  if (actor.length > 0) filter.actor = actor;
  if (action.length > 0) filter.action = action;
  if (kind.length > 0) filter.kind = kind;
  if (agreement.length > 0) filter.agreement = agreement;
  if (about.length > 0) filter.about = about;
  if (isDay(from)) filter.from = from;
  if (isDay(to)) filter.to = to;
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** The address of the log with the filters of `parameters`. The parameters in `further` are added, or replace filters of the same name. */
export function addressWith(parameters: URLSearchParams, further: Record<string, string>): string {
  const address = new URLSearchParams(further);
  for (const name of FILTER_NAMES) for (const value of parameters.getAll(name)) if (!(name in further)) address.append(name, value);
  return address.size > 0 ? `/changes?${address}` : '/changes';
}
