import { type KeyboardEvent, type MouseEvent, useRef } from 'react';
import { Link } from '../components/Link';
import { texts } from '../texts';
import styles from './NewMenu.module.css';

/** A menu of the forms for new records, in the header. */
export function NewMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current) menu.current.open = false;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    close();
    menu.current?.querySelector('summary')?.focus();
  };
  return (
    <details
      ref={menu}
      className={styles.menu}
      onKeyDown={onKey}
      onBlur={(event) => !menu.current?.contains(event.relatedTarget) && close()}
      onClick={(event: MouseEvent) => event.target instanceof HTMLAnchorElement && close()}
    >
      <summary>{texts.newMenu.title}</summary>
      <ul>
        {Object.entries(texts.newMenu.kinds).map(([kind, label]) => (
          <li key={kind}>
            <Link to={`/new/${kind}`}>{label}</Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
