import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, type CombinedError, fetchExchange, mapExchange } from 'urql';
import { navigate } from 'wouter/use-browser-location';
import { byId } from './documents';
import { createRefetch } from './refetch';
import { keys } from './keys';
import { POSSIBLE } from './schema.gen';
import { SIGN_IN, signInAddress } from './redirect';

const refetching = createRefetch();

/** Whether an answer says that it takes a sign-in. */
export const needsSignIn = (error: CombinedError | undefined) => hasCode(error, 'UNAUTHENTICATED');

/** Whether a cursor of the change log is of another history, such as from before a backup was restored. */
export const isStaleCursor = (error: CombinedError | undefined) => hasCode(error, 'STALE_CURSOR');

/** Whether an answer says that it takes another role than the one that somebody has. */
export const isForbidden = (error: CombinedError | undefined) => hasCode(error, 'FORBIDDEN');

function hasCode(error: CombinedError | undefined, code: string): boolean {
  return error?.graphQLErrors.some((error) => error.extensions.code === code) ?? false;
}

/** A page that takes a sign-in leads to it, and from there back. What is written in a form stays where it is. */
const redirectToSignIn = mapExchange({
  onResult({ error, operation }) {
    if (operation.kind !== 'query' || operation.context.background || !needsSignIn(error)) return;
    const { pathname, search, hash } = window.location;
    if (pathname !== SIGN_IN) navigate(signInAddress(pathname + search + hash), { replace: true });
  },
});

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  // The session is a cookie.
  fetchOptions: { credentials: 'same-origin' },
  exchanges: [
    redirectToSignIn,
    refetching.exchange,
    cacheExchange({ keys, possibleTypes: POSSIBLE }),
    // A null that stands for an error is no record that does not exist: the cache must not keep it.
    mapExchange({ onResult: (result) => (result.error ? { ...result, data: undefined } : result) }),
    byId(),
    fetchExchange,
  ],
});

/** Asks again for everything that is shown. */
export const refetchAll = refetching.refetch;
