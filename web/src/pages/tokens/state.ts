interface Dated {
  expiresAt: string | null;
  revokedAt: string | null;
}

/** What a token is good for: nothing any more, for a time, or for ever. */
export function stateOf({ expiresAt, revokedAt }: Dated, now: Date): 'revoked' | 'expired' | 'expiring' | 'forever' {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'forever';
  return new Date(expiresAt) <= now ? 'expired' : 'expiring';
}

/** The days that were typed: undefined for ever, or NaN where it is no number of days that the server takes. */
export function parseDays(typed: string): number | undefined {
  if (typed.trim() === '') return undefined;
  const days = Number(typed);
  return Number.isInteger(days) && days >= 1 && days <= 3650 ? days : Number.NaN;
}
