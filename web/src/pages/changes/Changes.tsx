import type { ReactNode } from 'react';
import { useQuery } from '../../api/query';
import type { ChangeEntryFragment, ChangeFilter, ChangesQuery, ChangeValueFragment } from '../../api/types.gen';
import { Page } from '../../app/Page';
import { describeSubject, isBackdated } from '../../app/subject';
import { useParameters } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Downloads } from '../../components/Downloads';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { dayNumber, shortDay, today } from '../../format/days';
import { capitalized } from '../../format/sentences';
import { texts } from '../../texts';
import { useAccount } from '../../watch/news';
import { useWatches } from '../../watch/storage';
import { WatchButton } from '../../watch/WatchButton';
import { ActionIcon } from './ActionIcon';
import { ChangesDocument } from './Changes.gen';
import styles from './Changes.module.css';
import { differing } from './differing';
import { Filters } from './Filters';
import { changedFields, type FieldChange, fieldName, headingOf, valueText } from './fields';
import { addressWith, FILTER_NAMES, filterOf } from './filters';
import { pageOf } from './paging';
import { RecordedStatus } from './RecordedStatus';

/** The maximum number of characters of an unchanged text beside a change. */
const MAX_CONTEXT = 120;
const PAGE_SIZE = 25;
/** The maximum length of a text that is not collapsed. */
const MAX_TEXT = 280;
/** The maximum number of changed fields that are not collapsed. */
const MAX_OPEN_FIELDS = 4;

/** The change log, latest first, field by field. */
export default function ChangesPage() {
  const [parameters] = useParameters();
  const filter = filterOf(parameters);
  const variables = { ...pageOf(parameters, PAGE_SIZE), filter };
  const [result, refetch] = useQuery({ query: ChangesDocument, variables });
  return (
    // The key scrolls to the top when another page of the log is opened.
    <Page key={variables.after ?? variables.before} title={texts.changes.title} actions={filter && <WatchLog filter={filter} />}>
      <p className={`prose muted ${styles.about}`}>{texts.changes.about}</p>
      <div className={styles.filters}>
        <Filters />
      </div>
      <Loaded result={result} retry={refetch}>
        {({ changes }) => changes && <Log changes={changes} filter={filter} />}
      </Loaded>
    </Page>
  );
}

/** Watches the changes that match the filters. */
function WatchLog({ filter }: { filter: ChangeFilter }) {
  const [parameters] = useParameters();
  const account = useAccount();
  const to = addressWith(parameters, {});
  // The page of parties and topics also starts watches with this address. Their title is the name of the record, and they keep it.
  const known = useWatches(account).find((watch) => watch.to === to);
  const values = FILTER_NAMES.filter((name) => name !== 'about').flatMap((name) => parameters.getAll(name));
  return <WatchButton key={to} to={to} title={known?.title ?? texts.changes.watched(values)} filter={filter} />;
}

interface LogProps {
  changes: NonNullable<ChangesQuery['changes']>;
  filter: ChangeFilter | undefined;
}

function Log({ changes: { nodes, pageInfo, totalCount }, filter }: LogProps) {
  const isFiltered = filter !== undefined;
  const [parameters] = useParameters();
  const oldest = nodes.at(0);
  const latest = nodes.at(-1);
  if (!oldest || !latest) return <Empty>{isFiltered ? texts.changes.noneFound : texts.changes.empty}</Empty>;
  const entries = nodes.toReversed();
  const range = [oldest.position, latest.position] as const;
  const fromLatest = (position: number) => totalCount - position + 1;
  const shown = isFiltered
    ? texts.states.showing(nodes.length, totalCount)
    : texts.changes.range(fromLatest(latest.position), fromLatest(oldest.position), totalCount);
  return (
    <>
      <div className={styles.log}>
        <p className={styles.count}>{shown}</p>
        {byDay(entries).map(({ day, entries }) => (
          <section key={day} className={styles.day} aria-labelledby={`day-${day}`}>
            <h2 id={`day-${day}`}>{dayHeading(day)}</h2>
            <ol className={styles.list}>
              {entries.map((entry) => (
                <li key={entry.position} id={`change-${entry.position}`}>
                  <Entry entry={entry} />
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
      <nav className={styles.paging} aria-label={texts.changes.paging}>
        {pageInfo.hasNextPage && (
          <Link to={addressWith(parameters, { after: pageInfo.endCursor ?? '' })}>{texts.changes.newer}</Link>
        )}
        <span className="muted">{shown}</span>
        {pageInfo.hasPreviousPage && (
          <Link to={addressWith(parameters, { before: pageInfo.startCursor ?? '' })}>{texts.changes.older}</Link>
        )}
        <Downloads list="changes" parameters={{ ...filter }} />
      </nav>
      <Citation subject={texts.changes.part(...range)} />
    </>
  );
}

/** Such as `Today, 1 Dec 2026`. Days before yesterday are only a date. */
function dayHeading(day: string): string {
  const name = [texts.changes.today, texts.changes.yesterday][dayNumber(today()) - dayNumber(day)];
  return name ? `${name}, ${shortDay(day)}` : shortDay(day);
}

function byDay(entries: readonly ChangeEntryFragment[]) {
  const days: { day: string; entries: ChangeEntryFragment[] }[] = [];
  for (const entry of entries) {
    const day = entry.recordedAt.slice(0, 10);
    if (days.at(-1)?.day !== day) days.push({ day, entries: [] });
    days.at(-1)?.entries.push(entry);
  }
  return days;
}

function Entry({ entry }: { entry: ChangeEntryFragment }) {
  const [parameters] = useParameters();
  const reason = entry.action === 'RETRACTED' ? entry.after.find(({ name }) => name === 'reason')?.value : undefined;
  const fields = changedFields(entry).filter(({ name }) => reason === undefined || name !== 'reason');
  const isNew = entry.before.length === 0 || isBackdated(entry);
  const table = fields.length > 0 && <Fields of={entry.subject.__typename} fields={fields} isNew={isNew} />;
  const count = texts.changes.fields(fields.length);
  const isFolded = isNew || fields.length > MAX_OPEN_FIELDS;
  const [before, after] = texts.changes.sentences[entry.action];
  const kind = before ? '' : texts.changes.kindBeforeName[entry.subject.__typename];
  return (
    <div className={styles.entry}>
      <ActionIcon action={entry.action} />
      <p className={styles.line}>
        {before || kind}{' '}
        <strong>
          <RecordLink record={entry.subject} isLong />
        </strong>{' '}
        {after}
      </p>
      <time dateTime={entry.recordedAt} className="muted">
        {texts.changes.time(entry.recordedAt.slice(11, 16))}
      </time>
      <div className={styles.second}>
        <p className={styles.by}>
          <Link to={addressWith(parameters, { actor: entry.actor })}>{entry.actor}</Link>
          <RecordedStatus change={entry} separator=" · " />
          {reason && ` · ${texts.changes.reason(reason)}`}
          {table && !isFolded && ` · ${count}`}
        </p>
        {table && isFolded && (
          <details className={`printed-open ${styles.fields}`}>
            <summary>{count}</summary>
            <div className={styles.values}>{table}</div>
          </details>
        )}
        {table && !isFolded && <div className={styles.values}>{table}</div>}
      </div>
    </div>
  );
}

/** A link to the page of a record. `isLong` adds the heading of a clause or caveat. */
function RecordLink({ record, isLong = false }: { record: NonNullable<ChangeValueFragment['record']>; isLong?: boolean }) {
  const { name, to } = describeSubject(record);
  const heading = isLong && headingOf(record);
  const shown = heading ? `${name} ${heading}` : name;
  return to ? <Link to={to}>{shown}</Link> : isLong ? capitalized(shown) : shown;
}

interface FieldsProps {
  /** The type of the record. */
  of: string;
  fields: readonly FieldChange[];
  isNew: boolean;
}

function Fields({ of, fields, isNew }: FieldsProps) {
  if (!isNew) return <Differences of={of} fields={fields} />;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{texts.changes.field}</th>
          <th scope="col">{texts.changes.value}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, after }) => (
          <tr key={name}>
            <th scope="row">{fieldName(name)}</th>
            <td>
              <Value of={of} value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The values before and after, one above the other. The words that differ are marked. */
function Differences({ of, fields }: Pick<FieldsProps, 'of' | 'fields'>) {
  return (
    <dl className={styles.differences}>
      {fields.map(({ name, before, after }) => {
        const [old, next] = [before, after].map((value) => (value && !value.record && value.kind !== 'DATE' ? valueText(of, value) : undefined));
        const words = old !== undefined && next !== undefined ? differing(old, next) : undefined;
        return (
          <div key={name}>
            <dt>{fieldName(name)}</dt>
            <dd className={styles.removed}>
              <span className="visually-hidden">{texts.changes.before}: </span>
              {words ? <Marked {...words} changed={<del>{words.before.trimEnd()}</del>} /> : <Value of={of} value={before} />}
            </dd>
            <dd className={styles.added}>
              <span className="visually-hidden">{texts.changes.after}: </span>
              {words ? <Marked {...words} changed={<ins>{words.after.trimEnd()}</ins>} /> : <Value of={of} value={after} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** A text whose changed words are marked. Omits most of the words before and after them. */
function Marked({ start, changed, end }: { start: string; changed: ReactNode; end: string }) {
  return (
    <>
      {start.length > MAX_CONTEXT ? `…${start.slice(-MAX_CONTEXT)}` : start}
      {changed}{' '}
      {end.length > MAX_CONTEXT ? `${end.slice(0, MAX_CONTEXT)}…` : end}
    </>
  );
}

function Value({ of, value }: { of: string; value: ChangeValueFragment | undefined }) {
  if (!value) return <span className="muted">{texts.states.none}</span>;
  if (value.kind === 'DATE') return <DayText day={value.value} />;
  if (value.record) return <RecordLink record={value.record} />;
  const text = valueText(of, value);
  return text.length > MAX_TEXT ? (
    <details>
      <summary>{`${text.slice(0, MAX_TEXT / 2)}…`}</summary>
      {text}
    </details>
  ) : (
    text
  );
}
