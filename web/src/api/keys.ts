import type { KeyingConfig } from '@urql/exchange-graphcache';
import { EMBEDDED } from './schema.gen';

/** The keys by which the cache identifies records: `id`. Types without an `id` are embedded in their parent. */
export const keys: KeyingConfig = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, () => null])),
  Change: (change) => String(change.position),
};
