import type { KeyingConfig } from '@urql/exchange-graphcache';
import { EMBEDDED } from './schema.gen';

/** How the cache identifies objects: entries of the change log by `position`, others by `id`. Types without an `id` are embedded in their parent. */
export const keys: KeyingConfig = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, () => null])),
  Change: (change) => String(change.position),
};
