interface Dated {
  expiresAt: string | null;
  revokedAt: string | null;
}

export function stateOf({ expiresAt, revokedAt }: Dated, now: Date): 'revoked' | 'expired' | 'expiring' | 'forever' {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'forever';
  return new Date(expiresAt) <= now ? 'expired' : 'expiring';
}

/** The number of days. Undefined if the text is empty, which means no expiry. NaN if the server would reject it. */
export function parseDays(typed: string): number | undefined {
  if (typed.trim() === '') return undefined;
  const days = Number(typed);
  return Number.isInteger(days) && days >= 1 && days <= 3650 ? days : Number.NaN;
}
