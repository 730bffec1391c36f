import { useQuery } from '../../api/query';
import type { ChangeEntryFragment, ChangeFilter, ChangesQuery, ChangeValueFragment } from '../../api/types.gen';
import { Page } from '../../app/Page';
import { describeChange, isBackdated, describeSubject } from '../../app/subject';
import { useParameters } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Downloads } from '../../components/Downloads';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import { useAccount } from '../../watch/news';
import { useWatches } from '../../watch/storage';
import { WatchButton } from '../../watch/WatchButton';
import { ChangesDocument } from './Changes.gen';
import styles from './Changes.module.css';
import { Filters } from './Filters';
import { changedFields, type FieldChange, fieldName, valueText } from './fields';
import { addressWith, FILTER_NAMES, filterOf } from './filters';
import { pageOf } from './paging';

const PAGE_SIZE = 25;
/** The maximum length of a text that is not collapsed. */
const MAX_TEXT = 280;
/** The maximum number of fields of a change that are not collapsed. */
const MAX_OPEN_FIELDS = 4;

/** The change log, latest first, field by field. */
export default function ChangesPage() {
  const [parameters] = useParameters();
  const filter = filterOf(parameters);
  const variables = { ...pageOf(parameters, PAGE_SIZE), filter };
  const [result, refetch] = useQuery({ query: ChangesDocument, variables });
  return (
    // The key scrolls to the top when another page of the log is opened.
    <Page key={variables.after ?? variables.before} title={texts.changes.title}>
      <p className="prose">{texts.changes.about}</p>
      <Filters />
      {filter && <WatchLog filter={filter} />}
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
  // If another page started this watch, its title is kept. It is the name of a record.
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
  return (
    <>
      {byDay(entries).map(({ day, entries }) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`}>{shortDay(day)}</h2>
          <ol className={styles.list}>
            {entries.map((entry) => (
              <li key={entry.position} id={`change-${entry.position}`}>
                <Entry entry={entry} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      <nav className={styles.paging} aria-label={texts.changes.paging}>
        {pageInfo.hasNextPage && (
          <Link to={addressWith(parameters, { after: pageInfo.endCursor ?? '' })}>{texts.changes.newer}</Link>
        )}
        <span className="muted">{isFiltered ? texts.states.showing(nodes.length, totalCount) : texts.changes.range(...range, totalCount)}</span>
        {pageInfo.hasPreviousPage && (
          <Link to={addressWith(parameters, { before: pageInfo.startCursor ?? '' })}>{texts.changes.older}</Link>
        )}
        <Downloads list="changes" parameters={{ ...filter }} />
      </nav>
      <Citation subject={texts.changes.part(...range)} />
    </>
  );
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
  const { action, assessment } = describeChange(entry);
  const fields = changedFields(entry);
  const isNew = entry.before.length === 0 || isBackdated(entry);
  const table = <Fields of={entry.subject.__typename} fields={fields} isNew={isNew} />;
  return (
    <>
      <p className={styles.line}>
        <time dateTime={entry.recordedAt} className="muted">
          {texts.changes.time(entry.recordedAt.slice(11, 16))}
        </time>
        <span>
          <Link to={addressWith(parameters, { actor: entry.actor })}>
            <strong>{entry.actor}</strong>
          </Link>{' '}
          {action} <RecordLink record={entry.subject} />
          {assessment && `: ${assessment}`}
        </span>
      </p>
      {fields.length > 0 &&
        (fields.length > MAX_OPEN_FIELDS ? (
          <details className={`printed-open ${styles.fields}`}>
            <summary>{texts.changes.fields(fields.length)}</summary>
            {table}
          </details>
        ) : (
          <div className={styles.fields}>{table}</div>
        ))}
    </>
  );
}

function RecordLink({ record }: { record: NonNullable<ChangeValueFragment['record']> }) {
  const { name, to } = describeSubject(record);
  return to ? <Link to={to}>{name}</Link> : name;
}

interface FieldsProps {
  /** The type of the record. */
  of: string;
  fields: readonly FieldChange[];
  isNew: boolean;
}

function Fields({ of, fields, isNew }: FieldsProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{texts.changes.field}</th>
          {!isNew && <th scope="col">{texts.changes.before}</th>}
          <th scope="col">{isNew ? texts.changes.value : texts.changes.after}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{fieldName(name)}</th>
            {!isNew && (
              <td data-title={texts.changes.before}>
                <Value of={of} value={before} />
              </td>
            )}
            <td data-title={isNew ? undefined : texts.changes.after}>
              <Value of={of} value={after} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
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
