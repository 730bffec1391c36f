import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { pollNow } from '../api/live';
import { type Problem, ErrorSummary, FormFailure } from '../components/Form';
import { Table } from '../components/Table';
import { newKey } from '../form/key';
import { useSending } from '../form/useSending';
import { texts } from '../texts';
import { ArchiveRecordsDocument } from './Batch.gen';
import { BatchForm } from './BatchForm';
import type { Done } from './BatchNotice';
import { type BatchRecord, errorsByItem } from './records';

interface Props {
  records: readonly BatchRecord[];
  onDone: (done: Done) => void;
  onCancel: () => void;
}

/** Lists several records, and archives them when the user confirms. */
export function ArchiveRecords({ records, onDone, onCancel }: Props) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { send, error, isSending } = useSending(ArchiveRecordsDocument);
  const [, restore] = useMutation(ArchiveRecordsDocument);
  const key = useRef(newKey());

  async function submit() {
    if (isSending) return;
    const answer = await send({
      records: records.map(({ id, version }) => ({ id, expectedVersion: version })),
      idempotencyKey: key.current,
    });
    if (!answer) return;
    key.current = newKey();
    if (answer.userErrors.length > 0) {
      const { items, whole } = errorsByItem(answer.userErrors);
      const named = [...items].flatMap(([index, faults]) => faults.map(({ text }) => `${records[index]?.reference}: ${text}`));
      return setProblems([...whole, ...named].map((message) => ({ message })));
    }
    const archived = answer.records.map((record) => ({
      id: record.id,
      expectedVersion: 'version' in record ? record.version : undefined,
    }));
    const undoKey = newKey();
    onDone({
      key: undoKey,
      text: texts.batch.archived(archived.length),
      async undo() {
        const { data } = await restore({ input: { records: archived, archived: false, idempotencyKey: undoKey } });
        pollNow();
        return data?.answer?.userErrors.map(({ message }) => message);
      },
    });
  }

  return (
    <BatchForm title={texts.batch.archiveTitle(records.length)} onSubmit={() => void submit()}>
      <p>{texts.batch.archiveHint}</p>
      <ErrorSummary problems={problems} />
      <Table
        caption={texts.batch.archiveCaption}
        rows={records}
        rowKey={({ id }) => id}
        columns={[
          { title: texts.batch.subject, isRowHeader: true, isWide: true, cell: ({ reference, heading }) => `${reference} ${heading}` },
        ]}
      />
      <FormFailure error={error} />
      <p className="actions">
        <button type="submit" className="primary" aria-disabled={isSending}>
          {texts.batch.archiveAll(records.length)}
        </button>
        <button type="button" className="quiet" onClick={onCancel}>
          {texts.batch.cancel}
        </button>
      </p>
    </BatchForm>
  );
}
