import { Fragment, useEffect, useRef, useState } from 'react';
import { texts } from '../texts';
import styles from './Shortcuts.module.css';
import { areOn, listen, PAGE_KEYS, PLACE_KEYS, turn, usePageKeys } from './shortcuts';

/** Listens to the keys, and lists them behind `?`. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOn, setOn] = useState(areOn);
  const pageKeys = usePageKeys().split(' ');
  const open = () => dialog.current?.showModal();
  useEffect(() => listen(open), []);
  const rows = [
    ...PAGE_KEYS.filter((key) => pageKeys.includes(key)).map((key) => [key, texts.shortcuts.page[key]] as const),
    ['/', texts.shortcuts.search] as const,
    ...PLACE_KEYS.map((keys) => [keys, texts.shortcuts.pages[keys]] as const),
    ['Ctrl+Enter', texts.shortcuts.send] as const,
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
          {rows.map(([keys, what]) => (
            <Fragment key={keys}>
              <dt>
                {keys.split(' ').map((key, index) => (
                  <Fragment key={key}>
                    {index > 0 && ` ${texts.shortcuts.then} `}
                    <kbd>{key}</kbd>
                  </Fragment>
                ))}
              </dt>
              <dd>{what}</dd>
            </Fragment>
          ))}
        </dl>
        <p>
          <label>
            <input
              type="checkbox"
              checked={isOn}
              onChange={({ target: { checked } }) => {
                turn(checked);
                setOn(checked);
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
