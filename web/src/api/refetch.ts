import { type Exchange, makeOperation, type Operation, type OperationResult } from 'urql';
import { map, pipe, tap } from 'wonka';

/** Which of the queries on the page are asked again, by what they were last answered. */
export type IsAffected = (operation: Operation, data: unknown) => boolean;

/**
 * Keeps what is shown fresh. `refresh` asks again for what is on the page: all of it, or only what is touched. What was
 * cached before that and is not on the page now is shown at once when it is wanted, and asked for again.
 */
export function createRefetch() {
  const active = new Map<number, Operation>();
  const answers = new Map<number, unknown>();
  const fetchedIn = new Map<number, number>();
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
    }
    if (operation.kind !== 'query' || operation.context.background) return operation;
    active.set(operation.key, operation);
    const isStale = (fetchedIn.get(operation.key) ?? generation) < generation;
    fetchedIn.set(operation.key, generation);
    return isStale && operation.context.requestPolicy === 'cache-first'
      ? withPolicy(operation, 'cache-and-network')
      : operation;
  }

  function storeAnswer({ operation, data }: OperationResult) {
    if (active.has(operation.key)) answers.set(operation.key, data);
  }

  function refetch(isAffected: IsAffected = () => true) {
    generation += 1;
    for (const operation of [...active.values()]) {
      if (isAffected(operation, answers.get(operation.key))) reexecute(withPolicy(operation, 'network-only'));
      // It is as fresh as if it had been asked again.
      else fetchedIn.set(operation.key, generation);
    }
  }

  return { exchange, refetch };
}

function withPolicy(operation: Operation, requestPolicy: Operation['context']['requestPolicy']) {
  return makeOperation(operation.kind, operation, { ...operation.context, requestPolicy });
}

declare module 'urql' {
  interface OperationContext {
    /** Not part of a page: never asked again by `refresh`. */
    background?: boolean;
  }
}
