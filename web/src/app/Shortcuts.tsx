import { Fragment, useEffect, useRef, useState } from 'react';
import { texts } from '../texts';
import styles from './Shortcuts.module.css';
import { areEnabled, listenToShortcuts, PAGE_KEYS, PAGE_SHORTCUTS, setEnabled, usePageShortcuts } from './shortcuts';

/** Handles the keyboard shortcuts, and lists them in a dialog. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isEnabled, setIsEnabled] = useState(areEnabled);
  const pageShortcuts = usePageShortcuts();
  const open = () => dialog.current?.showModal();
  useEffect(() => listenToShortcuts(open), []);
  const rows = [
    ...PAGE_KEYS.flatMap((key) => pageShortcuts.filter((shortcut) => shortcut.key === key).map(({ label }) => [key, label] as const)),
    ['/', texts.shortcuts.search] as const,
    ...PAGE_SHORTCUTS.map((keys) => [keys, texts.shortcuts.pages[keys]] as const),
    ['Ctrl+Enter', texts.shortcuts.send] as const,
    ['Ctrl+Shift+Enter', texts.shortcuts.sendThenNext] as const,
    ['Esc', texts.shortcuts.leaveField] as const,
    ['?', texts.shortcuts.help] as const,
  ];
  return (
    <>
      <button type="button" className={`quiet ${styles.opener} no-print`} onClick={open}>
        {texts.shortcuts.title}
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="shortcuts">
        <h2 id="shortcuts">{texts.shortcuts.title}</h2>
        <dl className={styles.list}>
          {rows.map(([keys, action]) => (
            <Fragment key={keys}>
              <dt>
                {keys.split(' ').map((key, index) => (
                  <Fragment key={key}>
                    {index > 0 && ` ${texts.shortcuts.then} `}
                    <kbd>{key}</kbd>
                  </Fragment>
                ))}
              </dt>
              <dd>{action}</dd>
            </Fragment>
          ))}
        </dl>
        <p>
          <label>
            <input
              type="checkbox"
              checked={isEnabled}
              onChange={({ target: { checked } }) => {
                setEnabled(checked);
                setIsEnabled(checked);
              }}
            />{' '}
            {texts.shortcuts.enable}
          </label>
        </p>
        <form method="dialog">
          <button type="submit">{texts.shortcuts.close}</button>
        </form>
      </dialog>
    </>
  );
}
