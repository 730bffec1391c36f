import { useEffect, useRef, useState } from 'react';
import { ErrorSummary, FormFailure, type Problem } from '../../components/Form';
import { isConflict, serverProblems } from '../../form/problems';
import { newKey } from '../../form/key';
import { useSending } from '../../form/useSending';
import { texts } from '../../texts';
import type { AnyRecord, RecordKind } from './kind';

/** Archives a record, or restores it. */
export function Archive({ kind, record }: { kind: RecordKind; record: AnyRecord }) {
  const { send, isSending, error } = useSending(kind.archive);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const key = useRef(newKey());
  const isArchived = record.archivedAt !== null;
  const notice = useRef<HTMLDivElement>(null);
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (isDone) notice.current?.focus();
  }, [isDone, isArchived]);
  const submit = async () => {
    if (isSending) return;
    setProblems([]);
    const target = { [kind.idField]: record.id, expectedVersion: record.version, idempotencyKey: key.current };
    const answer = await send({ ...target, archived: !isArchived });
    if (!answer) return;
    key.current = newKey();
    if (answer.record) setDone(true);
    else if (isConflict(answer.userErrors)) setProblems([{ message: texts.record.archiveConflict }]);
    else setProblems(serverProblems(answer.userErrors, () => undefined));
  };
  const button = (
    <button type="button" aria-disabled={isSending} onClick={() => void submit()}>
      {isArchived ? texts.record.restore : texts.record.archive}
    </button>
  );
  return (
    <div ref={notice} tabIndex={-1} className="no-print">
      {isArchived ? (
        <p>{button}</p>
      ) : (
        <details>
          <summary>{texts.record.archiveTitle}</summary>
          <p className="hint">{texts.record.archiveHint}</p>
          <p>{button}</p>
        </details>
      )}
      <ErrorSummary problems={problems} />
      <FormFailure error={error} />
    </div>
  );
}
