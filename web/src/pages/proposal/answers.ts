interface Counter {
  id: string;
  answers: readonly { id: string }[];
}

/** For each caveat of a proposal, those of the proposals that answer it which counter it. */
export function countersOf<It extends Counter>(
  caveats: readonly { id: string }[],
  responses: readonly { caveats: { nodes: readonly It[] } }[],
): ReadonlyMap<string, readonly It[]> {
  const all = responses.flatMap((it) => it.caveats.nodes);
  return new Map(caveats.map(({ id }) => [id, all.filter(({ answers }) => answers.some((it) => it.id === id))]));
}
