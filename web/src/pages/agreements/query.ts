import type { AgreementFilter, AgreementOrder } from '../../api/types.gen';
import type { View } from '../../app/view';
import { texts } from '../../texts';

// Reads the filters and the order of the list from the address, as inputs of the API. Ignores unknown values.

/** The names of the filters in the address. */
export const FILTER_NAMES = ['text', 'kind', 'party', 'state', 'archived'] as const;

const ORDERS: Record<keyof typeof texts.agreements.orders, AgreementOrder> = {
  latest: { field: 'AGREED_ON', direction: 'DESC' },
  earliest: { field: 'AGREED_ON', direction: 'ASC' },
  title: { field: 'TITLE', direction: 'ASC' },
};

const isOf = <Name extends string>(names: Record<Name, unknown>, text: string | null): text is Name =>
  text !== null && Object.hasOwn(names, text);

/** The filter. `mayEdit` is whether the user may see archived records. */
export function filterOf(parameters: URLSearchParams, view: View & { asOf: string }, mayEdit: boolean): AgreementFilter {
  const filter: AgreementFilter = { ...view, agreedTo: view.asOf };
  const text = parameters.get('text');
  const kind = parameters.get('kind');
  const party = parameters.get('party');
  const state = parameters.get('state');
  if (text) filter.text = text;
  if (isOf(texts.agreementKind, kind)) filter.kind = [kind];
  if (party) filter.party = [party];
  if (isOf(texts.agreements.states, state)) filter.ended = state === 'ended';
  if (mayEdit && parameters.has('archived')) filter.archived = true;
  return filter;
}

export function orderOf(parameters: URLSearchParams): AgreementOrder {
  const order = parameters.get('order');
  return isOf(ORDERS, order) ? ORDERS[order] : ORDERS.latest;
}

/** The parameters of the export that contains the rows of the page. */
export const exportOf = ({ filter, orderBy }: { filter: AgreementFilter; orderBy: AgreementOrder }) => ({
  ...filter,
  'orderBy.field': orderBy.field,
  'orderBy.direction': orderBy.direction,
});

export const isFiltered = (parameters: URLSearchParams) => FILTER_NAMES.some((name) => parameters.has(name));
