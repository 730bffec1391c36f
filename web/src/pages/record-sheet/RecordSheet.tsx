import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useQuery } from '../../api/query';
import { Page } from '../../app/Page';
import type { SheetNamesQuery } from '../../api/types.gen';
import { BatchNotice, type Done } from '../../batch/BatchNotice';
import { BatchPreview } from '../../batch/BatchPreview';
import { useAssessmentBatch } from '../../batch/useAssessmentBatch';
import { ErrorSummary, Field, FormFailure, type Problem } from '../../components/Form';
import { Loaded } from '../../components/Loaded';
import { deleteDraft, storeDraft, storedDraft } from '../../form/storage';
import { useSubmitShortcut } from '../../form/useSubmitShortcut';
import { texts } from '../../texts';
import { EditorOnly } from '../record/EditorOnly';
import { parseCells, readFile, sizeProblem } from './parse';
import { SheetNamesDocument } from './RecordSheet.gen';
import styles from './RecordSheet.module.css';
import { faultsOf, type Names, readSheet, type Sheet } from './sheet';

const DRAFT = 'record-sheet';
const INPUT = 'sheet-rows';
const FILE = 'sheet-file';

/** Records the assessments of a pasted or dropped sheet, after a preview. */
export default function RecordSheetPage() {
  const [result, refetch] = useQuery({ query: SheetNamesDocument });
  return (
    <Page title={texts.sheet.title}>
      <EditorOnly>
        <p className="prose">{texts.sheet.lead}</p>
        <Loaded result={result} retry={refetch}>
          {(data) => <RecordSheet names={namesOf(data)} />}
        </Loaded>
      </EditorOnly>
    </Page>
  );
}

function namesOf({ parties, agreements, proposals }: SheetNamesQuery): Names {
  const instrument = ({ slug, title, aliases }: { slug: string; title: string; aliases: readonly string[] }) => ({
    slug,
    names: [title, ...aliases],
  });
  return {
    parties: (parties?.nodes ?? []).map(({ slug, name, shortName, aliases }) => ({ slug, names: [shortName, name, ...aliases] })),
    instruments: [
      ...(agreements?.nodes ?? []).map((agreement) => {
        const named = instrument(agreement);
        return { ...named, names: [agreement.shortTitle, ...named.names] };
      }),
      ...(proposals?.nodes ?? []).map(instrument),
    ],
  };
}

function RecordSheet({ names }: { names: Names }) {
  const [text, setText] = useState(() => storedDraft<string>(DRAFT) ?? '');
  const [sheet, setSheet] = useState<Sheet>();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [done, setDone] = useState<Done>();
  const batch = useAssessmentBatch((next) => {
    setDone(next);
    setSheet(undefined);
    batch.back();
    setText('');
  });
  const [isFull, setFull] = useState(false);
  // The sheet is stored, so that it is not lost when the tab is closed.
  useEffect(() => {
    if (!text) deleteDraft(DRAFT);
    setFull(text !== '' && !storeDraft(DRAFT, text));
  }, [text]);
  const form = useRef<HTMLFormElement>(null);
  useSubmitShortcut(form);

  async function check() {
    if (batch.isSending) return;
    const { data, problems } = parseCells(text);
    const next = readSheet({ data }, names);
    const faults = [...problems, ...next.problems];
    const items = next.rows.map(({ item }) => item);
    const tooLarge = faults.length === 0 ? sizeProblem(items) : undefined;
    if (tooLarge !== undefined) faults.push(tooLarge);
    setProblems(faults.map((message) => ({ field: INPUT, message })));
    if (faults.length > 0) return;
    setSheet(next);
    await batch.check(items);
  }

  async function take(file: File | undefined) {
    if (!file) return;
    const read = await readFile(file);
    if ('problem' in read) return setProblems([{ field: FILE, message: read.problem }]);
    setProblems([]);
    setText(read.text);
  }

  const onDrop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    void take(file);
  };

  const { checked } = batch;
  if (checked && sheet) {
    return (
      <>
        {sheet.ignored.length > 0 && <p className="hint">{texts.sheet.ignored(sheet.ignored.join(', '))}</p>}
        <BatchPreview
          title={texts.batch.preview}
          batch={batch}
          rows={sheet.rows.map((row, index) => ({
            key: String(row.line),
            number: row.line,
            name: row.cells.reference ?? '',
            date: row.item.effectiveDate ?? '',
            holder: holderName(names, row.item.heldBy),
            result: checked.results[index],
            faults: faultsOf(row, checked.faults.items.get(index) ?? []),
          }))}
        />
      </>
    );
  }
  const errorOf = (field: string) => problems.find((problem) => problem.field === field)?.message;
  return (
    <>
      {done && <BatchNotice key={done.key} done={done} onClose={() => setDone(undefined)} />}
      <form
        ref={form}
        noValidate
        // The whole form accepts files, because a browser leaves the page to open a file that is dropped elsewhere.
        onDragOver={(event) => event.preventDefault()}
        onDrop={onDrop}
        onSubmit={(event) => {
          event.preventDefault();
          void check();
        }}
      >
        <ErrorSummary problems={problems} />
        <Field id={INPUT} label={texts.sheet.input} hint={texts.sheet.inputHint} error={errorOf(INPUT)}>
          {(control) => (
            <textarea
              {...control}
              className={styles.input}
              rows={12}
              wrap="off"
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        <Field id={FILE} label={texts.sheet.file} isOptional error={errorOf(FILE)}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".csv,.tsv,.txt,.xlsx,.xlsm,text/csv,text/tab-separated-values"
              onChange={({ target }) => void take(target.files?.[0])}
            />
          )}
        </Field>
        {isFull && <p role="alert">{texts.recordForm.storageFull}</p>}
        <FormFailure error={batch.error} />
        <p className="actions">
          <button type="submit" className="primary" aria-disabled={batch.isSending}>
            {texts.sheet.check}
          </button>
        </p>
      </form>
      <section aria-labelledby="sheet-columns">
        <h2 id="sheet-columns">{texts.sheet.columnsTitle}</h2>
        <p>{texts.sheet.columnsHint}</p>
        <dl className={styles.columns}>
          {texts.sheet.columns.map(([name, meaning]) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

function holderName({ parties }: Names, heldBy: string | null | undefined): string {
  if (!heldBy) return texts.view.neutral;
  const party = parties.find(({ slug }) => slug === heldBy);
  return texts.view.partyView(party?.names[0] ?? heldBy);
}
