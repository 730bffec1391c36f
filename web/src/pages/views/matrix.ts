import type { ViewsClauseFragment } from '../../api/types.gen';

export type Viewpoint = ViewsClauseFragment['viewpoints'][number];
type Clause = Pick<ViewsClauseFragment, 'viewpoints'>;
type Holder = NonNullable<Viewpoint['heldBy']>;

/** The parties with views of these clauses: those with the most views first, then in the order of their names. */
export function holdersIn(clauses: readonly Clause[]): Holder[] {
  const counts = new Map<string, { holder: Holder; count: number }>();
  for (const { heldBy } of clauses.flatMap(({ viewpoints }) => viewpoints)) {
    if (heldBy) counts.set(heldBy.id, { holder: heldBy, count: (counts.get(heldBy.id)?.count ?? 0) + 1 });
  }
  const byCount = [...counts.values()].toSorted(
    (first, second) => second.count - first.count || first.holder.shortName.localeCompare(second.holder.shortName),
  );
  return byCount.map(({ holder }) => holder);
}

/** The view of a holder, or the neutral record if `holder` is undefined. */
export const viewOf = ({ viewpoints }: Clause, holder: Pick<Holder, 'id'> | undefined): Viewpoint | undefined =>
  viewpoints.find(({ heldBy }) => heldBy?.id === holder?.id);

const breakersOf = ({ breachedBy }: Viewpoint) =>
  breachedBy
    .map(({ id }) => id)
    .sort()
    .join();

/** Whether a party's view differs from the neutral record in the status, or in the breakers if both name breakers. */
export function differsFromNeutral(clause: Clause, view: Viewpoint): boolean {
  if (view.heldBy === null || view.status === 'UNASSESSED') return false;
  const neutral = viewOf(clause, undefined);
  if (view.status !== (neutral?.status ?? 'UNASSESSED')) return true;
  const [own, other] = [breakersOf(view), neutral ? breakersOf(neutral) : ''];
  return own !== '' && other !== '' && own !== other;
}
