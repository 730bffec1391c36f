/** A record that a party holds, or that is in the text itself. */
interface WithHolder {
  heldBy: { id: string; shortName: string } | null;
}

export interface Reading<Item> {
  /** The name of the party. Undefined for the text itself. */
  name: string | undefined;
  items: readonly Item[];
}

/** Groups records by whose reading they state. The text's own reading is first, and the parties follow by name. */
export function groupByReading<Item extends WithHolder>(items: readonly Item[]): Reading<Item>[] {
  const readings = new Map<string, { name: string | undefined; items: Item[] }>();
  for (const item of items) {
    const reading = readings.get(item.heldBy?.id ?? '') ?? { name: item.heldBy?.shortName, items: [] };
    reading.items.push(item);
    readings.set(item.heldBy?.id ?? '', reading);
  }
  return [...readings.values()].sort(
    (a, b) => Number(a.name !== undefined) - Number(b.name !== undefined) || (a.name ?? '').localeCompare(b.name ?? ''),
  );
}
