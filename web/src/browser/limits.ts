/**
 * The maximum size of the body of a request in bytes. The server writes it into the page. Undefined if the page does not contain
 * it, as on the development server.
 */
export function maxBody(): number | undefined {
  if (typeof document === 'undefined') return undefined;
  const bytes = Number(document.querySelector<HTMLMetaElement>('meta[name=max-body]')?.content);
  return bytes > 0 ? bytes : undefined;
}
