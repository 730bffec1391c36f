import type { ChangeAction } from '../../api/schema.gen';
import styles from './ActionIcon.module.css';

/** Lines in a box of 16 by 16 units. */
const PATHS: Record<ChangeAction, string> = {
  ASSESSED: 'M1 8h3l2-5 4 10 2-5h3',
  CREATED: 'M8 2v12M2 8h12',
  UPDATED: 'M2 14l.8-3.3L11 2.5l2.5 2.5-8.2 8.2zM9.5 4 12 6.5',
  CHECKED: 'm2.5 8.5 3.5 4 7.5-9',
  CHECK_RETRACTED: 'M6 12h4a4 4 0 0 0 0-8H2.5M6 1 2.5 4 6 7',
  RETRACTED: 'M6 12h4a4 4 0 0 0 0-8H2.5M6 1 2.5 4 6 7',
  ARCHIVED: 'M1.5 3h13v3h-13zM3 6v8h10V6M6 9h4',
  RESTORED: 'M2 8a6 6 0 1 0 2-4.5L2 5M2 1.5V5h3.5',
};

/** The symbol of a kind of change. The words beside it say the same. */
export function ActionIcon({ action }: { action: ChangeAction }) {
  return (
    <svg className={styles.icon} data-action={action} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[action]} />
    </svg>
  );
}
