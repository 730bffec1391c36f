import { useState } from 'react';
import { useLastDefined, useQuery } from '../../api/query';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { AboutScore, BreakdownCell, Score } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { StatusBadge } from '../../components/StatusBadge';
import { sumOf, totalOf } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { TimelineList } from '../../components/TimelineList';
import { shortDay, today } from '../../format/days';
import { joinNames } from '../../format/names';
import type { OverviewQuery } from '../../api/types.gen';
import { texts } from '../../texts';
import { StartOptions } from './StartOptions';
import { ChangeList, ClauseList, CLAUSES, Deadlocks, Positions } from './Lists';
import { OverTime } from './OverTime';
import styles from './Overview.module.css';
import { OverviewDocument } from './Overview.gen';

type Group = NonNullable<OverviewQuery['implementation']>[number];
export type Row = Group['implementation'] & { agreement: Extract<Group['subject'], { __typename: 'Agreement' }> };

/** The statuses of all clauses, the overdue, contested and deadlocked clauses, and the latest changes. */
export default function Overview(_: PageProps) {
  const view = useView();
  const [overdue, setOverdue] = useState(CLAUSES.initial);
  const [contested, setContested] = useState(CLAUSES.initial);
  // If no day is selected, the page shows today, so that entries of later days are excluded. Only then does it show the change
  // log, which is not limited to a day.
  const asOf = view.asOf ?? today();
  const variables = { asOf, heldBy: view.heldBy, isLatest: view.asOf === undefined, overdue, contested };
  const [result, refetch] = useQuery({ query: OverviewDocument, variables });
  const viewpoint = useViewpointName();
  return (
    <Page
      title={texts.overview.title}
      heading={texts.overview.heading}
      verdict={<Summary data={result.data} asOf={asOf} />}
      viewFrom={useLastDefined(firstDay(result.data))}
      marksOf={{}}
      isDayFirst
    >
      <Loaded result={result} retry={refetch}>
        {(data) => {
          const rows = agreementRows(data);
          const current = currentRows(rows, asOf);
          return (
            <>
              {rows.length === 0 && <StartOptions />}
              {current.length > 0 && (
                <OverTime rows={current} asOf={asOf} viewpoint={viewpoint} />
              )}
              <div className={styles.columns}>
                <div>
                  <ClauseList
                    id="overdue"
                    title={texts.overview.overdue}
                    meaning={texts.overview.overdueMeaning}
                    empty={texts.overview.overdueEmpty}
                    clauses={data.overdue}
                    side={(clause) => <StatusBadge status={clause.status} />}
                    onAll={() => setOverdue(CLAUSES.max)}
                  />
                  <Deadlocks agreements={rows.map((row) => row.agreement.slug)} asOf={asOf} />
                </div>
                <ClauseList
                  id="contested"
                  title={texts.overview.contested}
                  meaning={texts.overview.contestedMeaning}
                  empty={texts.overview.contestedEmpty}
                  clauses={data.contested}
                  side={({ viewpoints }) => <Positions viewpoints={viewpoints} />}
                  onAll={() => setContested(CLAUSES.max)}
                  link={<Link to="/views?contested=1">{texts.views.link}</Link>}
                />
              </div>
              <h2>{texts.overview.agreements}</h2>
              <Editors>
                <Link to="/new/agreement/guided">{texts.outline.title}</Link>
                <Link to="/new/agreement">{texts.edit.newAgreement}</Link>
              </Editors>
              {rows.length > 0 && (
                <>
                  <Table
                    caption={texts.overview.agreements}
                    columns={COLUMNS}
                    rows={rows}
                    rowKey={(row) => row.agreement.id}
                    download={{ list: 'agreements', parameters: { asOf, heldBy: view.heldBy } }}
                  />
                  <AboutScore />
                </>
              )}
              <div className={styles.latest}>
                <section aria-labelledby="lately">
                  <h2 id="lately">{texts.overview.recentEntries}</h2>
                  {data.timeline?.nodes.length ? (
                    <TimelineList entries={data.timeline.nodes.toReversed()} />
                  ) : (
                    <Empty>{texts.overview.recentEntriesEmpty}</Empty>
                  )}
                </section>
                {data.changes && <ChangeList changes={data.changes} />}
              </div>
              <Citation subject={texts.overview.title} viewpoint={viewpoint} />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

/** The maximum number of statuses that the summary names. */
const NAMED_STATUSES = 3;

/** The purpose of the site, and the current state in one sentence. */
function Summary({ data, asOf }: { data: OverviewQuery | undefined; asOf: string }) {
  return (
    <p className={data ? styles.what : `${styles.what} ${styles.loading}`}>
      {texts.overview.what} {data && <State rows={currentRows(agreementRows(data), asOf)} data={data} asOf={asOf} />}
    </p>
  );
}

function State({ rows, data, asOf }: { rows: readonly Row[]; data: OverviewQuery; asOf: string }) {
  const counts = sumOf(rows.map((row) => row.breakdown));
  const total = totalOf(counts);
  if (total === 0) return null;
  const largest = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count).slice(0, NAMED_STATUSES);
  const statuses = largest.map(({ status, count }, index) =>
    texts.overview.count(count, texts.clauseStatus[status].label.toLowerCase(), index === 0),
  );
  return (
    <>
      {texts.overview.summary.day(shortDay(asOf))}
      <strong>{texts.overview.summary.clauses(total)}</strong>
      {texts.overview.summary.agreements(rows.length)}
      <strong>{joinNames(statuses)}</strong>.{' '}
      {data.contested && data.overdue && (
        <>
          {texts.overview.disputed.start}
          <a href="#contested">{texts.overview.disputed.contested(data.contested.totalCount)}</a>
          {texts.overview.disputed.and}
          <a href="#overdue">{texts.overview.disputed.overdue(data.overdue.totalCount)}</a>.
        </>
      )}
    </>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  {
    title: texts.overview.agreement,
    isRowHeader: true,
    cell: ({ agreement }) => (
      <Link to={`/agreements/${agreement.slug}`} title={agreement.title}>
        {agreement.shortTitle}
      </Link>
    ),
  },
  {
    title: texts.overview.agreed,
    cell: ({ agreement }) => <DayText day={agreement.agreedOn} />,
  },
  {
    title: texts.overview.endedOn,
    cell: ({ endedOn }) => endedOn && <DayText day={endedOn} />,
  },
  {
    title: texts.overview.score,
    cell: (row) => (
      <span className={styles.score}>
        <Score {...row} />
      </span>
    ),
  },
  {
    title: texts.overview.breakdown,
    isWide: true,
    cell: ({ breakdown }) => <BreakdownCell breakdown={breakdown} />,
  },
];

function agreementRows(data: OverviewQuery): Row[] {
  return (data.implementation ?? []).flatMap(({ subject, implementation }) =>
    subject.__typename === 'Agreement' ? [{ ...implementation, agreement: subject }] : [],
  );
}

const currentRows = (rows: readonly Row[], asOf: string) => rows.filter(({ agreement }) => agreement.agreedOn <= asOf);

function firstDay(data: OverviewQuery | undefined): string | undefined {
  return data && agreementRows(data).map((row) => row.agreement.agreedOn).sort()[0];
}
