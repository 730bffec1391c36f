import { useEffect, useRef, useState } from 'react';
import { texts } from '../texts';
import styles from './Batch.module.css';

/** The result of a batch. */
export interface Done {
  key: string;
  text: string;
  /** Undoes the batch. Returns the errors (empty if undone), or undefined if the server did not respond. */
  undo: () => Promise<readonly string[] | undefined>;
}

interface Props {
  done: Done;
  onClose: () => void;
}

/** States what a batch did, and lets the user undo it. */
export function BatchNotice({ done, onClose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'DONE' | 'UNDOING' | 'UNDONE'>('DONE');
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [isLost, setLost] = useState(false);
  useEffect(() => box.current?.focus({ preventScroll: true }), [state === 'UNDONE']);
  async function undo() {
    if (state !== 'DONE') return;
    setState('UNDOING');
    setLost(false);
    const faults = await done.undo();
    setState(faults?.length === 0 ? 'UNDONE' : 'DONE');
    setLost(faults === undefined);
    setProblems(faults ?? []);
  }
  return (
    <div ref={box} className={`${styles.notice} no-print`} role="status" tabIndex={-1}>
      <p>{state === 'UNDONE' ? <><s>{done.text}</s> {texts.batch.undone}</> : done.text}</p>
      {problems.length > 0 && (
        <>
          <p>{texts.batch.undoFailed}</p>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </>
      )}
      {isLost && <p>{texts.form.unknown}</p>}
      <p className="actions">
        {state !== 'UNDONE' && (
          <button type="button" aria-disabled={state === 'UNDOING'} onClick={() => void undo()}>
            {texts.batch.undo}
          </button>
        )}
        <button type="button" className="quiet" onClick={onClose}>
          {texts.live.dismiss}
        </button>
      </p>
    </div>
  );
}
