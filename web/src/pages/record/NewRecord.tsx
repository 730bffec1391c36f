import { useState } from 'react';
import { useSearch } from 'wouter';
import { useQuery } from '../../api/query';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { Loading } from '../../components/Loaded';
import { emptyValues } from '../../form/values';
import { texts } from '../../texts';
import { NotFound } from '../NotFound';
import { EditorOnly } from './EditorOnly';
import type { RecordKind } from './kind';
import { kindOf } from './kinds';
import { fieldParameters, prefilled, referenceIds } from './prefill';
import { ReferencesDocument } from './Record.gen';
import { RecordForm } from './RecordForm';
import { SavedNotice } from './SavedNotice';
import type { Saved } from './useRecordForm';

/** The form of a new record. The address can have values of its fields, such as the agreement of a new clause. */
export default function NewRecord({ parameters: { kind: name = '' } }: PageProps) {
  const kind = kindOf(name);
  const search = useSearch();
  if (!kind) return <NotFound />;
  return (
    <Page title={texts.record.create(texts.record.kind[name] ?? name)}>
      <EditorOnly>
        {/* The key discards the content when the address leads to another form. */}
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
  const [{ data, fetching }] = useQuery({ query: ReferencesDocument, variables: { ids }, pause: ids.length === 0 });
  const [saved, setSaved] = useState<Saved>();
  const [attempt, setAttempt] = useState(0);
  if (fetching && !data) return <Loading />;
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
    <RecordForm
      key={attempt}
      kind={kind}
      draftName={`record-1-${name}-new-${parameters}`}
      id={undefined}
      current={undefined}
      initial={{ ...emptyValues(kind.fields), ...prefilled(kind.fields, parameters, records) }}
      submit={texts.record.submitNew(kindName)}
      onSaved={setSaved}
      onDiscard={again}
    />
  );
}
