import { CHOICE_KEYS, type Shortcut } from '../app/shortcuts';
import { texts } from '../texts';
import type { Status, StatusKind } from './subject';

/** A key for each status, in the order of the form. */
export const statusKeys = ({ choices }: StatusKind, choose: (status: Status) => void): Shortcut[] =>
  CHOICE_KEYS.flatMap((key, index) => {
    const choice = choices[index];
    return choice ? [{ key, label: texts.shortcuts.status(choice.label), run: () => choose(choice.value) }] : [];
  });
