import type { CaveatKind } from '../../api/schema.gen';

interface Caveat {
  id: string;
  kind: CaveatKind;
  inExchangeFor: readonly { id: string }[];
}

/** Offers, and the demands that are in exchange for them. */
export interface Exchange<It> {
  offers: readonly It[];
  demands: readonly It[];
}

/** Groups the offers and demands that are in exchange for each other, directly or through others. `unlinked` contains the remaining ones. */
export function exchangesOf<It extends Caveat>(caveats: readonly It[]): { linked: Exchange<It>[]; unlinked: Exchange<It> } {
  const sided = caveats.filter((caveat) => caveat.kind === 'OFFER' || caveat.kind === 'DEMAND');
  const groups = new Map(sided.map((caveat) => [caveat.id, new Set([caveat.id])]));
  for (const { id, inExchangeFor } of sided) {
    for (const other of inExchangeFor) {
      const [group, otherGroup] = [groups.get(id), groups.get(other.id)];
      if (!group || !otherGroup || group === otherGroup) continue;
      for (const member of otherGroup) {
        group.add(member);
        groups.set(member, group);
      }
    }
  }
  const sides = (members: ReadonlySet<string>): Exchange<It> => {
    const present = sided.filter((caveat) => members.has(caveat.id));
    return { offers: present.filter((caveat) => caveat.kind === 'OFFER'), demands: present.filter((caveat) => caveat.kind === 'DEMAND') };
  };
  const distinct = [...new Set(groups.values())];
  return {
    linked: distinct.filter((group) => group.size > 1).map(sides),
    unlinked: sides(new Set(distinct.filter((group) => group.size === 1).flatMap((group) => [...group]))),
  };
}
