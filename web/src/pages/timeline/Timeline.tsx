import { useQuery } from '../../api/query';
import type { TimelineKind } from '../../api/schema.gen';
import { Editors } from '../../app/Editors';
import { useHolders } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayInput } from '../../components/DayInput';
import { Downloads } from '../../components/Downloads';
import { TextFilter } from '../../components/Filters';
import { Field, Select } from '../../components/Form';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { TimelineCsv } from '../../components/TimelineCsv';
import { TimelineList } from '../../components/TimelineList';
import { isDay, shortDay, today } from '../../format/days';
import { dateText } from '../../format/edtf';
import { LOCALE } from '../../format/locale';
import { texts } from '../../texts';
import styles from './Timeline.module.css';
import { byMonth } from './months';
import { TimelineAgreementsDocument, TimelineDocument } from './Timeline.gen';

const PER_PAGE = 100;
const KINDS = Object.keys(texts.timeline.kindNames) as TimelineKind[];

/** The timeline of all agreements and proposals, latest first, page by page. */
export default function Timeline(_: PageProps) {
  const { asOf } = useView();
  const [parameters, set] = useParameters();
  const from = validDay(parameters.get('from'));
  const to = validDay(parameters.get('to')) ?? asOf ?? today();
  const [before, after] = [parameters.get('before') ?? undefined, parameters.get('after') ?? undefined];
  const kinds = KINDS.filter((kind) => parameters.getAll('kind').includes(kind));
  const page = after ? { first: PER_PAGE, after } : { last: PER_PAGE, before };
  // Focuses the heading, so that the user starts at the top of the new page.
  const goToPage = (page: { before?: string | null; after?: string | null }) => {
    set({ before: page.before ?? undefined, after: page.after ?? undefined });
    document.querySelector('h1')?.focus();
  };
  const agreement = parameters.get('agreement') ?? undefined;
  const party = parameters.get('party') ?? undefined;
  const text = parameters.get('text') ?? undefined;
  const filter = {
    kinds: kinds.length ? kinds : undefined,
    agreement: agreement ? [agreement] : undefined,
    party: party ? [party] : undefined,
    text,
  };
  const isInOrder = from === undefined || from <= to;
  const variables = { from, to, ...filter, ...page };
  const [result, refetch] = useQuery({ query: TimelineDocument, variables, pause: !isInOrder });
  return (
    <Page title={texts.timeline.title}>
      <p className="prose">{texts.timeline.intro}</p>
      <Editors>
        <Link to="/new/event">{texts.edit.newEvent}</Link>
      </Editors>
      <Form from={from} to={to} kinds={kinds} />
      {isInOrder && (
        <Loaded result={result} retry={refetch}>
          {({ timeline }) => {
            if (!timeline?.nodes.length) return <Empty>{texts.timeline.empty}</Empty>;
            const { nodes, totalCount, pageInfo } = timeline;
            const entries = nodes.toReversed();
            return (
              <>
                {byMonth(entries).map(([month, entries]) => (
                  <section key={month} aria-labelledby={`month-${month}`}>
                    <h2 id={`month-${month}`} className={styles.month}>
                      {dateText(month)}
                    </h2>
                    <TimelineList entries={entries} />
                  </section>
                ))}
                <nav className="actions no-print" aria-label={texts.timeline.pages}>
                  {pageInfo.hasNextPage && (
                    <>
                      <button type="button" onClick={() => goToPage({})}>
                        {texts.timeline.latest}
                      </button>
                      <button type="button" onClick={() => goToPage({ after: pageInfo.endCursor })}>
                        {texts.timeline.later}
                      </button>
                    </>
                  )}
                  {pageInfo.hasPreviousPage && (
                    <button type="button" onClick={() => goToPage({ before: pageInfo.startCursor })}>
                      {texts.timeline.earlier}
                    </button>
                  )}
                  <span className="muted" role="status">
                    {texts.states.showing(entries.length, totalCount)}
                  </span>
                  <Exports {...filter} kinds={kinds.length ? kinds : KINDS} from={from} to={to} />
                  <TimelineCsv filter={{ from, to, ...filter }} file={['timeline', ...fileParts(filter), from ?? '', to]} />
                </nav>
              </>
            );
          }}
        </Loaded>
      )}
      <Citation subject={texts.timeline.title} viewpoint={texts.timeline.allViews} period={{ from, to }} />
    </Page>
  );
}

interface ExportsProps {
  kinds: readonly TimelineKind[];
  agreement?: readonly string[];
  party?: readonly string[];
  text?: string;
  from: string | undefined;
  to: string;
}

/** Links to the exports of the period, one for each selected kind except proposals. Empty if the exports do not support a selected filter. */
function Exports({ kinds, agreement, party, text, from, to }: ExportsProps) {
  if (party || text) return null;
  const names = texts.timeline.kindNames;
  return (
    <>
      {kinds.includes('EVENT') && <Downloads list="events" name={names.EVENT} parameters={{ agreement, from, to }} />}
      {kinds.includes('ASSESSMENT') && (
        <Downloads list="assessments" name={names.ASSESSMENT} parameters={{ agreement, effectiveFrom: from, asOf: to }} />
      )}
      {kinds.includes('DEADLINE') && (
        <Downloads list="deadlines" name={names.DEADLINE} parameters={{ agreement, dueFrom: from, dueTo: to }} />
      )}
    </>
  );
}

interface Filter {
  kinds: readonly TimelineKind[] | undefined;
  agreement: readonly string[] | undefined;
  party: readonly string[] | undefined;
  text: string | undefined;
}

/** The filters in the name of a file. */
const fileParts = ({ kinds = [], agreement = [], party = [], text }: Filter) => [...agreement, ...party, ...kinds, ...(text ? [text] : [])];

const validDay = (text: string | null) => (text && isDay(text) ? text : undefined);

interface FormProps {
  from: string | undefined;
  to: string;
  kinds: readonly TimelineKind[];
}

function Form({ from, to, kinds }: FormProps) {
  const [parameters, set] = useParameters();
  const [{ data }] = useQuery({ query: TimelineAgreementsDocument });
  const [{ data: holders }] = useHolders();
  const parties = (holders?.parties?.nodes ?? [])
    .map(({ slug, shortName }) => ({ value: slug, label: shortName }))
    .sort((first, second) => first.label.localeCompare(second.label, LOCALE));
  // A change of the filters opens the latest page.
  const choose = (changes: Parameters<typeof set>[0], options?: { replace?: boolean }) => set({ ...changes, before: undefined, after: undefined }, options);
  const isWrong = from !== undefined && from > to;
  return (
    <search className={`${styles.form} no-print`} aria-label={texts.timeline.form}>
      <Field
        id="from"
        label={texts.timeline.from}
        hint={from ? shortDay(from) : texts.timeline.beginning}
        error={isWrong ? texts.compare.wrongOrder(shortDay(from), shortDay(to)) : undefined}
      >
        {(control) => (
          <DayInput {...control} isOptional value={from ?? ''} onDay={(from) => choose({ from })} />
        )}
      </Field>
      <Field id="to" label={texts.timeline.to} hint={shortDay(to)}>
        {(control) => <DayInput {...control} value={to} onDay={(to) => choose({ to })} />}
      </Field>
      <label>
        {texts.agreement.filterParty}{' '}
        <Select
          id="filter-party"
          value={parameters.get('party') ?? ''}
          none={texts.agreement.any}
          choices={parties}
          onChange={(party) => choose({ party })}
        />
      </label>
      <label>
        {texts.timeline.agreement}{' '}
        <Select
          id="filter-agreement"
          value={parameters.get('agreement') ?? ''}
          none={texts.agreement.any}
          choices={(data?.agreements?.nodes ?? []).map(({ slug, shortTitle }) => ({ value: slug, label: shortTitle }))}
          onChange={(agreement) => choose({ agreement })}
        />
      </label>
      <TextFilter text={parameters.get('text') ?? ''} onChange={(text) => choose({ text }, { replace: true })} />
      <fieldset>
        <legend>{texts.timeline.kinds}</legend>
        {KINDS.map((kind) => (
          <label key={kind}>
            <input
              type="checkbox"
              checked={kinds.includes(kind)}
              onChange={(event) =>
                choose({ kind: event.target.checked ? [...kinds, kind] : kinds.filter((other) => other !== kind) })
              }
            />{' '}
            {texts.timeline.kindNames[kind]}
          </label>
        ))}
      </fieldset>
    </search>
  );
}
