import { useState } from 'react';
import { useSearch } from 'wouter';
import { useQuery } from '../../api/query';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { Field } from '../../components/Form';
import { DraftForm } from '../../form/DraftForm';
import { RecordFields } from '../../form/RecordFields';
import { texts } from '../../texts';
import { EditorOnly } from '../record/EditorOnly';
import { ReferencesDocument } from '../record/Record.gen';
import { Clauses } from './Clauses';
import { Common } from './Common';
import styles from './Outline.module.css';
import { FIELDS, useOutline } from './useOutline';

/** Starts an agreement from its text, which is split into clauses. The address can name an existing agreement to which the clauses are added. */
export default function Outline(_: PageProps) {
  const agreementId = new URLSearchParams(useSearch()).get('agreementId') ?? undefined;
  const ids = agreementId === undefined ? [] : [agreementId];
  const [{ data }] = useQuery({ query: ReferencesDocument, variables: { ids }, pause: agreementId === undefined });
  // A new key shows the form again, with the stored draft.
  const [attempt, setAttempt] = useState(0);
  const agreement = data?.nodes?.flatMap((node) => (node && 'label' in node ? [node.label] : []))[0];
  const title = agreementId === undefined ? texts.outline.title : agreement && texts.outline.titleFor(agreement);
  return (
    <Page title={title}>
      <EditorOnly>
        <Form key={`${agreementId} ${attempt}`} agreementId={agreementId} onRestart={() => setAttempt(attempt + 1)} />
      </EditorOnly>
    </Page>
  );
}

function Form({ agreementId, onRestart }: { agreementId: string | undefined; onRestart: () => void }) {
  const form = useOutline(agreementId);
  const { draft, problems } = form;
  const errorOf = (field: string) => problems.find((problem) => problem.field === field)?.message;
  const isNew = agreementId === undefined;
  return (
    <>
      {isNew && <p className="prose">{texts.outline.intro}</p>}
      <DraftForm
        isRestored={form.isRestored}
        storage={form.storage}
        onRestart={onRestart}
        problems={problems}
        error={form.error}
        isSending={form.isSending}
        onSubmit={() => void form.submit()}
        fields={
          <>
            {isNew && (
              <section aria-labelledby="outline-agreement">
                <h2 id="outline-agreement">{texts.outline.agreement}</h2>
                <RecordFields fields={FIELDS} values={draft.values} isNew errorOf={errorOf} onChange={form.changeValues} />
              </section>
            )}
            <section aria-labelledby="outline-source">
              <h2 id="outline-source">{texts.outline.text}</h2>
              <Field id="outline-text" label={texts.outline.textLabel} hint={texts.outline.textHint} error={errorOf('outline-text')}>
                {(control) => (
                  <textarea {...control} className={styles.text} value={draft.text} onChange={(event) => form.change({ text: event.target.value })} />
                )}
              </Field>
              <p className="actions">
                <button type="button" disabled={!draft.text.trim()} onClick={form.split}>
                  {draft.items.length > 0 ? texts.outline.splitAgain : texts.outline.split}
                </button>
                {draft.items.length > 0 && <span className="hint">{texts.outline.splitAgainHint}</span>}
              </p>
            </section>
            {draft.items.length > 0 && (
              <section aria-labelledby="outline-clauses">
                <h2 id="outline-clauses">{texts.outline.clauses}</h2>
                <p role="status">{texts.outline.found(draft.items.length)}</p>
                <Clauses items={draft.items} problems={problems} onChange={(items) => form.change({ items })} />
                <Common draft={draft} errorOf={errorOf} onChange={form.change} />
              </section>
            )}
          </>
        }
        beforeActions={draft.items.length > 0 && <p>{texts.outline.preview(draft.items.length, isNew)}</p>}
        submit={isNew ? texts.outline.submit : texts.outline.submitClauses}
        actions={
          form.hasContent && (
            <button type="button" className="quiet" onClick={form.discard}>
              {texts.recordForm.discard}
            </button>
          )
        }
      />
    </>
  );
}
