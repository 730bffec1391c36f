import { useState } from 'react';
import { isInvalidInput } from '../../api/client';
import { useQuery } from '../../api/query';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { emptyValues, valuesOf } from '../../form/values';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { Archive } from './Archive';
import { EditorOnly } from './EditorOnly';
import type { AnyRecord, RecordKind } from './kind';
import { kindOf } from './kinds';
import { RecordForm } from './RecordForm';
import { recordDraft } from './drafts';
import { SavedNotice } from './SavedNotice';
import type { Saved } from './useRecordForm';

/** The form of an existing record, and the controls that archive and restore it. */
export default function EditRecord({ parameters: { kind: name = '', id = '' } }: PageProps) {
  const kind = kindOf(name);
  return kind ? <Edit key={id} kind={kind} name={name} id={id} /> : <NotFound />;
}

interface Props {
  kind: RecordKind;
  name: string;
  id: string;
}

function Edit({ kind, name, id }: Props) {
  const [result, refetch] = useQuery({ query: kind.read, variables: { id } });
  const node = result.data?.node;
  const record = node && 'version' in node ? (node as AnyRecord) : undefined;
  if ((isInvalidInput(result.error) || (result.data && !record)) && !result.fetching) return <NotFound />;
  const title = record && texts.record.edit(kind.nameOf(record));
  return (
    <Page
      title={title ?? (result.error && texts.record.editTitle(texts.record.kind[name] ?? name))}
      lead={record && <Link to={kind.pathTo(record)}>{texts.record.back}</Link>}
    >
      <EditorOnly>
        <Loaded result={result} retry={refetch}>
          {() => record && <Editor kind={kind} name={name} record={record} />}
        </Loaded>
      </EditorOnly>
    </Page>
  );
}

function Editor({ kind, name, record }: { kind: RecordKind; name: string; record: AnyRecord }) {
  const [saved, setSaved] = useState<Saved>();
  const [attempt, setAttempt] = useState(0);
  const start = () => {
    setSaved(undefined);
    setAttempt(attempt + 1);
  };
  if (saved) {
    return (
      <SavedNotice kind={kind} saved={saved}>
        <button type="button" onClick={start}>
          {texts.record.editAgain}
        </button>
      </SavedNotice>
    );
  }
  return (
    <>
      {record.archivedAt !== null && <p role="status">{texts.record.archived}</p>}
      <RecordForm
        key={attempt}
        kind={kind}
        draftName={recordDraft(name, record.id)}
        id={record.id}
        current={{ version: record.version, values: valuesOf(kind.fields, kind.recorded(record)) }}
        initial={emptyValues(kind.fields)}
        submit={texts.record.submit}
        onSaved={setSaved}
        onRestart={start}
      />
      <Archive kind={kind} record={record} />
    </>
  );
}
