/** What is said by someone, or by the text itself. */
interface WithHolder {
  heldBy: { id: string; shortName: string } | null;
}

export interface Reading<Item> {
  /** Whose reading; undefined for the text itself, or for everyone. */
  name: string | undefined;
  items: readonly Item[];
}

/** Put together by whose reading they are: the text's own first, then by the parties' names. */
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
