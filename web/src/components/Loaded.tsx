import { type ReactNode, useEffect } from 'react';
import type { CombinedError } from 'urql';
import { currentPath } from '../browser/base';
import { isForbidden, needsSignIn } from '../api/client';
import { signInAddress } from '../api/redirect';
import { startLoading } from '../app/servedText';
import { texts } from '../texts';
import { Link } from './Link';
import styles from './Loaded.module.css';

export interface Result<Data> {
  data?: Data;
  error?: CombinedError;
  fetching: boolean;
  stale?: boolean;
}

interface Props<Data> {
  result: Result<Data>;
  retry: () => void;
  /** Explains the data below an error. */
  earlierDataText?: string;
  children: (data: Data) => ReactNode;
}

/** Renders the data of a query, a loading message, or an error. Earlier data stays visible while the query is sent again. */
export function Loaded<Data>({ result, retry, earlierDataText = texts.states.earlierData, children }: Props<Data>) {
  const { data, error, fetching, stale } = result;
  const failure = error && !fetching && !stale && <Failure error={error} retry={retry} earlierDataText={data && earlierDataText} />;
  if (!data) return failure || <Loading />;
  return (
    <>
      {failure}
      <div aria-busy={fetching || stale} className={fetching ? styles.busy : undefined}>
        {children(data)}
      </div>
    </>
  );
}

export function Loading() {
  useEffect(startLoading, []);
  return (
    <p className={styles.loading} role="status">
      {texts.states.loading}
    </p>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className={styles.empty}>{children}</p>;
}

interface FailureProps {
  error: CombinedError;
  retry: () => void;
  /** Explains the data below the error. Undefined if there is no data. */
  earlierDataText?: string;
}

export function Failure({ error, retry, earlierDataText }: FailureProps) {
  const messages = error.graphQLErrors.map((error) => error.message);
  const signIn = signInAddress(currentPath() + window.location.search);
  return (
    <div className={styles.failure} role="alert">
      <p>
        <strong>{texts.states.errorTitle}</strong>
      </p>
      {isForbidden(error) && (
        <p>
          {texts.states.forbidden} <Link to={signIn}>{texts.states.signInAsOther}</Link>
        </p>
      )}
      {needsSignIn(error) ? (
        <p>
          {texts.states.signInNeeded} <Link to={signIn}>{texts.states.signIn}</Link>
        </p>
      ) : (
        (messages.length > 0 ? messages : [texts.states.networkError]).map((message) => <p key={message}>{message}</p>)
      )}
      {earlierDataText && <p>{earlierDataText}</p>}
      <button type="button" onClick={retry}>
        {texts.states.retry}
      </button>
    </div>
  );
}
