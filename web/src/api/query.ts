import { useState } from 'react';
import { type AnyVariables, type UseQueryArgs, type UseQueryResponse, useQuery as useBareQuery } from 'urql';

/**
 * Asks the server. Where an answer fails, what was known before it stays beside the error: what is shown
 * goes on to be read, and what is being written is not lost.
 */
export function useQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const [result, ask] = useBareQuery(args);
  const [kept, keep] = useState(result.data);
  if (result.data !== undefined && result.data !== kept) keep(result.data);
  return [result.error ? { ...result, data: result.data ?? kept } : result, ask];
}
