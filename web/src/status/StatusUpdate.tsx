import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { hasRole, useViewer } from '../api/auth';
import { signInAddress } from '../api/redirect';
import { useShortcut, useShortcuts } from '../app/shortcuts';
import { useParameters, useView, withView } from '../app/view';
import { currentPath } from '../browser/base';
import { Link } from '../components/Link';
import { lazy } from '../components/lazy';
import { texts } from '../texts';
import { setCarried } from './carried';
import { statusKeys } from './statusKeys';
import { statusDraft, storedDraft } from './drafts';
import { RecordedNotice } from './RecordedNotice';
import type { Status, StatusSubject } from './subject';
import { SubmittedNotice } from './SubmittedNotice';
import type { Recorded } from './update';

const UpdateForm = lazy(() => import('./UpdateForm'));

interface Props {
  subject: StatusSubject;
  /** The value of `update` in the address while the form is open. */
  name: string;
  /** Whether keys open the form. */
  hasShortcut?: boolean;
  /** Whether the data of the page is from a day other than the selected day. In this case, only the form is shown. */
  isOtherDay?: boolean;
  /** The path of the page whose form follows this one. Undefined after the last. */
  next?: string;
  /** The current status, with the buttons that open the form. */
  children: (buttons: ReactNode) => ReactNode;
}

/** The status, the form that records a new status or corrects it, and the notice about a recorded status. */
export function StatusUpdate({ subject, name, hasShortcut = false, isOtherDay = false, next, children }: Props) {
  const viewer = useViewer();
  const view = useView();
  const [, navigate] = useLocation();
  const [parameters, set] = useParameters();
  const [recorded, setRecorded] = useState<Recorded>();
  /** Whether a status was just submitted for review. */
  const [isSubmitted, setSubmitted] = useState(false);
  /** The status that the user chose with a keyboard shortcut. Undefined if the form was opened without a status. */
  const [chosen, setChosen] = useState<Status>();
  const isOpen = parameters.get('update') === name;
  const corrects = parameters.get('corrects') ?? undefined;
  const here = currentPath() + window.location.search;
  const mayUpdate = hasRole(viewer, 'EDITOR');
  const { inForce, kind } = subject;
  function open(change: { corrects?: string; status?: Status }) {
    setRecorded(undefined);
    setSubmitted(false);
    setCarried(undefined);
    setChosen(change.status);
    set({ update: name, corrects: change.corrects });
  }
  const correct = (id: string) => open({ corrects: id });
  const hasKeys = hasShortcut && mayUpdate && !isOpen && !isOtherDay;
  useShortcut('u', hasKeys ? () => open({}) : undefined);
  useShortcut('c', hasKeys && inForce ? () => correct(inForce.id) : undefined);
  useShortcuts(hasKeys ? statusKeys(kind, (status) => open({ status })) : []);
  // Replaces the history entry, so that the back button does not reopen the form.
  const close = () => {
    setChosen(undefined);
    set({ update: undefined, corrects: undefined }, { replace: true });
  };
  const opener = useRef<HTMLButtonElement>(null);
  const [isLeft, setLeft] = useState(false);
  useEffect(() => {
    if (!isLeft || isOpen) return;
    setLeft(false);
    opener.current?.focus();
  }, [isLeft, isOpen]);
  const ofSubject = !hasShortcut && <span className="visually-hidden"> {subject.reference}</span>;
  return (
    <>
      {recorded && !isOtherDay && (
        <RecordedNotice
          recorded={recorded}
          subject={subject}
          onCorrect={() => correct(recorded.assessment.id)}
          onDone={() => setRecorded(undefined)}
        />
      )}
      {isSubmitted && <SubmittedNotice reference={subject.reference} onDone={() => setSubmitted(false)} />}
      {!isOtherDay &&
        children(
          mayUpdate && !isOpen && (
            <p className="actions no-print">
              <button
                ref={opener}
                type="button"
                className={hasShortcut ? 'primary' : undefined}
                aria-keyshortcuts={hasShortcut ? 'u' : undefined}
                onClick={() => open({})}
              >
                {storedDraft(statusDraft(subject.id)) ? texts.update.continueDraft : texts.clause.update}
                {ofSubject}
              </button>
              {inForce && !recorded && (
                <button type="button" aria-keyshortcuts={hasShortcut ? 'c' : undefined} onClick={() => correct(inForce.id)}>
                  {texts.correct.open}
                  {ofSubject}
                </button>
              )}
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
          key={corrects ?? 'new'}
          subject={subject}
          corrects={corrects}
          status={chosen}
          recorded={recorded?.assessment}
          hasNext={next !== undefined && corrects === undefined}
          onClose={() => {
            setLeft(true);
            close();
          }}
          onSent={(outcome, isThenNext) => {
            const isRecorded = !('submissionId' in outcome);
            if (isThenNext && next !== undefined) {
              if (isRecorded) setCarried({ recorded: outcome, subject, path: next });
              return navigate(withView(`${next}?update=yes`, view));
            }
            if (isRecorded) setRecorded(outcome);
            else setSubmitted(true);
            close();
          }}
        />
      )}
    </>
  );
}
