import { useState } from 'react';
import { type AnyVariables, stringifyVariables, type UseQueryArgs, type UseQueryResponse, useQuery as useBareQuery } from 'urql';

/**
 * Runs a query. If the query is sent again and fails, the result contains the earlier data and the error. After an error, the
 * result never contains data for other variables, such as another day.
 */
export function useQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const [result, refetch] = useBareQuery(args);
  const key = queryKey(result.operation?.variables);
  // The first result may already have data from the cache.
  const [lastAnswer, setLastAnswer] = useState({ key, data: result.data });
  if (result.data !== undefined && result.data !== lastAnswer.data) setLastAnswer({ key, data: result.data });
  if (!result.error) return [result, refetch];
  return [{ ...result, data: result.data ?? (lastAnswer.key === key ? lastAnswer.data : undefined) }, refetch];
}

/** The variables, except those that only set the length of a list. */
function queryKey(variables: AnyVariables): string {
  return stringifyVariables({ ...variables, first: undefined, last: undefined });
}

/** The last value that was defined. For names and other values that do not depend on the selected day. */
export function useLastDefined<Value>(value: Value | null | undefined): Value | undefined {
  const [last, setLast] = useState(value ?? undefined);
  if (value && value !== last) setLast(value);
  return value ?? last;
}
