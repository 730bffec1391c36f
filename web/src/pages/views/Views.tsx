import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useLastDefined, useQuery } from '../../api/query';
import type { ClauseFilter, ViewsClauseFragment } from '../../api/types.gen';
import { usePresentSlug } from '../../app/address';
import { useFirstDay } from '../../app/firstDay';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { Filters, TextFilter } from '../../components/Filters';
import { identityColumns } from '../../components/identityColumns';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { Pill, StatusGlyph } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { today } from '../../format/days';
import { joinNames } from '../../format/names';
import { texts } from '../../texts';
import { WatchList } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { differsFromNeutral, holdersIn, type Viewpoint, viewOf } from './matrix';
import { ViewsAgreementDocument, ViewsDocument } from './Views.gen';
import styles from './Views.module.css';

const PER_PAGE = 100;
const FILTER_NAMES = ['text', 'contested'];

/** The views of all parties beside the neutral record, for the clauses of one agreement or of all. */
export default function Views({ parameters: { slug } }: PageProps) {
  const asOf = useView().asOf ?? today();
  const [{ data, error, fetching }] = useQuery({ query: ViewsAgreementDocument, variables: { slug: slug ?? '' }, pause: slug === undefined });
  usePresentSlug(slug ?? '', data?.agreement?.slug);
  const firstDay = useFirstDay();
  const agreement = useLastDefined(data?.agreement);
  if (slug !== undefined && data?.agreement === null && !fetching) return <NotFound />;
  const title = slug === undefined ? texts.views.title : agreement && texts.views.titleOf(agreement.shortTitle);
  return (
    <Page
      title={title ?? (error && texts.views.title)}
      heading={title && texts.views.title}
      lead={agreement && <Link to={`/agreements/${agreement.slug}`}>{agreement.shortTitle}</Link>}
      viewFrom={slug === undefined ? firstDay : agreement?.agreedOn}
      marksOf={slug === undefined ? {} : { agreement: slug }}
      isDayOnly
      actions={title && <Tools agreement={agreement?.slug} title={title} />}
    >
      <Matrix agreement={agreement?.slug ?? slug} asOf={asOf} />
      {title && <Citation subject={title} viewpoint={texts.timeline.allViews} />}
    </Page>
  );
}

/** The filters of the clauses, in the address. */
function useFilter(slug: string | undefined) {
  const [parameters, set] = useParameters();
  const text = parameters.get('text');
  const isContestedOnly = parameters.has('contested');
  const filter: ClauseFilter = { agreement: slug === undefined ? undefined : [slug] };
  if (text) filter.text = text;
  if (isContestedOnly) filter.contested = true;
  return { parameters, set, text, isContestedOnly, filter };
}

/** The filters, and the button that watches the clauses that match them. */
function Tools({ agreement: slug, title }: { agreement: string | undefined; title: string }) {
  const { set, text, isContestedOnly, filter } = useFilter(slug);
  // A change of the filters opens the first page.
  const choose = (changes: Parameters<typeof set>[0], options?: { replace?: boolean }) => set({ ...changes, before: undefined, after: undefined }, options);
  return (
    <div className={styles.tools}>
      <Filters names={FILTER_NAMES}>
        <TextFilter text={text ?? ''} onChange={(text) => choose({ text }, { replace: true })} />
        <label>
          <input
            type="checkbox"
            checked={isContestedOnly}
            onChange={(event) => choose({ contested: event.target.checked ? '1' : undefined })}
          />{' '}
          {texts.views.onlyContested}
        </label>
      </Filters>
      <WatchList
        path={slug === undefined ? '/views' : `/agreements/${slug}/views`}
        names={FILTER_NAMES}
        title={title}
        values={[text ?? '', isContestedOnly ? texts.agreement.onlyContested : ''].filter(Boolean)}
        filter={{ clauses: filter }}
        hint={texts.agreement.watchesMatches}
      />
    </div>
  );
}

function Matrix({ agreement: slug, asOf }: { agreement: string | undefined; asOf: string }) {
  const { parameters, set, filter: clauseFilter } = useFilter(slug);
  const agreement = slug === undefined ? undefined : [slug];
  const [before, after] = [parameters.get('before') ?? undefined, parameters.get('after') ?? undefined];
  const page = before ? { last: PER_PAGE, before } : { first: PER_PAGE, after };
  const filter = { ...clauseFilter, asOf };
  const [result, refetch] = useQuery({ query: ViewsDocument, variables: { agreement, filter, asOf, ...page } });
  const goToPage = (page: { before?: string | null; after?: string | null }) => {
    set({ before: page.before ?? undefined, after: page.after ?? undefined });
    document.querySelector('h1')?.focus();
  };
  return (
    <Loaded result={result} retry={refetch}>
      {({ clauses, all, contested }) => (
        <>
          {clauses?.nodes.length ? (
            <>
              <p className={`hint ${styles.legend}`}>
                <span>
                  <span className={styles.contested} aria-hidden="true">≠</span>{' '}
                  {texts.views.summary(contested?.totalCount ?? 0, all?.totalCount ?? 0)}
                </span>
                <span>
                  <span className={styles.edge} aria-hidden="true" /> {texts.views.keyDiffers}
                </span>
                <span>{texts.views.keyEmpty}</span>
              </p>
              <Frame>
                <Table
                  caption={texts.views.title}
                  columns={columnsOf(clauses.nodes, slug !== undefined, clauses.nodes.length === all?.totalCount)}
                  rows={clauses.nodes}
                  rowKey={({ id }) => id}
                  file={[...(agreement ?? []), 'views', asOf]}
                  total={clauses.totalCount}
                />
              </Frame>
              <nav className="actions no-print" aria-label={texts.views.pages}>
                {clauses.pageInfo.hasPreviousPage && (
                  <button type="button" onClick={() => goToPage({ before: clauses.pageInfo.startCursor })}>
                    {texts.views.previous}
                  </button>
                )}
                {clauses.pageInfo.hasNextPage && (
                  <button type="button" onClick={() => goToPage({ after: clauses.pageInfo.endCursor })}>
                    {texts.views.next}
                  </button>
                )}
              </nav>
            </>
          ) : (
            <Empty>{FILTER_NAMES.some((name) => parameters.has(name)) ? texts.views.noMatch : texts.views.empty}</Empty>
          )}
        </>
      )}
    </Loaded>
  );
}

/** The table scrolls with the page if it fits the width of the page. Otherwise it scrolls in a frame, which shows its header at all times. */
function Frame({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(false);
  useLayoutEffect(() => {
    const [frame, table] = [box.current, box.current?.querySelector('table')];
    if (!frame || !table) return;
    const observer = new ResizeObserver(() => setFits(table.offsetWidth <= frame.clientWidth));
    observer.observe(frame);
    observer.observe(table);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={box}
      className={fits ? styles.matrix : `${styles.matrix} ${styles.scrolling}`}
      role="region"
      aria-label={texts.views.title}
      tabIndex={fits ? undefined : 0}
    >
      {children}
    </div>
  );
}

/**
 * One column for the neutral record, and one for each party with a view of these clauses. If `clauses` is the complete list
 * (`areAll`), the headers show how many views differ.
 */
function columnsOf(clauses: readonly ViewsClauseFragment[], isOneAgreement: boolean, areAll: boolean): Column<ViewsClauseFragment>[] {
  const columnOf = (title: string, holder: Parameters<typeof viewOf>[1]): Column<ViewsClauseFragment> => ({
    title,
    header: areAll && holder ? <HolderHeader name={title} clauses={clauses} holder={holder} /> : undefined,
    cell: (clause) => {
      const view = viewOf(clause, holder);
      return view && <View view={view} differs={differsFromNeutral(clause, view)} />;
    },
    csv: (clause) => {
      const view = viewOf(clause, holder);
      return view && texts.clauseStatus[view.status].label;
    },
  });
  const numbers = new Set(clauses.map(({ number }) => number));
  const isPart = (number: string) => isOneAgreement && numbers.has(number.replace(/\.[^.]*$/, '')) && number.includes('.');
  return [
    {
      title: texts.views.clause,
      isRowHeader: true,
      isWide: true,
      cell: (clause) => (
        <span className={isPart(clause.number) ? `${styles.clause} ${styles.part}` : styles.clause}>
          {isOneAgreement ? (
            <>
              <span className="muted">{clause.number} </span>
              <Link to={pathTo(clause)}>{clause.heading}</Link>
            </>
          ) : (
            <TrackableLink item={clause} />
          )}{' '}
          {clause.isContested && (
            <span className={styles.contested} title={texts.views.contested}>
              <span aria-hidden="true">≠</span>
              <span className="visually-hidden">{texts.views.contested}</span>
            </span>
          )}
        </span>
      ),
      csv: (clause) => `${clause.reference} ${clause.heading}`,
    },
    { title: texts.views.contested, csv: ({ isContested }) => (isContested ? texts.changes.yes : texts.changes.no) },
    columnOf(texts.view.neutral, undefined),
    ...holdersIn(clauses).map((holder) => columnOf(holder.shortName, holder)),
    ...identityColumns<ViewsClauseFragment>((clause) => [{ id: clause.id, to: pathTo(clause) }]),
  ];
}

/** The name of a party, and how many of its views differ from the neutral record. */
function HolderHeader({ name, clauses, holder }: { name: string; clauses: readonly ViewsClauseFragment[]; holder: Parameters<typeof viewOf>[1] }) {
  const views = clauses.flatMap((clause) => {
    const view = viewOf(clause, holder);
    return view ? [differsFromNeutral(clause, view)] : [];
  });
  return (
    <>
      {name} <span className={styles.differing} aria-hidden="true">{texts.views.differing(views.filter(Boolean).length, views.length)}</span>
    </>
  );
}

function View({ view, differs }: { view: Viewpoint; differs: boolean }) {
  const { label, meaning } = texts.clauseStatus[view.status];
  // The cell shows two lines of the names. The title contains all of them.
  const by = view.breachedBy.length > 0 && texts.breach.by(joinNames(view.breachedBy.map(({ shortName }) => shortName)));
  return (
    <span className={differs ? `${styles.view} ${styles.differs}` : styles.view}>
      <Pill colour={view.status} title={view.note || meaning}>
        <StatusGlyph status={view.status} />
        {label}
      </Pill>
      {differs && <span className="visually-hidden">{texts.views.differs}</span>}
      {by && (
        <span className="muted" title={by}>
          {by}
        </span>
      )}
    </span>
  );
}
