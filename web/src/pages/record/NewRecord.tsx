import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { isInvalidInput } from '../../api/client';
import { useQuery } from '../../api/query';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView, withView } from '../../app/view';
import { Announcement } from '../../components/Announcement';
import { Failure, Loading } from '../../components/Loaded';
import { storeDraft, type StoredDraft } from '../../form/storage';
import { newKey } from '../../form/key';
import { emptyValues } from '../../form/values';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { EditorOnly } from './EditorOnly';
import { newRecordDraft, recordDraft } from './drafts';
import type { RecordKind } from './kind';
import { kindOf } from './kinds';
import { fieldParameters, prefilled, referenceIds } from './prefill';
import { ReferencesDocument } from './Record.gen';
import { RecordForm } from './RecordForm';
import { SavedNotice } from './SavedNotice';
import type { Base, Draft, Saved } from './useRecordForm';

/** The form of a new record. The address can contain values of its fields, such as the agreement of a new clause. */
export default function NewRecord({ parameters: { kind: name = '' } }: PageProps) {
  const kind = kindOf(name);
  const search = useSearch();
  if (!kind) return <NotFound />;
  return (
    <Page title={texts.record.create(texts.record.kind[name] ?? name)}>
      <EditorOnly>
        <p className="muted">{texts.record.about[name]}</p>
        {/* The key discards the content when the address changes to another form. */}
        <Prefilled key={`${name}?${search}`} kind={kind} name={name} search={search} />
      </EditorOnly>
    </Page>
  );
}

interface Props {
  kind: RecordKind;
  name: string;
  search: string;
}

function Prefilled({ kind, name, search }: Props) {
  const parameters = fieldParameters(kind.fields, new URLSearchParams(search));
  const ids = referenceIds(kind.fields, parameters);
  const [{ data, fetching, error }, refetch] = useQuery({ query: ReferencesDocument, variables: { ids }, pause: ids.length === 0 });
  const [, navigate] = useLocation();
  const view = useView();
  const [saved, setSaved] = useState<Saved>();
  const [attempt, setAttempt] = useState(0);
  if (fetching && !data) return <Loading />;
  // The server rejects an invalid id. In this case, the form says that the record does not exist.
  if (error && !data && !isInvalidInput(error)) return <Failure error={error} retry={refetch} />;
  const kindName = texts.record.kind[name] ?? name;
  const again = () => {
    setSaved(undefined);
    setAttempt(attempt + 1);
  };
  if (saved) {
    return (
      <SavedNotice kind={kind} saved={saved}>
        <button type="button" onClick={again}>
          {texts.record.another(kindName)}
        </button>
      </SavedNotice>
    );
  }
  const records = (data?.nodes ?? []).flatMap((node) => (node && 'label' in node ? [{ id: node.id, label: node.label }] : []));
  return (
    <>
    {records.length < new Set(ids).size && <Announcement>{texts.record.prefillMissing}</Announcement>}
    <RecordForm
      key={attempt}
      kind={kind}
      draftName={newRecordDraft(name, parameters)}
      id={undefined}
      current={undefined}
      initial={{ ...emptyValues(kind.fields), ...prefilled(kind.fields, parameters, records) }}
      submit={texts.record.submitNew(kindName)}
      onSaved={setSaved}
      onRestart={again}
      onEarlier={(record, base, values) => {
        const stored: StoredDraft<Draft, Base> = { draft: { values }, key: newKey(), unanswered: [], base };
        storeDraft(recordDraft(name, record.id), stored);
        navigate(withView(`/edit/${name}/${record.id}`, view));
      }}
    />
    </>
  );
}
