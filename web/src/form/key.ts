/** A random key. `crypto.randomUUID` requires a secure context, which a server without TLS does not have. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
