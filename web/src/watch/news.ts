import { useEffect, useState } from 'react';
import { useViewer } from '../api/auth';
import { isStaleCursor } from '../api/client';
import { useLive } from '../api/live';
import { useQuery } from '../api/query';
import type { ChangeFilter } from '../api/types.gen';
import type { LogPart } from './distinct';
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

/** The part of the change log that contains the news of a page. */
const logPart = ({ seen, filter }: Watch, account: string | undefined): LogPart => ({ after: seen, filter: newsFilter(filter, account) });

/** The watched pages, with the number of unseen changes of each. */
export function useNews(): readonly News[] {
  const account = useAccount();
  const watches = useWatches(account);
  const { end } = useLive();
  const of = watches.map((watch) => logPart(watch, account));
  const [{ data, error }] = useQuery({ query: WatchCountsDocument, variables: { of }, pause: watches.length === 0 });
  const isStale = isStaleCursor(error);
  useEffect(() => {
    if (isStale && end !== undefined) markAllSeen(account, end);
  }, [isStale, account, end]);
  const counts = watches.length > 0 ? data?.changeCounts : undefined;
  return watches.map((watch, index) => ({ watch, count: counts?.[index] }));
}

/** The maximum number of pages whose changes are compared. Each needs a request after every change. */
const MAX_COMPARED = 10;

/** The number of unseen changes on all watched pages. A change that several pages have is counted once. */
export function useNewsCount(): number {
  const account = useAccount();
  const unread = useNews().filter(({ count = 0 }) => count > 0);
  const most = Math.max(0, ...unread.map(({ count = 0 }) => count));
  const mayOverlap = unread.length > 1 && unread.length <= MAX_COMPARED && most < MAX_COUNT;
  const key = mayOverlap ? JSON.stringify(unread) : '';
  const [distinct, setDistinct] = useState<number>();
  useEffect(() => {
    setDistinct(undefined);
    if (!key) return;
    let isCurrent = true;
    const parts = (JSON.parse(key) as News[]).map(({ watch }) => logPart(watch, account));
    // Loaded on demand, because most visitors watch nothing. If it cannot be loaded, the lower bound stays.
    import('./distinct').then(
      async ({ countDistinct }) => {
        const count = await countDistinct(parts, MAX_COUNT);
        if (isCurrent) setDistinct(count);
      },
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [key, account]);
  // Without the distinct count, the largest count of one page is used as a lower bound.
  return distinct ?? most;
}
