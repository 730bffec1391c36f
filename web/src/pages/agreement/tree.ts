export interface Branch<Clause> {
  clause: Clause;
  parts: Branch<Clause>[];
}

/** Arranges clauses below their parents. A clause whose parent is not in the list is at the top level. */
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
