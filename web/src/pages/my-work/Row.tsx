import type { ReactNode } from 'react';
import styles from './MyWork.module.css';

interface Props {
  icon: ReactNode;
  /** The record, with a link. */
  name: ReactNode;
  /** What happened, or what is to be done. */
  children?: ReactNode;
  /** The age and the buttons. */
  end?: ReactNode;
}

/** A row of any section: an icon, the record, what happened, and at the end its age and the buttons. */
export function Row({ icon, name, children, end }: Props) {
  return (
    <div className={styles.row}>
      {icon}
      <strong className={styles.name}>{name}</strong>
      <div className={styles.what}>{children}</div>
      <div className={styles.end}>{end}</div>
    </div>
  );
}
