import { useEffect, useRef } from 'react';
import { focusMessage } from '../../components/focus';
import { Link } from '../../components/Link';
import type { FieldChange } from '../../form/values';
import { texts } from '../../texts';
import { ChangeTable } from './Changes';
import styles from './Record.module.css';

interface Props {
  /** The changes by others since the form was opened. */
  theirs: readonly FieldChange[];
  mine: readonly FieldChange[];
  /** Whether the notice takes the focus. True after the server has rejected the form, false while the user is typing. */
  takesFocus: boolean;
  onKeep: () => void;
  onDrop: () => void;
}

/** Shows the changes by others in the meantime, and lets the user decide. */
export function RecordConflict({ theirs, mine, takesFocus, onKeep, onDrop }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) focusMessage(box.current);
  }, [takesFocus]);
  const changed = new Set(mine.map(({ name }) => name));
  return (
    <div ref={box} className={styles.conflict} role="alert" tabIndex={-1}>
      <h3>{texts.record.conflict.title}</h3>
      <p>{texts.record.conflict.text}</p>
      <ChangeTable
        changes={theirs.map((change) => ({ ...change, remark: changed.has(change.name) ? texts.record.conflict.overwrites : undefined }))}
        before={texts.record.conflict.earlier}
        after={texts.record.conflict.theirs}
      />
      <p className="actions">
        <button type="button" onClick={onKeep}>
          {texts.record.conflict.keep}
        </button>
        <button type="button" className="quiet" onClick={onDrop}>
          {texts.record.conflict.drop}
        </button>
        <Link to="/changes">{texts.update.toChanges}</Link>
      </p>
    </div>
  );
}
