interface Counter {
  id: string;
  answers: readonly { id: string }[];
}

/** Maps each caveat to the caveats of responses that counter it. */
export function countersOf<Caveat extends Counter>(
  caveats: readonly { id: string }[],
  responses: readonly { caveats: { nodes: readonly Caveat[] } }[],
): ReadonlyMap<string, readonly Caveat[]> {
  const all = responses.flatMap((response) => response.caveats.nodes);
  return new Map(caveats.map(({ id }) => [id, all.filter(({ answers }) => answers.some((answer) => answer.id === id))]));
}
