import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef } from 'react';
import styles from './Menu.module.css';

interface Props {
  /** The content of the button. */
  label: ReactNode;
  /** The rows of the list: links or buttons. */
  children: ReactNode;
}

/** A button that opens a list. The list closes on Escape, when a link is chosen, and when the focus leaves it. */
export function Menu({ label, children }: Props) {
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
      <summary>{label}</summary>
      <ul>{children}</ul>
    </details>
  );
}
