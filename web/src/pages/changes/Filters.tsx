import { useQuery } from '../../api/query';
import { describeSubject } from '../../app/subject';
import { useParameters } from '../../app/view';
import { DayInput } from '../../components/DayInput';
import { useTyped } from '../../components/debounce';
import { Filters as Frame } from '../../components/Filters';
import { Select } from '../../components/Form';
import { shortDay } from '../../format/days';
import { texts } from '../../texts';
import { ChangeChoicesDocument } from './Changes.gen';
import styles from './Changes.module.css';
import { ACTIONS, FILTER_NAMES, KINDS } from './filters';

const DEBOUNCE_MS = 300;

/** The filters of the change log. They are parameters of the address, so that links include them. */
export function Filters() {
  const [parameters, setParameters] = useParameters();
  const value = (name: string) => parameters.get(name) ?? '';
  // A change of the filters opens the latest page of the log.
  const set = (changes: Record<string, string>, options?: { replace: boolean }) =>
    setParameters({ ...changes, before: undefined, after: undefined }, options);
  const about = parameters.getAll('about');
  const [{ data }] = useQuery({ query: ChangeChoicesDocument, variables: { about } });
  const named = (data?.nodes ?? []).flatMap((record) => (record ? [describeSubject(record).name] : []));
  const [from, to] = [value('from'), value('to')];
  const isWrong = from !== '' && to !== '' && from > to;
  return (
    <>
      <Frame names={FILTER_NAMES}>
        <Actor name={value('actor')} onChange={(actor) => set({ actor }, { replace: true })} />
        <label>
          <span className="visually-hidden">{texts.changes.filterAction}</span>
          <Select
            id="filter-action"
            value={value('action')}
            none={texts.changes.anyAction}
            choices={ACTIONS.map((value) => ({ value, label: texts.changes.actions[value] }))}
            onChange={(action) => set({ action })}
          />
        </label>
        <label>
          <span className="visually-hidden">{texts.changes.filterKind}</span>
          <Select
            id="filter-kind"
            value={value('kind')}
            none={texts.changes.anyKind}
            choices={KINDS.map((value) => ({ value, label: texts.changes.kinds[value] }))}
            onChange={(kind) => set({ kind })}
          />
        </label>
        <label>
          <span className="visually-hidden">{texts.changes.filterAgreement}</span>
          <Select
            id="filter-agreement"
            value={value('agreement')}
            none={texts.changes.anyAgreement}
            choices={(data?.agreements?.nodes ?? []).map(({ slug, shortTitle }) => ({ value: slug, label: shortTitle }))}
            onChange={(agreement) => set({ agreement })}
          />
        </label>
        <label className={styles.date}>
          <span>
            {texts.changes.from}
            <span className="visually-hidden"> {texts.changes.utc}</span>
          </span>{' '}
          <DayInput isOptional value={from} onDay={(from) => set({ from })} />
        </label>
        <label className={styles.date}>
          <span>
            {texts.changes.to}
            <span className="visually-hidden"> {texts.changes.utc}</span>
          </span>{' '}
          <DayInput isOptional value={to} onDay={(to) => set({ to })} />
        </label>
      </Frame>
      {about.length > 0 && <p>{texts.changes.onlyAbout(named)}</p>}
      {isWrong && <p role="alert">{texts.compare.wrongOrder(shortDay(from), shortDay(to))}</p>}
    </>
  );
}

function Actor({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const [typed, setTyped] = useTyped(name, DEBOUNCE_MS, onChange);
  return (
    <label>
      <span className="visually-hidden">{texts.changes.filterActor}</span>
      <input type="search" placeholder={texts.changes.filterActor} value={typed} onChange={(event) => setTyped(event.target.value)} />
    </label>
  );
}
