// The number of days without a check after which “My work” lists a clause. The user can change it.

export const DEFAULT_DAYS = 90;
export const MAX_DAYS = 36_500;
const STORAGE_KEY = 'clausewatch-stale-days';

export function readDays(): number {
  try {
    const days = Number(localStorage.getItem(STORAGE_KEY));
    return Number.isInteger(days) && days >= 1 && days <= MAX_DAYS ? days : DEFAULT_DAYS;
  } catch {
    return DEFAULT_DAYS;
  }
}

export function storeDays(days: number) {
  try {
    localStorage.setItem(STORAGE_KEY, String(days));
  } catch {
    // Without storage the default is used on the next visit.
  }
}
