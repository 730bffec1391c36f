import { createClient, type SubscribePayload } from 'graphql-ws';
import { stringifyDocument } from 'urql';
import { onHost } from '../browser/base';
import { documentId } from './documents';
import { LiveChangeDocument } from './live.gen';
import type { LiveChangeSubscription } from './types.gen';

/** How often the server is asked whether it is there, and how long it has to answer. */
const PING_MS = 10_000;
const PONG_MS = 5_000;

export interface Follower {
  /** The server has taken the connection. */
  onOpen: () => void;
  onChange: (change: LiveChangeSubscription['changes']) => void;
  /** The connection could not be opened, or has ended. Not called after the returned function was. */
  onEnd: () => void;
}

/** Follows the change log from a cursor on, over a WebSocket. Returns what ends it. */
export function subscribeToChanges(after: string, { onOpen, onChange, onEnd }: Follower): () => void {
  let isOver = false;
  let pong: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(pong);
    if (isOver) return;
    isOver = true;
    dispose();
    onEnd();
  };
  // A connection that is still being opened may fail then, which no one has to know.
  const dispose = () => void Promise.resolve(client.dispose()).catch(() => {});
  const url = new URL(onHost('/graphql'), window.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({
    url: url.href,
    // Trying again is up to the caller, who asks over HTTP meanwhile.
    retryAttempts: 0,
    keepAlive: PING_MS,
    on: {
      connected: () => !isOver && onOpen(),
      ping: (isReceived) => {
        if (!isReceived) pong = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (isReceived) => isReceived && clearTimeout(pong),
    },
  });
  const id = documentId(LiveChangeDocument);
  // The library wants a text beside an id; an empty one stands for none.
  const document = id === undefined ? { query: stringifyDocument(LiveChangeDocument) } : { query: '', documentId: id };
  client.subscribe<LiveChangeSubscription>(
    { ...document, variables: { after } } as SubscribePayload,
    {
      next: ({ data }) => {
        if (data && !isOver) onChange(data.changes);
      },
      error: end,
      complete: end,
    },
  );
  return () => {
    isOver = true;
    clearTimeout(pong);
    dispose();
  };
}
