import { type ReactNode, useState } from 'react';
import { useParameters } from '../app/view';
import { texts } from '../texts';
import { useTyped } from './debounce';
import styles from './Filters.module.css';

const DEBOUNCE_MS = 300;

interface Props {
  /** The names of the filters in the address. A button clears these filters. */
  names: readonly string[];
  children: ReactNode;
}

/** The filters of a list. Their values are parameters of the address. */
export function Filters({ names, children }: Props) {
  const [parameters, set] = useParameters();
  const isFiltered = names.some((name) => parameters.has(name));
  const [isOpen, setOpen] = useState(isFiltered);
  return (
    <search className={`${styles.filters} ${isOpen ? styles.open : ''} no-print`} aria-label={texts.filters.label}>
      {children}
      <button type="button" className={styles.more} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {texts.filters.more}
      </button>
      {isFiltered && (
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

/** A text filter. Updates the address when typing pauses. */
export function TextFilter({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useTyped(text, DEBOUNCE_MS, onChange);
  return (
    <label>
      {texts.filters.text}{' '}
      <input type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}
