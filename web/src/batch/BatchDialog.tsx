import { type ReactNode, useEffect, useRef } from 'react';
import styles from './Batch.module.css';

/** A dialog over the page. Escape closes it. */
export function BatchDialog({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="batch-title" onClose={onClose}>
      {children}
    </dialog>
  );
}
