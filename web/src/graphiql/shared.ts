/** The query in the address of the playground. */
export interface SharedQuery {
  query: string;
  /** A JSON object as a text. */
  variables: string | undefined;
}

/** The query in the parameters of an address. Undefined if there is none. */
export function sharedQuery(search: string): SharedQuery | undefined {
  const parameters = new URLSearchParams(search);
  const query = parameters.get('query');
  return query ? { query, variables: parameters.get('variables') ?? undefined } : undefined;
}

/** The parameters of an address that opens the query. */
export function shareParameters({ query, variables }: SharedQuery): URLSearchParams {
  const parameters = new URLSearchParams({ query });
  if (variables?.trim()) parameters.set('variables', variables);
  return parameters;
}
