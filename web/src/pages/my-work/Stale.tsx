import { useRef, useState } from 'react';
import { useQuery } from '../../api/query';
import type { StaleClauseFragment } from '../../api/types.gen';
import { useShortcut } from '../../app/shortcuts';
import { DayText } from '../../components/DayText';
import { Field, FormFailure } from '../../components/Form';
import { Icon } from '../../components/Icon';
import { Link } from '../../components/Link';
import { Loaded } from '../../components/Loaded';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { newKey } from '../../form/key';
import { useSending } from '../../form/useSending';
import { dayNumber, dayOf, shortDay, today } from '../../format/days';
import { texts } from '../../texts';
import { RecordStatusCheckDocument, RetractStatusCheckDocument, StaleClausesDocument } from './MyWork.gen';
import styles from './MyWork.module.css';
import { Nothing, Section } from './Section';
import { DEFAULT_DAYS, MAX_DAYS, readDays, storeDays } from './staleDays';

type Clause = StaleClauseFragment;

const MAX_ROWS = 50;

/** A check that was recorded on this page. */
interface Checked {
  clause: Clause;
  checkId: string;
  isUndone: boolean;
}

/** The clauses that nobody has checked for a number of days. One click or key records that a status is unchanged. */
export function Stale() {
  const [days, setDays] = useState(readDays);
  const [checked, setChecked] = useState<readonly Checked[]>([]);
  const section = useRef<HTMLDivElement>(null);
  const before = dayOf(dayNumber(today()) - days);
  const [result, refetch] = useQuery({ query: StaleClausesDocument, variables: { before, first: MAX_ROWS } });

  // The key activates the row with the focus, or else checks the first row.
  const buttons = () =>
    [...(section.current?.querySelectorAll<HTMLButtonElement>('button[data-check]') ?? [])].filter((button) => button.offsetParent !== null);
  useShortcut('k', () => {
    const row = document.activeElement?.closest('tr');
    (row?.querySelector<HTMLElement>('[data-check], [data-set] a') ?? buttons()[0])?.click();
  });

  function onChecked(done: Checked) {
    // The row will disappear, so the next row gets the focus.
    const all = buttons();
    const index = all.findIndex((button) => button.dataset.check === done.clause.id);
    if (index >= 0 && all[index]?.closest('tr')?.contains(document.activeElement)) (all[index + 1] ?? all[index - 1])?.focus();
    setChecked((before) => [done, ...before]);
  }

  return (
    <Section
      id="stale"
      title={texts.myWork.stale}
      count={result.data?.clauses?.totalCount}
      beside={
        <div className={styles.days}>
          <DaysField
            days={days}
            onDays={(days) => {
              storeDays(days);
              setDays(days);
            }}
          />
        </div>
      }
    >
      <div ref={section}>
        <ul className={styles.list} aria-live="polite">
          {checked.map((check) => (
            <CheckedLine
              key={check.checkId}
              check={check}
              onUndone={() => setChecked((all) => all.map((one) => (one.checkId === check.checkId ? { ...one, isUndone: true } : one)))}
            />
          ))}
        </ul>
        <Loaded result={result} retry={refetch}>
          {({ clauses }) => {
            const done = new Set(checked.filter(({ isUndone }) => !isUndone).map(({ clause }) => clause.id));
            const rows = (clauses?.nodes ?? []).filter(({ id }) => !done.has(id));
            if (rows.length === 0) return <Nothing>{texts.myWork.staleEmpty(days)}</Nothing>;
            return (
              <Table
                caption={texts.myWork.stale}
                columns={[...COLUMNS, { title: texts.myWork.action, isLead: true, isNumber: true, cell: (clause) => <Action clause={clause} onChecked={onChecked} /> }]}
                rows={rows}
                rowKey={(clause) => clause.id}
                file={['not-checked-since', before]}
                total={clauses?.totalCount}
                limit={5}
              />
            );
          }}
        </Loaded>
      </div>
    </Section>
  );
}

const COLUMNS: readonly Column<Clause>[] = [
  {
    title: texts.myWork.clause,
    isRowHeader: true,
    isWide: true,
    cell: (clause) => (
      <span className={styles.clause}>
        <Icon name="clock" />
        <TrackableLink item={clause} />
      </span>
    ),
    csv: (clause) => clause.reference,
  },
  {
    title: texts.myWork.status,
    isLead: true,
    cell: ({ status, statusSince }) => (
      <>
        <StatusBadge status={status} />
        {statusSince && (
          <span className="muted">
            {' '}
            {texts.clause.since} <DayText day={statusSince} />
          </span>
        )}
      </>
    ),
    csv: (clause) => texts.clauseStatus[clause.status].label,
  },
  {
    title: texts.myWork.checkedOn,
    isLead: true,
    isNumber: true,
    cell: LastCheck,
    csv: (clause) => clause.checkedOn,
  },
  { title: texts.myWork.checkedBy, csv: (clause) => clause.checkedBy },
];

/** How long ago the status was checked, and by whom. */
function LastCheck({ checkedOn, checkedBy }: Clause) {
  if (!checkedOn) return <span className="muted">{texts.myWork.never}</span>;
  return (
    <span className="muted">
      {checkedBy && `${checkedBy}, `}
      <time dateTime={checkedOn} title={shortDay(checkedOn)}>
        {texts.myWork.checkedAgo(dayNumber(today()) - dayNumber(checkedOn))}
      </time>
    </span>
  );
}

function DaysField({ days, onDays }: { days: number; onDays: (days: number) => void }) {
  const [typed, setTyped] = useState(String(days));
  const [error, setError] = useState<string>();
  const change = (text: string) => {
    setTyped(text);
    const number = Number(text);
    const isValid = Number.isInteger(number) && number >= 1 && number <= MAX_DAYS;
    setError(isValid ? undefined : texts.myWork.daysInvalid(text, MAX_DAYS));
    if (isValid) onDays(number);
  };
  return (
    <Field id="stale-days" label={texts.myWork.days} error={error}>
      {(control) => (
        <input
          {...control}
          type="number"
          min={1}
          max={MAX_DAYS}
          placeholder={String(DEFAULT_DAYS)}
          value={typed}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A button that confirms the status of a clause, or a link to the form that sets the status if the clause has none. */
function Action({ clause, onChecked }: { clause: Clause; onChecked: (checked: Checked) => void }) {
  if (clause.status !== 'UNASSESSED') return <Check clause={clause} onChecked={onChecked} />;
  return (
    <span data-set className={`${styles.set} no-print`}>
      <Link to={`${pathTo(clause)}?update=yes`} isLatest>
        {texts.myWork.setStatus}
        <span className="visually-hidden"> {clause.reference}</span>
      </Link>
    </span>
  );
}

function Check({ clause, onChecked }: { clause: Clause; onChecked: (checked: Checked) => void }) {
  const { send, isSending, error } = useSending(RecordStatusCheckDocument);
  const key = useRef(newKey());
  const [problem, setProblem] = useState<string>();
  async function check() {
    if (isSending) return;
    setProblem(undefined);
    const input = { subjectId: clause.id, checkedOn: today(), expectedVersion: clause.version, idempotencyKey: key.current };
    const answer = await send(input);
    if (!answer) return;
    if (answer.statusCheck && answer.subject) {
      return onChecked({ clause, checkId: answer.statusCheck.id, isUndone: false });
    }
    key.current = newKey();
    const messages = answer.userErrors.map(({ code, message }) => (code === 'CONFLICT' ? texts.myWork.conflict : message));
    setProblem(messages.join(' '));
  }
  return (
    <>
      <button
        type="button"
        className="no-print"
        data-check={clause.id}
        aria-disabled={isSending}
        aria-label={texts.myWork.unchangedNamed(clause.reference)}
        onClick={() => void check()}
      >
        {texts.myWork.unchanged}
      </button>
      {problem && <p role="alert">{problem}</p>}
      <FormFailure error={error} />
    </>
  );
}

function CheckedLine({ check: { clause, checkId, isUndone }, onUndone }: { check: Checked; onUndone: () => void }) {
  const { send, isSending, error } = useSending(RetractStatusCheckDocument);
  const key = useRef(newKey());
  const [problem, setProblem] = useState<string>();
  async function undo() {
    if (isSending) return;
    const answer = await send({ statusCheckId: checkId, reason: texts.myWork.undoReason, idempotencyKey: key.current });
    if (!answer) return;
    if (answer.userErrors.length === 0) return onUndone();
    key.current = newKey();
    setProblem(answer.userErrors.map(({ message }) => message).join(' '));
  }
  return (
    <li className={styles.checked}>
      {isUndone ? texts.myWork.undone(clause.reference) : texts.myWork.checked(clause.reference)}{' '}
      {!isUndone && (
        <button type="button" className="quiet" aria-disabled={isSending} aria-label={texts.myWork.undoNamed(clause.reference)} onClick={() => void undo()}>
          {texts.myWork.undo}
        </button>
      )}
      {problem && <span role="alert">{problem}</span>}
      <FormFailure error={error} />
    </li>
  );
}
