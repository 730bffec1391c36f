import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { hasRole, useViewer } from '../api/auth';
import { signInAddress } from '../api/redirect';
import { useShortcut } from '../app/shortcuts';
import { useParameters } from '../app/view';
import { currentPath } from '../browser/base';
import { Link } from '../components/Link';
import { lazy } from '../components/lazy';
import { texts } from '../texts';
import { storedDraft } from './drafts';
import { RecordedNotice } from './RecordedNotice';
import type { StatusSubject } from './subject';
import type { Recorded } from './update';

const UpdateForm = lazy(() => import('./UpdateForm'));

interface Props {
  subject: StatusSubject;
  /** The value of `update` in the address while the form is open. */
  name: string;
  /** Whether the key `u` opens the form. */
  hasShortcut?: boolean;
  /** Whether the page shows another day than the selected one. Then only the form is shown. */
  isOtherDay?: boolean;
  /** The current status, with the button that opens the form. */
  children: (button: ReactNode) => ReactNode;
}

/** The status, the form that records another one, and the notice about a recorded status. */
export function StatusUpdate({ subject, name, hasShortcut = false, isOtherDay = false, children }: Props) {
  const viewer = useViewer();
  const [parameters, set] = useParameters();
  const [recorded, setRecorded] = useState<Recorded>();
  const isOpen = parameters.get('update') === name;
  const here = currentPath() + window.location.search;
  const mayUpdate = hasRole(viewer, 'EDITOR');
  const open = useCallback(() => {
    setRecorded(undefined);
    set({ update: name });
  }, [set, name]);
  useShortcut('u', hasShortcut && mayUpdate && !isOpen ? open : undefined);
  // Replaces the history entry, so that the back button does not reopen the form.
  const close = () => set({ update: undefined }, { replace: true });
  const opener = useRef<HTMLButtonElement>(null);
  const [isLeft, setLeft] = useState(false);
  useEffect(() => {
    if (!isLeft || isOpen) return;
    setLeft(false);
    opener.current?.focus();
  }, [isLeft, isOpen]);
  return (
    <>
      {recorded && !isOtherDay && <RecordedNotice recorded={recorded} subject={subject} onDone={() => setRecorded(undefined)} />}
      {!isOtherDay &&
        children(
          mayUpdate && !isOpen && (
            <p className="actions no-print">
              <button
                ref={opener}
                type="button"
                className={hasShortcut ? 'primary' : undefined}
                aria-keyshortcuts={hasShortcut ? 'u' : undefined}
                onClick={open}
              >
                {storedDraft(subject.id) ? texts.update.continueDraft : texts.clause.update}
                {!hasShortcut && <span className="visually-hidden"> {subject.reference}</span>}
              </button>
            </p>
          ),
        )}
      {isOpen && viewer && !mayUpdate && (
        <p>
          {texts.update.roleMissing} <Link to={signInAddress(here)}>{texts.states.signIn}</Link>
        </p>
      )}
      {isOpen && mayUpdate && (
        <UpdateForm
          subject={subject}
          onClose={() => {
            setLeft(true);
            close();
          }}
          onRecorded={(result) => {
            setRecorded(result);
            close();
          }}
        />
      )}
    </>
  );
}
