/** The page of the log in the address: after a cursor, before a cursor, or the latest. */
export function pageOf(parameters: URLSearchParams, size: number) {
  const after = parameters.get('after');
  if (after) return { first: size, after };
  return { last: size, before: parameters.get('before') ?? undefined };
}
