import type { ReactNode } from 'react';
import styles from './MyWork.module.css';

interface Props {
  id: string;
  title: string;
  /** The number of entries. Undefined while loading, and if there are none. */
  count?: number;
  /** A hint or a field beside the title. */
  beside?: ReactNode;
  children: ReactNode;
}

/** A part of the page, with the number of its entries. */
export function Section({ id, title, count, beside, children }: Props) {
  return (
    <section aria-labelledby={id} className={styles.section}>
      <div className={styles.head}>
        <h2 id={id}>
          {title} {count !== undefined && count > 0 && <span className={styles.count}>{count}</span>}
        </h2>
        {beside}
      </div>
      {children}
    </section>
  );
}

/** The text of a section without entries. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className={styles.nothing}>{children}</p>;
}
