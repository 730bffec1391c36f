import type { RecordKind } from '../kind';
import { agreement } from './agreement';
import { caveat } from './caveat';
import { clause } from './clause';
import { event } from './event';
import { interpretation } from './interpretation';
import { party } from './party';
import { precondition } from './precondition';
import { proposal } from './proposal';
import { source } from './source';
import { topic } from './topic';

/** The kinds of records that the app can create and edit, by their names in addresses. */
const KINDS: Readonly<Record<string, RecordKind>> = {
  agreement,
  caveat,
  clause,
  event,
  interpretation,
  party,
  precondition,
  proposal,
  source,
  topic,
};

export const kindOf = (name: string): RecordKind | undefined => (Object.hasOwn(KINDS, name) ? KINDS[name] : undefined);
