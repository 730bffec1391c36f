interface Counter {
  id: string;
  answers: readonly { id: string }[];
}

/** For each caveat of a proposal, those of the proposals that answer it which counter it. */
export function countersOf<Caveat extends Counter>(
  caveats: readonly { id: string }[],
  responses: readonly { caveats: { nodes: readonly Caveat[] } }[],
): ReadonlyMap<string, readonly Caveat[]> {
  const all = responses.flatMap((response) => response.caveats.nodes);
  return new Map(caveats.map(({ id }) => [id, all.filter(({ answers }) => answers.some((answer) => answer.id === id))]));
}
