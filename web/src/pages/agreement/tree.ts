export interface Branch<Clause> {
  clause: Clause;
  parts: Branch<Clause>[];
}

/** Clauses below those that they are parts of. A part whose whole is not in the list stands at the top. */
export function treeOf<Clause extends { id: string; parent: { id: string } | null }>(
  clauses: readonly Clause[],
): Branch<Clause>[] {
  const branches = new Map(clauses.map((clause) => [clause.id, { clause, parts: [] as Branch<Clause>[] }]));
  const top: Branch<Clause>[] = [];
  for (const branch of branches.values()) {
    const whole = branch.clause.parent && branches.get(branch.clause.parent.id);
    (whole ? whole.parts : top).push(branch);
  }
  return top;
}
