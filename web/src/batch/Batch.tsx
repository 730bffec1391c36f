import { type ReactNode, useState } from 'react';
import { useShortcut } from '../app/shortcuts';
import { useParameters } from '../app/view';
import { texts } from '../texts';
import { ArchiveRecords } from './ArchiveRecords';
import styles from './Batch.module.css';
import { BatchDialog } from './BatchDialog';
import { BatchNotice, type Done } from './BatchNotice';
import { BATCH_PARAMETER, STATUS_DIALOG } from './drafts';
import type { BatchRecord } from './records';
import { SetStatus } from './SetStatus';
import { SetTopic } from './SetTopic';

interface Props {
  /** The selected records, in the order of the list. */
  records: readonly BatchRecord[];
  onClear: () => void;
}

/** The actions for selected records, and the notice about the last action. */
export default function Batch({ records, onClear }: Props) {
  const [parameters, set] = useParameters();
  /** The open dialog without a draft. The address names the dialog with a draft, so that a link can open it. */
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

const Open = ({ keys, onClick, children }: { keys?: string; onClick: () => void; children: ReactNode }) => (
  <button type="button" aria-haspopup="dialog" aria-keyshortcuts={keys} onClick={onClick}>
    {children}
  </button>
);
