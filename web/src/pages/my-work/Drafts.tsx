import { useState } from 'react';
import { useQuery } from '../../api/query';
import { describeSubject } from '../../app/subject';
import { Icon } from '../../components/Icon';
import { Link } from '../../components/Link';
import { Failure } from '../../components/Loaded';
import { Mark } from '../../components/StatusBadge';
import { deleteDraft } from '../../form/storage';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import { type DraftEntry, type DraftRecord, groupsOf, idsOf, ownDrafts, targetOf } from './drafts';
import { DraftRecordsDocument } from './MyWork.gen';
import { Row } from './Row';
import { Nothing, Section } from './Section';
import styles from './MyWork.module.css';

/** The forms that the user has not sent. Marks the forms whose record was changed, archived or retracted in the meantime. */
export function Drafts() {
  const [drafts, setDrafts] = useState(ownDrafts);
  const discard = (name: string) => {
    deleteDraft(name);
    setDrafts(ownDrafts());
  };
  return (
    <Section id="drafts" title={texts.myWork.drafts} count={drafts.length} beside={<p className="hint">{texts.myWork.draftsAbout}</p>}>
      {drafts.length === 0 && <Nothing>{texts.myWork.draftsEmpty}</Nothing>}
      {groupsOf(drafts).map((group, index) => (
        <Group key={index} drafts={group} onDiscard={discard} />
      ))}
    </Section>
  );
}

interface GroupProps {
  drafts: readonly DraftEntry[];
  onDiscard: (name: string) => void;
}

/** Drafts whose records are loaded together. */
function Group({ drafts, onDiscard }: GroupProps) {
  const ids = idsOf(drafts);
  const [{ data, error, fetching }, refetch] = useQuery({ query: DraftRecordsDocument, variables: { ids }, pause: ids.length === 0 });
  const records = new Map((data?.nodes ?? []).flatMap((record) => (record ? [[record.id, record] as const] : [])));
  return (
    <>
      {error && !fetching && <Failure error={error} retry={refetch} />}
      <ul className={styles.list}>
        {drafts.map((draft) => (
          <Draft
            key={draft.name}
            draft={draft}
            record={draft.id === undefined ? undefined : (records.get(draft.id) ?? (data && !fetching ? null : undefined))}
            isLoading={fetching}
            onDiscard={() => onDiscard(draft.name)}
          />
        ))}
      </ul>
    </>
  );
}

/** The maximum length of the text beside the name of a draft. */
const MAX_EXCERPT = 200;

interface DraftProps {
  draft: DraftEntry;
  /** Undefined if it is not loaded. Null if it does not exist. */
  record: DraftRecord | null | undefined;
  isLoading: boolean;
  onDiscard: () => void;
}

function Draft({ draft, record, isLoading, onDiscard }: DraftProps) {
  const name = nameOf(draft, record);
  const { form, obstacle, page } = targetOf(draft, record);
  const isConflict = draft.version !== undefined && record && 'version' in record && record.version > draft.version;
  return (
    <li>
      <Row
        icon={<Icon name="draft" />}
        name={form ? <Link to={form} isLatest>{name}</Link> : name}
        end={
          <button type="button" aria-label={texts.myWork.discardNamed(name)} onClick={onDiscard}>
            {texts.myWork.discard}
          </button>
        }
      >
        {obstacle ? <Mark strong>{texts.myWork.obstacle[obstacle]}</Mark> : isConflict && <Mark strong>{texts.myWork.changedSince}</Mark>}
        {obstacle && page && page !== form && (
          <Link to={page} isLatest>
            {texts.myWork.toObstacle[obstacle]}
          </Link>
        )}
        {form && draft.typed[0] && <span className={styles.excerpt}>{draft.typed[0].slice(0, MAX_EXCERPT)}</span>}
      </Row>
      {!form && !isLoading && draft.typed.length > 0 && <Typed typed={draft.typed} />}
    </li>
  );
}

/** A text up to this length is shown at once. */
const SHORT_LENGTH = 500;

/** What the user typed into a form that can no longer be opened. */
function Typed({ typed }: { typed: readonly string[] }) {
  const lines = typed.flatMap((text) => text.split('\n')).filter((line) => line.trim());
  return (
    <details open={typed.join('').length <= SHORT_LENGTH}>
      <summary>{texts.myWork.typed}</summary>
      {lines.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </details>
  );
}

function nameOf({ kind, record: recordKind, id, parameters, batch }: DraftEntry, record: DraftRecord | null | undefined): string {
  const { draftOf } = texts.myWork;
  const name = record ? describeSubject(record).name : texts.unnamedRecord;
  switch (kind) {
    case 'new':
      return draftOf.new((texts.newMenu.kinds as Record<string, string>)[recordKind ?? ''] ?? texts.unnamedRecord);
    case 'outline':
      return id === undefined ? draftOf.newOutline : draftOf.outline(name);
    case 'coding':
      return draftOf.coding(name, shortDay(new URLSearchParams(parameters).get('asOf') ?? ''));
    case 'batch':
      return draftOf.batch(batch?.records.length);
    case 'sheet':
      return draftOf.sheet;
    case 'UNKNOWN':
      return draftOf.unknown;
    default:
      return draftOf[kind](name);
  }
}
