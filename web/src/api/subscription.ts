import { createClient, type SubscribePayload } from 'graphql-ws';
import { stringifyDocument } from 'urql';
import { onHost } from '../browser/base';
import { documentId } from './documents';
import { LiveChangeDocument } from './live.gen';
import type { LiveChangeSubscription } from './types.gen';

/** Interval of pings, and the time limit for the response. */
const PING_MS = 10_000;
const PONG_MS = 5_000;

export interface Follower {
  /** The server has accepted the connection. */
  onOpen: () => void;
  onChange: (change: LiveChangeSubscription['changes']) => void;
  /** The connection could not be opened, or has ended. Not called after the subscription was stopped. */
  onEnd: () => void;
}

/** Subscribes to the change log after a cursor, over a WebSocket. Returns a function that ends the subscription. */
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
  // The promise rejects if the connection was still being opened, which is not an error here.
  const dispose = () => void Promise.resolve(client.dispose()).catch(() => {});
  const url = new URL(onHost('/graphql'), window.location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({
    url: url.href,
    // The caller retries, and polls over HTTP in the meantime.
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
  // The library requires a text. The server ignores an empty text if the request has an id.
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
