/** The selected rows of a list, and the row from which the next range starts. Both contain only shown rows. */
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | undefined;
}

export const NOTHING: Selection = { ids: new Set(), anchor: undefined };

/** Selects a row, or deselects it. */
export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Adds the rows from the anchor to a row, in the order of the list. Without an anchor, adds the row alone. */
export function extendTo({ ids, anchor }: Selection, id: string, rows: readonly string[]): Selection {
  const from = rows.indexOf(anchor ?? id);
  const to = rows.indexOf(id);
  if (to < 0) return { ids, anchor };
  const start = from < 0 ? to : Math.min(from, to);
  const end = Math.max(from, to);
  return { ids: new Set([...ids, ...rows.slice(start, end + 1)]), anchor: rows[from < 0 ? to : from] };
}

/** Selects all rows, or none if all are selected. */
export function toggleAll({ ids }: Selection, rows: readonly string[]): Selection {
  return rows.every((id) => ids.has(id)) ? NOTHING : { ids: new Set(rows), anchor: rows[0] };
}

/** Drops rows that are no longer shown, such as after a change of filters. */
export function keepShown(selection: Selection, rows: readonly string[]): Selection {
  const shown = rows.filter((id) => selection.ids.has(id));
  if (shown.length === selection.ids.size) return selection;
  const { anchor } = selection;
  return { ids: new Set(shown), anchor: anchor !== undefined && rows.includes(anchor) ? anchor : undefined };
}
