import { expect, test } from 'vitest';
import type { CaveatKind } from '../../api/schema.gen';
import { exchangesOf } from './exchange';

const caveat = (id: string, kind: CaveatKind, ...others: string[]) => ({
  id,
  kind,
  inExchangeFor: others.map((id) => ({ id })),
});

test('offers and demands in exchange are grouped, the rest is separate', () => {
  const { linked, unlinked } = exchangesOf([
    caveat('1', 'DEMAND'),
    caveat('2', 'OFFER', '3'),
    caveat('3', 'DEMAND', '2', '4'),
    caveat('4', 'OFFER', '3'),
    caveat('5', 'OFFER', 'of another proposal'),
    caveat('6', 'CLARIFICATION', '1'),
  ]);
  const ids = ({ offers, demands }: typeof unlinked) => [offers.map((offer) => offer.id), demands.map((demand) => demand.id)];
  expect(linked.map(ids)).toEqual([[['2', '4'], ['3']]]);
  expect(ids(unlinked)).toEqual([['5'], ['1']]);
});
