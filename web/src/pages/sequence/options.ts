import { useMemo } from 'react';
import { useParameters } from '../../app/view';

/** What stands in the address for nobody's readings: the text alone. */
const NOBODY = 'nobody';

/** Whose readings count, and what is taken as done: both stand in the address. */
export function useSequenceOptions() {
  const [parameters, set] = useParameters();
  return useMemo(() => {
    const assumed = parameters.getAll('assumeDone');
    return {
      readings: readingsOf(parameters),
      assumed,
      setReadings: (slugs: readonly string[] | undefined) => set({ readings: slugs?.length === 0 ? NOBODY : slugs }),
      toggle: (toggled: string) =>
        set({ assumeDone: assumed.includes(toggled) ? assumed.filter((other) => other !== toggled) : [...assumed, toggled] }),
      clear: () => set({ assumeDone: undefined }),
    };
  }, [parameters, set]);
}

/** The slugs of the parties whose readings count: everyone's where undefined, the text alone where empty. */
export function readingsOf(parameters: URLSearchParams): string[] | undefined {
  const slugs = parameters.getAll('readings');
  if (slugs.length === 0) return undefined;
  return slugs.filter((slug) => slug && slug !== NOBODY);
}
