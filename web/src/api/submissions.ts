import { useEffect } from 'react';
import { rootFields } from './affected';
import { refetchAll } from './client';

/** The interval in ms at which submissions are read again. The change log does not contain new submissions. */
const INTERVAL_MS = 60_000;

/** Sends the queries of submissions again. Call it after changing a submission, because the change log does not contain submissions. */
export const refetchSubmissions = () => refetchAll(({ query }) => rootFields(query).includes('submissions'));

/** Reads submissions again every `INTERVAL_MS` while the component is mounted and the tab is visible. */
export function useSubmissionPolling() {
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && refetchSubmissions(), INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);
}
