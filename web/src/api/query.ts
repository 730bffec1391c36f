import { useState } from 'react';
import { type AnyVariables, stringifyVariables, type UseQueryArgs, type UseQueryResponse, useQuery as useBareQuery } from 'urql';

/**
 * Asks the server. If asking the same question again fails, the earlier answer stays beside the error, for readers to go
 * on with. The answer to another question, such as another day, is never shown in its place.
 */
export function useQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const [result, ask] = useBareQuery(args);
  const question = questionOf(result.operation?.variables);
  // There may be data from the beginning: from the cache.
  const [kept, keep] = useState({ question, data: result.data });
  if (result.data !== undefined && result.data !== kept.data) keep({ question, data: result.data });
  if (!result.error) return [result, ask];
  return [{ ...result, data: result.data ?? (kept.question === question ? kept.data : undefined) }, ask];
}

/** The variables without those that only say how much of a list is shown. */
function questionOf(variables: AnyVariables): string {
  return stringifyVariables({ ...variables, first: undefined, last: undefined });
}

/** The last value that was known: for names and the like, which do not depend on the day that is shown. */
export function useLast<Value>(value: Value | null | undefined): Value | undefined {
  const [last, setLast] = useState(value ?? undefined);
  if (value && value !== last) setLast(value);
  return value ?? last;
}
