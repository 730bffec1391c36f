// Prints each change of the change log. After an interruption, it continues after the last printed change.
//
// Usage: npx tsx follow.ts [http://127.0.0.1:8080]
//
// Node 22.18 and later also run this file without tsx. If the server requires an access token, set the environment variable TOKEN.
// The file follow.cursor contains the cursor of the last printed change. On its first start, the program begins with the next change.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-sse';

const server = process.argv[2] ?? 'http://127.0.0.1:8080';
const { TOKEN } = process.env;
const CURSOR = 'follow.cursor';

const CHANGES = `
  subscription Changes($after: String) {
    changes(after: $after) {
      cursor position recordedAt actor action
      subject { __typename ... on Trackable { reference } }
    }
  }
`;

interface Change {
  cursor: string;
  position: number;
  recordedAt: string;
  actor: string;
  action: string;
  subject: { __typename: string; reference?: string };
}

// After an interruption, graphql-sse would subscribe again with the first cursor, so this program connects again itself.
// The server sends a comment every 25 seconds, so silence means that the connection is lost. Node ends a response
// after five minutes of silence.
const client = createClient({
  url: `${server}/graphql`,
  headers: TOKEN ? { authorization: `Bearer ${TOKEN}` } : {},
  retryAttempts: 0,
});

/** Errors that may be temporary. All others end the program. */
const TEMPORARY = ['INTERNAL_SERVER_ERROR', 'RATE_LIMITED', 'TIMEOUT', 'UNAVAILABLE'];

/** Returns the data of an answer. Ends the program if an error is not temporary. */
function dataOf<Data>({ data, errors }: ExecutionResult<Data, unknown>): Data {
  const error = errors?.[0];
  if (error && !TEMPORARY.includes(String(error.extensions?.code))) {
    console.error(error.message);
    process.exit(1);
  }
  if (error || !data) throw new Error(error?.message ?? 'an answer without data');
  return data;
}

/** Stores the cursor. The file is replaced in one step, so it is never incomplete. */
function store(cursor: string) {
  writeFileSync(`${CURSOR}.new`, cursor);
  renameSync(`${CURSOR}.new`, CURSOR);
}

/** Prints changes until the connection ends. */
async function follow() {
  if (!existsSync(CURSOR)) {
    for await (const answer of client.iterate<{ changesEnd: string }>({ query: '{ changesEnd }' })) {
      store(dataOf(answer).changesEnd);
    }
  }
  const variables = { after: readFileSync(CURSOR, 'utf8') };
  for await (const answer of client.iterate<{ changes: Change }>({ query: CHANGES, variables })) {
    const { cursor, position, recordedAt, actor, action, subject } = dataOf(answer).changes;
    console.log(position, recordedAt, actor, action, subject.reference ?? subject.__typename);
    store(cursor);
  }
}

const storedCursor = () => (existsSync(CURSOR) ? readFileSync(CURSOR, 'utf8') : undefined);

for (let wait = 1000; ; ) {
  const before = storedCursor();
  try {
    await follow();
  } catch (failure) {
    console.error('interrupted:', failure);
  }
  // The wait doubles while nothing new arrives.
  wait = storedCursor() === before ? Math.min(2 * wait, 30_000) : 1000;
  await sleep(wait * (0.5 + Math.random() / 2));
}
