import { useEffect } from 'react';
import { useViewer } from '../api/auth';
import { isStaleCursor } from '../api/client';
import { useLive } from '../api/live';
import { useQuery } from '../api/query';
import type { ChangeFilter } from '../api/types.gen';
import { markAllSeen, useWatches, type Watch } from './storage';
import { WatchCountsDocument } from './Watch.gen';

/** Counts are exact below this number. */
export const MAX_COUNT = 100;

export interface News {
  watch: Watch;
  /** The number of changes since the page was last seen. Undefined while loading. */
  count: number | undefined;
}

/** The account whose watches are used. Undefined without a sign-in. */
export const useAccount = () => useViewer()?.name ?? undefined;

/** The filter for news. Excludes the user's own changes. */
export function newsFilter(filter: ChangeFilter, account: string | undefined): ChangeFilter {
  return account === undefined ? filter : { ...filter, exceptActor: [account] };
}

/** The watched pages, with the number of unseen changes of each. */
export function useNews(): readonly News[] {
  const account = useAccount();
  const watches = useWatches(account);
  const { end } = useLive();
  const of = watches.map(({ seen, filter }) => ({ after: seen, filter: newsFilter(filter, account) }));
  const [{ data, error }] = useQuery({ query: WatchCountsDocument, variables: { of }, pause: watches.length === 0 });
  const isStale = isStaleCursor(error);
  useEffect(() => {
    if (isStale && end !== undefined) markAllSeen(account, end);
  }, [isStale, account, end]);
  const counts = watches.length > 0 ? data?.changeCounts : undefined;
  return watches.map((watch, index) => ({ watch, count: counts?.[index] }));
}
