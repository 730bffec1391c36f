import { dayOfEntry, type TimelineEntry } from '../../components/TimelineList';

/** The entries of each month, such as `2015-02`, in the order of the entries. */
export function byMonth(entries: readonly TimelineEntry[]): [string, TimelineEntry[]][] {
  const months = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const month = (dayOfEntry(entry) ?? '').slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), entry]);
  }
  return [...months];
}
