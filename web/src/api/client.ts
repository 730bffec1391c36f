import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, type CombinedError, fetchExchange, mapExchange } from 'urql';
import { navigate } from 'wouter/use-browser-location';
import { currentPath, onHost } from '../browser/base';
import { byId } from './documents';
import { keys } from './keys';
import { SIGN_IN, signInAddress } from './redirect';
import { createRefetch } from './refetch';
import { POSSIBLE } from './schema.gen';

const refetching = createRefetch();

/** Whether the request was rejected because it requires a sign-in. */
export const needsSignIn = (error: CombinedError | undefined) => hasCode(error, 'UNAUTHENTICATED');

/** Whether the change log does not contain the cursor, for example because a backup was restored. */
export const isStaleCursor = (error: CombinedError | undefined) => hasCode(error, 'STALE_CURSOR');

/** Whether the request was rejected because it requires another role. */
export const isForbidden = (error: CombinedError | undefined) => hasCode(error, 'FORBIDDEN');

/** Whether the server rejected a value, such as an invalid id in the address. */
export const isInvalidInput = (error: CombinedError | undefined) => hasCode(error, 'BAD_USER_INPUT');

function hasCode(error: CombinedError | undefined, code: string): boolean {
  return error?.graphQLErrors.some((error) => error.extensions.code === code) ?? false;
}

/** Redirects to the sign-in page if a query requires a sign-in. Mutations do not redirect: the form must keep its input. */
const redirectToSignIn = mapExchange({
  onResult({ error, operation }) {
    if (operation.kind !== 'query' || operation.context.background || !needsSignIn(error)) return;
    const { search, hash } = window.location;
    const path = currentPath();
    if (path !== SIGN_IN) navigate(onHost(signInAddress(path + search + hash)), { replace: true });
  },
});

/** The options of all clients. */
export const CONNECTION = {
  url: onHost('/graphql'),
  preferGetMethod: false,
  // Sends the session cookie.
  fetchOptions: { credentials: 'same-origin' },
} as const;

export const client = new Client({
  ...CONNECTION,
  exchanges: [
    redirectToSignIn,
    refetching.exchange,
    cacheExchange({ keys, possibleTypes: POSSIBLE }),
    // A field with an error is null. The cache would take this to mean that the record does not exist.
    mapExchange({ onResult: (result) => (result.error ? { ...result, data: undefined } : result) }),
    byId(),
    fetchExchange,
  ],
});

/** Sends all queries on the page again. */
export const refetchAll = refetching.refetch;
