import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ErrorSummary, FormFailure, type Problem } from '../../components/Form';
import { Link } from '../../components/Link';
import { newKey } from '../../form/key';
import { isConflict, serverProblems } from '../../form/problems';
import { useSending } from '../../form/useSending';
import { changedFields, changedInput } from '../../form/values';
import { texts } from '../../texts';
import type { AnyRecord, RecordKind } from './kind';
import styles from './Record.module.css';
import type { Saved } from './useRecordForm';

interface Props {
  kind: RecordKind;
  saved: Saved;
  /** The user's next actions. */
  children: ReactNode;
}

/** States that a record was saved, and lets the user undo it: a new record is archived, and changes are reversed. */
export function SavedNotice({ kind, saved: { record, before, after }, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const key = useRef(newKey());
  const [outcome, setOutcome] = useState<{ undone: AnyRecord | null }>();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { send, isSending, error } = useSending(before ? kind.update : kind.archive);
  const present = outcome?.undone ?? record;
  useEffect(() => box.current?.focus(), [outcome]);
  const undo = async () => {
    const content = before ? changedInput(kind.fields, after, before) : { archived: true };
    const target = { [kind.idField]: record.id, expectedVersion: record.version, idempotencyKey: key.current };
    const answer = await send({ ...target, ...content });
    if (!answer) return;
    setOutcome({ undone: answer.record });
    if (!answer.record && !isConflict(answer.userErrors)) setProblems(serverProblems(answer.userErrors, () => undefined));
  };
  const title = before ? texts.record.saved(changedFields(kind.fields, before, after).length) : texts.record.created;
  return (
    <div ref={box} className={styles.notice} role="status" tabIndex={-1}>
      <h2>{outcome?.undone ? texts.record.undone : title}</h2>
      <ErrorSummary problems={problems} />
      {outcome?.undone === null && problems.length === 0 && <p>{texts.record.undoFailed}</p>}
      <p className="actions">
        <Link to={kind.pathTo(present)}>{texts.record.open(kind.nameOf(present))}</Link>
        {children}
        {outcome === undefined && (
          <button type="button" aria-disabled={isSending} onClick={() => !isSending && void undo()}>
            {texts.record.undo}
          </button>
        )}
      </p>
      <FormFailure error={error} />
    </div>
  );
}
