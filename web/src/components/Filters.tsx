import { type ReactNode, useEffect, useState } from 'react';
import { useParameters } from '../app/view';
import { texts } from '../texts';
import styles from './Filters.module.css';
import { useDebouncedEffect } from './debounce';

const DEBOUNCE_MS = 300;

interface Props {
  /** What the filters are called in the address, for all to be cleared. */
  names: readonly string[];
  children: ReactNode;
}

/** Labels with their controls, which choose what is shown. What was chosen stands in the address. */
export function Filters({ names, children }: Props) {
  const [parameters, set] = useParameters();
  return (
    <search className={`${styles.filters} no-print`} aria-label={texts.filters.label}>
      {children}
      {names.some((name) => parameters.has(name)) && (
        <button
          type="button"
          className="quiet"
          onClick={() => set(Object.fromEntries(names.map((name) => [name, undefined])))}
        >
          {texts.filters.clear}
        </button>
      )}
    </search>
  );
}

/** Goes into the address when the typing pauses. */
export function TextFilter({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  // What was typed stays as it was typed, as far as it means the same: a space may be followed by another word.
  useEffect(() => setTyped((typed) => (typed.trim() === text ? typed : text)), [text]);
  useDebouncedEffect(typed.trim(), text, DEBOUNCE_MS, onChange);
  return (
    <label>
      {texts.filters.text}{' '}
      <input type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}
