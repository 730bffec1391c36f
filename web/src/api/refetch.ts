import { type Exchange, makeOperation, type Operation, type OperationResult } from 'urql';
import { map, pipe, tap } from 'wonka';

/** Whether to send a query again, given the data of its last result. */
export type IsAffected = (operation: Operation, data: unknown) => boolean;

/**
 * Creates an exchange that tracks the queries on the page, and the function `refetch`, which sends all of them or only the
 * affected ones again. Cached results of queries that are not on the page become stale: when such a query is used, its cached
 * result is shown at once, and the query is sent again.
 */
export function createRefetch() {
  const active = new Map<number, Operation>();
  const answers = new Map<number, unknown>();
  /** Each `refetch` starts a generation. For each query, these maps contain the generation in which it was last sent or answered. */
  const sentIn = new Map<number, number>();
  const answeredIn = new Map<number, number>();
  let generation = 0;
  let reexecute: (operation: Operation) => void = () => {};

  const exchange: Exchange = ({ client, forward }) => {
    reexecute = (operation) => client.reexecuteOperation(operation);
    return (operations$) => pipe(forward(pipe(operations$, map(track))), tap(storeAnswer));
  };

  function track(operation: Operation): Operation {
    if (operation.kind === 'teardown') {
      active.delete(operation.key);
      answers.delete(operation.key);
      // While `useQuery` renders, it makes a request to read the cache, and cancels it at once. Its next request must be sent.
      restore(operation.key);
    }
    if (operation.kind !== 'query' || operation.context.background) return operation;
    active.set(operation.key, operation);
    const isStale = (sentIn.get(operation.key) ?? generation) < generation;
    sentIn.set(operation.key, generation);
    return isStale && operation.context.requestPolicy === 'cache-first'
      ? withPolicy(operation, 'cache-and-network')
      : operation;
  }

  /** Treats a canceled request as not sent. */
  function restore(key: number) {
    const answered = answeredIn.get(key);
    if (answered === undefined) sentIn.delete(key);
    else sentIn.set(key, answered);
  }

  function storeAnswer({ operation, data, error, stale }: OperationResult) {
    const sent = sentIn.get(operation.key);
    if (sent !== undefined && !stale && !error) answeredIn.set(operation.key, sent);
    if (active.has(operation.key)) answers.set(operation.key, data);
  }

  function refetch(isAffected: IsAffected = () => true) {
    generation += 1;
    for (const operation of [...active.values()]) {
      if (isAffected(operation, answers.get(operation.key))) reexecute(withPolicy(operation, 'network-only'));
      // The cached result of this query is still valid.
      else {
        sentIn.set(operation.key, generation);
        answeredIn.set(operation.key, generation);
      }
    }
  }

  return { exchange, refetch };
}

function withPolicy(operation: Operation, requestPolicy: Operation['context']['requestPolicy']) {
  return makeOperation(operation.kind, operation, { ...operation.context, requestPolicy });
}

declare module 'urql' {
  interface OperationContext {
    /** Whether the query is not part of a page. `refetch` ignores such a query, and it never redirects to the sign-in page. */
    background?: boolean;
  }
}
