import { type Exchange, makeOperation, type Operation } from 'urql';
import { map, pipe } from 'wonka';

/**
 * Keeps what is shown fresh. `refresh` asks again for all that is on the page; what was cached before
 * that and is not on the page now is shown at once when it is wanted, and asked for again.
 */
export function freshness() {
  const active = new Map<number, Operation>();
  const fetchedIn = new Map<number, number>();
  let generation = 0;
  let reexecute: (operation: Operation) => void = () => {};

  const exchange: Exchange = ({ client, forward }) => {
    reexecute = (operation) => client.reexecuteOperation(operation);
    return (operations$) => forward(pipe(operations$, map(tracked)));
  };

  function tracked(operation: Operation): Operation {
    if (operation.kind === 'teardown') active.delete(operation.key);
    if (operation.kind !== 'query' || operation.context.aside) return operation;
    active.set(operation.key, operation);
    const isStale = (fetchedIn.get(operation.key) ?? generation) < generation;
    fetchedIn.set(operation.key, generation);
    return isStale && operation.context.requestPolicy === 'cache-first'
      ? withPolicy(operation, 'cache-and-network')
      : operation;
  }

  function refresh() {
    generation += 1;
    for (const operation of [...active.values()]) reexecute(withPolicy(operation, 'network-only'));
  }

  return { exchange, refresh };
}

function withPolicy(operation: Operation, requestPolicy: Operation['context']['requestPolicy']) {
  return makeOperation(operation.kind, operation, { ...operation.context, requestPolicy });
}

declare module 'urql' {
  interface OperationContext {
    /** Not part of a page: never asked again by `refresh`. */
    aside?: boolean;
  }
}
