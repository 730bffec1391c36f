import { Children, type ReactNode, useState, useSyncExternalStore } from 'react';
import { texts } from '../texts';
import styles from './Folded.module.css';

/** The number of items that are shown at first: three instead of five on a phone. `Folded.module.css` has a rule for each limit. */
export type Limit = 3 | 5 | 10 | 20;

/** The attributes of an element that shows only its first children, and the button that shows all. */
export function useFolding(count: number, ordinaryLimit: Limit) {
  const [isOpen, setOpen] = useState(false);
  const isPhone = useIsPhone();
  const limit = isPhone && ordinaryLimit === 5 ? 3 : ordinaryLimit;
  const isFolded = !isOpen && count > limit;
  return {
    shown: isFolded ? limit : count,
    attributes: isFolded ? { 'data-limit': limit, className: styles.folded } : {},
    button: count > limit && (
      <button type="button" className="quiet no-print" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? texts.states.fewer : texts.states.all(count)}
      </button>
    ),
  };
}

interface Props {
  children: ReactNode;
  limit?: Limit;
  className?: string;
}

/** A list that shows its first items, until the reader expands it. On paper it shows all items. */
export function FoldedList({ children, limit = 5, className }: Props) {
  const { attributes, button } = useFolding(Children.count(children), limit);
  return (
    <>
      <ul {...attributes} className={[className, attributes.className].filter(Boolean).join(' ')}>
        {children}
      </ul>
      {button}
    </>
  );
}

const phone = () => matchMedia('(max-width: 40rem)');

const onPhoneChange = (listener: () => void) => {
  const query = phone();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

export const useIsPhone = () => useSyncExternalStore(onPhoneChange, () => phone().matches);

/** Details that a phone shows on demand, below a summary line. Wide screens and paper show them immediately. */
export function FoldedOnPhone({ summary, children }: { summary: ReactNode; children: ReactNode }) {
  if (!useIsPhone()) return children;
  return (
    <details className={`printed-open ${styles.details}`}>
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
