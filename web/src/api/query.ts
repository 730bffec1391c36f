import { useState } from 'react';
import { type AnyVariables, stringifyVariables, type UseQueryArgs, type UseQueryResponse, useQuery as useBareQuery } from 'urql';

/**
 * Asks the server. If asking the same question again fails, the earlier answer stays beside the error, for readers to go
 * on with. The answer to another question, such as another day, is never shown in its place.
 */
export function useQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const [result, refetch] = useBareQuery(args);
  const key = queryKey(result.operation?.variables);
  // There may be data from the beginning: from the cache.
  const [lastAnswer, setLastAnswer] = useState({ question: key, data: result.data });
  if (result.data !== undefined && result.data !== lastAnswer.data) setLastAnswer({ question: key, data: result.data });
  if (!result.error) return [result, refetch];
  return [{ ...result, data: result.data ?? (lastAnswer.question === key ? lastAnswer.data : undefined) }, refetch];
}

/** The variables without those that only say how much of a list is shown. */
function queryKey(variables: AnyVariables): string {
  return stringifyVariables({ ...variables, first: undefined, last: undefined });
}

/** The last value that was known: for names and the like, which do not depend on the day that is shown. */
export function useLastDefined<Value>(value: Value | null | undefined): Value | undefined {
  const [last, setLast] = useState(value ?? undefined);
  if (value && value !== last) setLast(value);
  return value ?? last;
}
