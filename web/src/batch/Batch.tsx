import { type ReactNode, useState } from 'react';
import { useShortcut } from '../app/shortcuts';
import { useParameters } from '../app/view';
import { currentPath } from '../browser/base';
import { Link } from '../components/Link';
import { texts } from '../texts';
import { ArchiveRecords } from './ArchiveRecords';
import styles from './Batch.module.css';
import { BatchDialog } from './BatchDialog';
import { BatchNotice, type Done } from './BatchNotice';
import { BATCH_PARAMETER, STATUS_DIALOG, type UnmatchedDraft } from './drafts';
import type { BatchRecord } from './records';
import { SetStatus } from './SetStatus';
import { SetTopic } from './SetTopic';

interface Props {
  /** The selected records, in the order of the list. */
  records: readonly BatchRecord[];
  onClear: () => void;
  /** The draft of the dialog in the address, if the list has none of the draft's records. */
  unmatched: UnmatchedDraft | undefined;
  onDismiss: () => void;
}

/** The actions for selected records, and the notice about the last action. */
export default function Batch({ records, onClear, unmatched, onDismiss }: Props) {
  const [parameters, set] = useParameters();
  /** The open dialog, unless it is the status dialog. The address names the status dialog, so that a link can open its draft. */
  const [other, setOther] = useState<'TOPIC' | 'ARCHIVE'>();
  const isStatus = parameters.get(BATCH_PARAMETER) === STATUS_DIALOG;
  const action = isStatus ? 'STATUS' : other;
  const [done, setDone] = useState<Done>();
  const openStatus = () => set({ [BATCH_PARAMETER]: STATUS_DIALOG });
  // Replaces the history entry, so that the back button does not reopen the dialog.
  const close = () => {
    setOther(undefined);
    if (isStatus) set({ [BATCH_PARAMETER]: undefined }, { replace: true });
  };
  useShortcut('u', records.length > 0 && !action ? openStatus : undefined);
  const onDone = (next: Done) => {
    setDone(next);
    close();
    onClear();
  };
  const props = { records, onDone, onCancel: close };
  const areClauses = records.every(({ __typename }) => __typename === 'Clause');
  return (
    <>
      {done && <BatchNotice key={done.key} done={done} onClose={() => setDone(undefined)} />}
      {unmatched && records.length === 0 && <UnmatchedNotice draft={unmatched} onDismiss={onDismiss} />}
      {records.length > 0 && (
        <div className={`${styles.bar} no-print`} role="region" aria-label={texts.batch.bar}>
          <strong role="status">{texts.batch.selected(records.length)}</strong>
          <Open keys="u" onClick={openStatus}>
            {texts.batch.setStatus}
          </Open>
          {areClauses && <Open onClick={() => setOther('TOPIC')}>{texts.batch.setTopic}</Open>}
          <Open onClick={() => setOther('ARCHIVE')}>{texts.batch.archive}</Open>
          <button type="button" className="quiet" onClick={onClear}>
            {texts.batch.clear}
          </button>
        </div>
      )}
      {action && records.length > 0 && (
        <BatchDialog onClose={close}>
          {action === 'STATUS' && <SetStatus {...props} />}
          {action === 'TOPIC' && <SetTopic {...props} />}
          {action === 'ARCHIVE' && <ArchiveRecords {...props} />}
        </BatchDialog>
      )}
    </>
  );
}

/** The parameters of the address that are not filters of the list. */
const OTHER_PARAMETERS: readonly string[] = ['asOf', 'heldBy', BATCH_PARAMETER];

/** States that the list has none of the records of a draft. Shows the text of the draft, and links to the list without filters. */
function UnmatchedNotice({ draft, onDismiss }: { draft: UnmatchedDraft; onDismiss: () => void }) {
  const [parameters] = useParameters();
  const isFiltered = [...parameters.keys()].some((name) => !OTHER_PARAMETERS.includes(name));
  const path = currentPath();
  return (
    <div className={`${styles.notice} no-print`} role="alert">
      <p>
        {texts.batch.unmatched(draft.count)} {draft.note.trim() && texts.batch.draftNote(draft.note.trim())}
      </p>
      <p className="actions">
        {isFiltered && <Link to={`${path}?${BATCH_PARAMETER}=${STATUS_DIALOG}`}>{texts.batch.openUnfiltered}</Link>}
        <button type="button" className="quiet" onClick={onDismiss}>
          {texts.live.dismiss}
        </button>
      </p>
    </div>
  );
}

const Open = ({ keys, onClick, children }: { keys?: string; onClick: () => void; children: ReactNode }) => (
  <button type="button" aria-haspopup="dialog" aria-keyshortcuts={keys} onClick={onClick}>
    {children}
  </button>
);
