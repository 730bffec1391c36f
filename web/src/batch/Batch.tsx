import { type ReactNode, useState } from 'react';
import { useShortcut } from '../app/shortcuts';
import { texts } from '../texts';
import { ArchiveRecords } from './ArchiveRecords';
import styles from './Batch.module.css';
import { BatchDialog } from './BatchDialog';
import { BatchNotice, type Done } from './BatchNotice';
import type { BatchRecord } from './records';
import { SetStatus } from './SetStatus';
import { SetTopic } from './SetTopic';

type Action = 'STATUS' | 'TOPIC' | 'ARCHIVE';

interface Props {
  /** The selected records, in the order of the list. */
  records: readonly BatchRecord[];
  onClear: () => void;
}

/** The actions for selected records, and the notice about the last action. */
export default function Batch({ records, onClear }: Props) {
  const [action, setAction] = useState<Action>();
  const [done, setDone] = useState<Done>();
  const close = () => setAction(undefined);
  useShortcut('u', records.length > 0 && !action ? () => setAction('STATUS') : undefined);
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
          <Open keys="u" onClick={() => setAction('STATUS')}>
            {texts.batch.setStatus}
          </Open>
          {areClauses && <Open onClick={() => setAction('TOPIC')}>{texts.batch.setTopic}</Open>}
          <Open onClick={() => setAction('ARCHIVE')}>{texts.batch.archive}</Open>
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
