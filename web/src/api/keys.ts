import type { KeyingConfig } from '@urql/exchange-graphcache';
import { EMBEDDED } from './schema.gen';

/** How the cache identifies records: by `id`, and changes by their position. Types without an `id` are embedded in their parent. */
export const keys: KeyingConfig = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, () => null])),
  Change: (change) => String(change.position),
};
