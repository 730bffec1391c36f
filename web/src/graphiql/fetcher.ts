import { createGraphiQLFetcher, type Fetcher, type FetcherOpts, type FetcherParams, type Observable } from '@graphiql/toolkit';
import { type DocumentNode, type ExecutionResult, getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { onHost } from '../browser/base';

// The server does not support incremental delivery. If the option is false, the fetcher sends
// `accept: application/graphql-response+json, application/json;q=0.9`.
const send = createGraphiQLFetcher({ url: onHost('/graphql'), enableIncrementalDelivery: false });

/**
 * GraphiQL analyses the document with a delay. So an operation name that is no longer in the text is removed here, and the
 * text decides whether the operation is a subscription.
 */
export const fetcher: Fetcher = (params, options) => {
  const { operationName } = params;
  const named = new RegExp(`\\b(query|mutation|subscription)\\s+${operationName}\\b`);
  const current = operationName && !named.test(params.query) ? { ...params, operationName: null } : params;
  const documentAST = parsed(params.query);
  const operation = documentAST && getOperationAST(documentAST, current.operationName);
  if (operation?.operation === 'subscription') return subscribe(current, options);
  return send(current, { ...options, documentAST });
};

interface Observer {
  next: (event: ExecutionResult) => void;
  complete: () => void;
}

/** The parsed document. Undefined if it is invalid: the server's response has a better message. */
function parsed(query: string): DocumentNode | undefined {
  try {
    return parse(query);
  } catch {
    return undefined;
  }
}

/**
 * The events of a subscription, over a WebSocket. An error is shown as a response. The toolkit's own client would throw it.
 */
function subscribe({ query, operationName, variables }: FetcherParams, options?: FetcherOpts): Observable<ExecutionResult> {
  const client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}${onHost('/graphql')}`,
    connectionParams: options?.headers,
  });
  const events = {
    // GraphiQL always passes an observer. The interface allows other forms.
    subscribe({ next, complete }: Observer) {
      const request = { query, operationName, variables: variables as Record<string, unknown> | undefined };
      const unsubscribe = client.subscribe(request, {
        next: (event) => next(event as ExecutionResult),
        error(error) {
          next({ errors: errorsOf(error) } as ExecutionResult);
          complete();
        },
        complete,
      });
      return { unsubscribe };
    },
  };
  return events as Observable<ExecutionResult>;
}

function errorsOf(error: unknown): readonly { message: string }[] {
  if (Array.isArray(error)) return error;
  if (error instanceof CloseEvent) return [{ message: `The connection was closed: ${error.code} ${error.reason}`.trim() }];
  return [{ message: error instanceof Error ? error.message : String(error) }];
}
