import type { CaveatKind } from '../../api/schema.gen';

interface Caveat {
  id: string;
  kind: CaveatKind;
  inExchangeFor: readonly { id: string }[];
}

/** What stands against each other: what is offered on one side, what is asked for it on the other. */
export interface Exchange<It> {
  offers: readonly It[];
  demands: readonly It[];
}

/**
 * Offers and demands that are tied by exchange, directly or through others, together; then what has no
 * counterpart, all in one.
 */
export function exchangesOf<It extends Caveat>(caveats: readonly It[]): { tied: Exchange<It>[]; rest: Exchange<It> } {
  const sided = caveats.filter((it) => it.kind === 'OFFER' || it.kind === 'DEMAND');
  const groups = new Map(sided.map((it) => [it.id, new Set([it.id])]));
  for (const { id, inExchangeFor } of sided) {
    for (const other of inExchangeFor) {
      const [one, two] = [groups.get(id), groups.get(other.id)];
      if (!one || !two || one === two) continue;
      for (const member of two) {
        one.add(member);
        groups.set(member, one);
      }
    }
  }
  const sides = (members: ReadonlySet<string>): Exchange<It> => {
    const present = sided.filter((it) => members.has(it.id));
    return { offers: present.filter((it) => it.kind === 'OFFER'), demands: present.filter((it) => it.kind === 'DEMAND') };
  };
  const distinct = [...new Set(groups.values())];
  return {
    tied: distinct.filter((it) => it.size > 1).map(sides),
    rest: sides(new Set(distinct.filter((it) => it.size === 1).flatMap((it) => [...it]))),
  };
}
