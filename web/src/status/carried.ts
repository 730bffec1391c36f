import { useSyncExternalStore } from 'react';
import type { StatusSubject } from './subject';
import type { Recorded } from './update';

/** A status that was recorded with the button “Record, then next”. The page of the next subject shows it. */
export interface Carried {
  recorded: Recorded;
  subject: StatusSubject;
  /** The path of the page that shows it. */
  path: string;
}

let carried: Carried | undefined;
const listeners = new Set<() => void>();

export function setCarried(next: Carried | undefined) {
  carried = next;
  for (const listener of listeners) listener();
}

export const useCarried = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => carried,
  );
