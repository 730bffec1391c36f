/** Which part of the log the address asks for: what follows a cursor, what precedes one, or the latest. */
export function pageOf(parameters: URLSearchParams, size: number) {
  const after = parameters.get('after');
  if (after) return { first: size, after };
  return { last: size, before: parameters.get('before') ?? undefined };
}
