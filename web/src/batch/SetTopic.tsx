import { useRef, useState } from 'react';
import { useMutation } from 'urql';
import { pollNow } from '../api/live';
import { type Problem, ErrorSummary, FormFailure } from '../components/Form';
import { Table } from '../components/Table';
import { newKey } from '../form/key';
import { ReferenceInput } from '../form/ReferenceInput';
import { useSending } from '../form/useSending';
import type { Reference } from '../form/values';
import { texts } from '../texts';
import { SetClauseTopicsDocument } from './Batch.gen';
import { BatchForm } from './BatchForm';
import type { Done } from './BatchNotice';
import { type BatchRecord, errorsByItem } from './records';

const FIELD = { type: 'reference', label: texts.batch.topic, to: { list: 'topics' }, isRequired: true } as const;
const ID = 'batch-topic';

interface Props {
  records: readonly BatchRecord[];
  onDone: (done: Done) => void;
  onCancel: () => void;
}

/** Sets the topic of several clauses. Lists the topic of each before and after the change. */
export function SetTopic({ records, onDone, onCancel }: Props) {
  const [topic, setTopic] = useState<Reference | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { send, error, isSending } = useSending(SetClauseTopicsDocument);
  const [, restore] = useMutation(SetClauseTopicsDocument);
  const key = useRef(newKey());
  const changed = records.filter((record) => record.topic.id !== topic?.id);

  async function submit() {
    if (isSending) return;
    if (!topic) return setProblems([{ field: ID, message: texts.batch.topicMissing }]);
    const items = changed.map(({ id, version }) => ({ clauseId: id, topicId: topic.id, expectedVersion: version }));
    const answer = await send({ items, idempotencyKey: key.current });
    if (!answer) return;
    key.current = newKey();
    if (answer.userErrors.length > 0) {
      const { items, whole } = errorsByItem(answer.userErrors);
      const named = [...items].flatMap(([index, faults]) => faults.map(({ text }) => `${changed[index]?.reference}: ${text}`));
      return setProblems([...whole, ...named].map((message) => ({ message })));
    }
    const undoKey = newKey();
    onDone({
      key: undoKey,
      text: texts.batch.topicsSet(changed.length),
      async undo() {
        const items = changed.map(({ id, topic }) => {
          const version = answer.clauses.find((clause) => clause.id === id)?.version;
          return { clauseId: id, topicId: topic.id, expectedVersion: version };
        });
        const { data } = await restore({ input: { items, idempotencyKey: undoKey } });
        pollNow();
        return data?.answer?.userErrors.map(({ message }) => message);
      },
    });
  }

  return (
    <BatchForm title={texts.batch.topicTitle(records.length)} onSubmit={() => void submit()}>
      <ErrorSummary problems={problems} />
      <ReferenceInput
        id={ID}
        field={FIELD}
        reference={topic}
        error={problems.find(({ field }) => field === ID)?.message}
        onChange={(chosen) => {
          setTopic(chosen);
          key.current = newKey();
        }}
      />
      <Table
        caption={texts.batch.topicCaption}
        rows={records}
        rowKey={({ id }) => id}
        columns={[
          { title: texts.batch.subject, isRowHeader: true, isWide: true, cell: ({ reference, heading }) => `${reference} ${heading}` },
          { title: texts.batch.before, cell: ({ topic }) => topic.name },
          {
            title: texts.batch.after,
            cell: (record) => topic && (record.topic.id === topic.id ? texts.batch.effects.UNCHANGED : <strong>{topic.label}</strong>),
          },
        ]}
      />
      <FormFailure error={error} />
      <p className="actions">
        {changed.length > 0 && (
          <button type="submit" className="primary" aria-disabled={isSending}>
            {texts.batch.setTopics(changed.length)}
          </button>
        )}
        <button type="button" className="quiet" onClick={onCancel}>
          {texts.batch.cancel}
        </button>
      </p>
    </BatchForm>
  );
}
