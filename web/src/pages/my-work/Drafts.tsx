import { useState } from 'react';
import { useQuery } from '../../api/query';
import type { DraftRecordsQuery } from '../../api/types.gen';
import { describeSubject } from '../../app/subject';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { Mark } from '../../components/StatusBadge';
import { deleteDraft } from '../../form/storage';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import { addressOf, type DraftEntry, ownDrafts } from './drafts';
import { DraftRecordsDocument } from './MyWork.gen';
import styles from './MyWork.module.css';

type DraftRecord = NonNullable<NonNullable<DraftRecordsQuery['nodes']>[number]>;

/** The forms that the user has not sent. Marks those whose records have changed since then. */
export function Drafts() {
  const [drafts, setDrafts] = useState(ownDrafts);
  const ids = drafts.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const [{ data }] = useQuery({ query: DraftRecordsDocument, variables: { ids }, pause: ids.length === 0 });
  const records = new Map((data?.nodes ?? []).flatMap((record) => (record ? [[record.id, record] as const] : [])));
  const discard = (name: string) => {
    deleteDraft(name);
    setDrafts(ownDrafts());
  };
  if (drafts.length === 0) return <Empty>{texts.myWork.draftsEmpty}</Empty>;
  return (
    <>
      <p className="prose">{texts.myWork.draftsAbout}</p>
      <ul className={styles.list}>
        {drafts.map((draft) => (
          <Draft key={draft.name} draft={draft} record={records.get(draft.id ?? '')} onDiscard={() => discard(draft.name)} />
        ))}
      </ul>
    </>
  );
}

interface DraftProps {
  draft: DraftEntry;
  record: DraftRecord | undefined;
  onDiscard: () => void;
}

function Draft({ draft, record, onDiscard }: DraftProps) {
  const name = nameOf(draft, record);
  const to = addressOf(draft, record);
  const isConflict = draft.version !== undefined && record && 'version' in record && record.version > draft.version;
  return (
    <li>
      {to ? <Link to={to} isLatest>{name}</Link> : name} {isConflict && <Mark strong>{texts.myWork.changedSince}</Mark>}{' '}
      <button type="button" className="quiet" aria-label={texts.myWork.discardNamed(name)} onClick={onDiscard}>
        {texts.myWork.discard}
      </button>
    </li>
  );
}

function nameOf({ kind, record: recordKind, id, parameters, batch }: DraftEntry, record: DraftRecord | undefined): string {
  const { draftOf } = texts.myWork;
  const name = record ? describeSubject(record).name : texts.unnamedRecord;
  switch (kind) {
    case 'new': {
      const kinds: Record<string, string> = texts.newMenu.kinds;
      return draftOf.new(kinds[recordKind ?? ''] ?? texts.unnamedRecord);
    }
    case 'outline':
      return id === undefined ? draftOf.newOutline : draftOf.outline(name);
    case 'coding':
      return draftOf.coding(name, shortDay(new URLSearchParams(parameters).get('asOf') ?? ''));
    case 'batch':
      return draftOf.batch(batch?.records.length);
    case 'sheet':
      return draftOf.sheet;
    default:
      return draftOf[kind](name);
  }
}
