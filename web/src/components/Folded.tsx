import { Children, type ReactNode, useState } from 'react';
import { texts } from '../texts';
import styles from './Folded.module.css';

/** How many items are shown at first. `Folded.module.css` has a rule for each. */
export type Limit = 3 | 5 | 10 | 20;

/** The attributes of an element that shows only its first children, and the button that shows all. */
export function useFolding(count: number, limit: Limit) {
  const [isOpen, setOpen] = useState(false);
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

/** A list that shows its first items, until the reader asks for all. Paper has all of them. */
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
