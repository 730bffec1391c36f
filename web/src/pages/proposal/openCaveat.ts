import { useState } from 'react';
import { useParameters } from '../../app/view';
import type { Caveat } from './Proposal';

/** The value of `update` in the address while the form of the caveat is open. */
export const formName = ({ number }: { number: string }) => `caveat-${number}`;

/** The caveats, including a caveat that was archived while its form was open. It keeps its place, so that no input is lost. */
export function useWithOpenCaveat(caveats: readonly Caveat[]): readonly Caveat[] {
  const [parameters] = useParameters();
  const open = parameters.get('update');
  const [last, setLast] = useState<{ caveat: Caveat; index: number }>();
  const index = caveats.findIndex((caveat) => formName(caveat) === open);
  const present = caveats[index];
  if (present && present !== last?.caveat) setLast({ caveat: present, index });
  if (!last || formName(last.caveat) !== open || caveats.some(({ id }) => id === last.caveat.id)) return caveats;
  return caveats.toSpliced(last.index, 0, { ...last.caveat, isGone: true });
}
