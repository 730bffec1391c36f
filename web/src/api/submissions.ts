import { useEffect } from 'react';
import { rootFields } from './affected';
import { refetchAll } from './client';

/** How often the queue is read again, in ms. The change log does not tell of new submissions. */
const INTERVAL_MS = 60_000;

/** Sends the queries of submissions again, after a change that is not in the change log. */
export const refetchSubmissions = () => refetchAll(({ query }) => rootFields(query).includes('submissions'));

/** Reads submissions again from time to time while the component is mounted and the tab is visible. */
export function useSubmissionPolling() {
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && refetchSubmissions(), INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);
}
