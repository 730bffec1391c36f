import type { KeyingConfig } from '@urql/exchange-graphcache';
import { EMBEDDED } from './schema.gen';

/** How the cache tells records apart: by `id`; types without one are part of what holds them. */
export const keys: KeyingConfig = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, () => null])),
  Change: (change) => String(change.position),
};
