import { cacheExchange } from '@urql/exchange-graphcache';
import { Client, fetchExchange } from 'urql';
import { freshness } from './fresh';
import { keys } from './keys';
import { POSSIBLE } from './schema.gen';

const fresh = freshness();

export const client = new Client({
  url: '/graphql',
  preferGetMethod: false,
  // The session is a cookie.
  fetchOptions: { credentials: 'same-origin' },
  exchanges: [
    fresh.exchange,
    cacheExchange({ keys, possibleTypes: POSSIBLE }),
    fetchExchange,
  ],
});

/** Asks again for everything that is shown. */
export const refresh = fresh.refresh;
