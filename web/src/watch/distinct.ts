import { client } from '../api/client';
import type { ChangeFilter } from '../api/types.gen';
import { WatchPositionsDocument } from './distinct.gen';

/** A part of the change log. */
export interface LogPart {
  after: string | null;
  filter: ChangeFilter;
}

/** The number of distinct changes in parts of the change log. Reads at most `first` changes of each part. Undefined if a part cannot be loaded. */
export async function countDistinct(parts: readonly LogPart[], first: number): Promise<number | undefined> {
  const context = { requestPolicy: 'network-only', background: true } as const;
  const results = await Promise.all(parts.map((part) => client.query(WatchPositionsDocument, { ...part, first }, context).toPromise()));
  const positions = new Set<number>();
  for (const { data } of results) {
    if (!data?.changes) return undefined;
    for (const { position } of data.changes.nodes) positions.add(position);
  }
  return positions.size;
}
