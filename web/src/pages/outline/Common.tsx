import { useState } from 'react';
import { Field, Group, Select } from '../../components/Form';
import { ReferenceInput } from '../../form/ReferenceInput';
import { serverProblems } from '../../form/problems';
import { useSending } from '../../form/useSending';
import type { Reference } from '../../form/values';
import { texts } from '../../texts';
import { topic as topicKind } from '../record/kinds/topic';
import { slugOf } from '../../form/values';
import type { OutlineDraft } from './useOutline';

interface Props {
  draft: Pick<OutlineDraft, 'topic' | 'nature' | 'isVerbatim'>;
  errorOf: (field: string) => string | undefined;
  onChange: (part: Partial<OutlineDraft>) => void;
}

/** The properties that all clauses of the outline share. */
export function Common({ draft: { topic, nature, isVerbatim }, errorOf, onChange }: Props) {
  return (
    <>
      <ReferenceInput
        id="outline-topic"
        field={{ type: 'reference', label: texts.outline.topic, hint: texts.outline.topicHint, to: { list: 'topics' }, isRequired: true }}
        reference={topic}
        error={errorOf('outline-topic')}
        onChange={(topic) => onChange({ topic })}
      />
      <NewTopic onCreated={(topic) => onChange({ topic })} />
      <Field id="outline-nature" label={texts.outline.nature}>
        {(control) => (
          <Select
            {...control}
            value={nature}
            choices={Object.entries(texts.clauseNature).map(([value, label]) => ({ value, label }))}
            onChange={(nature) => onChange({ nature: nature as OutlineDraft['nature'] })}
          />
        )}
      </Field>
      <Group id="outline-wording" legend={texts.outline.wording}>
        {[true, false].map((value) => (
          <label key={String(value)}>
            <input type="radio" name="wording" checked={isVerbatim === value} onChange={() => onChange({ isVerbatim: value })} />{' '}
            {value ? texts.outline.verbatim : texts.outline.asSummary}
            <br />
          </label>
        ))}
      </Group>
    </>
  );
}

/** Creates a topic at once, because each clause requires a topic, and an empty database has none. */
function NewTopic({ onCreated }: { onCreated: (topic: Reference) => void }) {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const { send, isSending, error } = useSending(topicKind.create);
  async function create() {
    const answer = await send({ name: name.trim(), slug: slugOf(name) || `topic-${Date.now()}` });
    if (!answer) return;
    setProblem(serverProblems(answer.userErrors, () => undefined)[0]?.message);
    if (!answer.record) return;
    onCreated({ id: answer.record.id, label: topicKind.nameOf(answer.record) });
    setName('');
  }
  return (
    <Field id="outline-new-topic" label={texts.outline.newTopic} isOptional error={problem ?? error?.message}>
      {(control) => (
        <>
          <input
            {...control}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              if (name.trim()) void create();
            }}
          />{' '}
          <button type="button" disabled={isSending || !name.trim()} onClick={() => void create()}>
            {texts.outline.createTopic}
          </button>
        </>
      )}
    </Field>
  );
}
