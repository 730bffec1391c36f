import { useMemo } from 'react';
import { useParameters } from '../../app/view';

/** The value of `readings` in the address for the text alone. */
const NOBODY = 'nobody';

/** The selected readings, and the steps that are assumed done. Both are parameters of the address. */
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

/** The slugs of the parties whose readings are selected. Undefined: all parties. Empty: the text alone. */
export function readingsOf(parameters: URLSearchParams): string[] | undefined {
  const slugs = parameters.getAll('readings');
  if (slugs.length === 0) return undefined;
  return slugs.filter((slug) => slug && slug !== NOBODY);
}
