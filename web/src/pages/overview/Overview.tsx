import { useLastDefined, useQuery } from '../../api/query';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { AboutScore, BreakdownCell, BreakdownLegend, Score } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { BreachedBy, StatusBadge } from '../../components/StatusBadge';
import { countOf, STATUS_ORDER, sumOf } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { TimelineList } from '../../components/TimelineList';
import { today } from '../../format/days';
import type { OverviewQuery } from '../../api/types.gen';
import { texts } from '../../texts';
import { ChangeList, ClauseList, Deadlocks } from './Lists';
import styles from './Overview.module.css';
import { OverviewDocument } from './Overview.gen';

type Group = NonNullable<OverviewQuery['implementation']>[number];
type Row = Group['implementation'] & { agreement: Extract<Group['subject'], { __typename: 'Agreement' }> };

/** All agreements with their scores, recent entries, and overdue, contested and deadlocked clauses. */
export default function Overview(_: PageProps) {
  const view = useView();
  // The latest day is today, so entries of later days are excluded. The change log is shown for the latest day only,
  // because it is not limited to a day.
  const variables = { asOf: view.asOf ?? today(), heldBy: view.heldBy, isLatest: view.asOf === undefined };
  const [result, refetch] = useQuery({ query: OverviewDocument, variables });
  const viewpoint = useViewpointName();
  return (
    <Page title={texts.overview.title} viewFrom={useLastDefined(firstDay(result.data))} marksOf={{}}>
      <Loaded result={result} retry={refetch}>
        {(data) => {
          const rows = agreementRows(data);
          return (
            <>
              <h2>{texts.overview.agreements}</h2>
              <Editors>
                <Link to="/new/agreement">{texts.edit.newAgreement}</Link>
              </Editors>
              {rows.length === 0 ? (
                <Empty>{texts.overview.empty}</Empty>
              ) : (
                <>
                  <BreakdownLegend breakdown={sumOf(rows.map((row) => row.breakdown))} of={texts.score.together} />
                  <Table
                    caption={texts.overview.agreements}
                    columns={COLUMNS}
                    rows={rows}
                    rowKey={(row) => row.agreement.id}
                    file={['agreements', variables.asOf, view.heldBy ?? 'neutral']}
                  />
                  <AboutScore />
                </>
              )}
              <div className={styles.columns}>
                <div>
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
                <div>
                  <ClauseList
                    title={texts.overview.overdue}
                    empty={texts.overview.overdueEmpty}
                    clauses={data.overdue}
                    side={(clause) => <StatusBadge status={clause.status} />}
                  />
                  <ClauseList
                    title={texts.overview.contested}
                    empty={texts.overview.contestedEmpty}
                    clauses={data.contested}
                    side={(clause) => (
                      <span className={styles.views}>
                        {clause.viewpoints.map(({ id, heldBy, status, breachedBy }) => (
                          <span key={id}>
                            {heldBy?.shortName ?? texts.view.neutral} <StatusBadge status={status} />{' '}
                            <BreachedBy parties={breachedBy} />
                          </span>
                        ))}
                      </span>
                    )}
                  />
                  <Deadlocks agreements={rows.map((row) => row.agreement.slug)} asOf={variables.asOf} />
                </div>
              </div>
              <Citation subject={texts.overview.title} viewpoint={viewpoint} />
            </>
          );
        }}
      </Loaded>
    </Page>
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
    csv: ({ agreement }) => agreement.title,
  },
  {
    title: texts.overview.agreed,
    cell: ({ agreement }) => <DayText day={agreement.agreedOn} />,
    csv: ({ agreement }) => agreement.agreedOn,
  },
  {
    title: texts.overview.kind,
    cell: ({ agreement }) => texts.agreementKind[agreement.kind],
    csv: ({ agreement }) => texts.agreementKind[agreement.kind],
  },
  {
    title: texts.overview.score,
    cell: (row) => (
      <span className={styles.score}>
        <Score {...row} />
      </span>
    ),
    csv: (row) => row.score,
  },
  {
    title: texts.overview.breakdown,
    isWide: true,
    cell: ({ breakdown }) => <BreakdownCell breakdown={breakdown} />,
  },
  ...STATUS_ORDER.map(
    (status): Column<Row> => ({
      title: texts.clauseStatus[status].label,
      csv: ({ breakdown }) => countOf(breakdown, status),
    }),
  ),
];

function agreementRows(data: OverviewQuery): Row[] {
  return (data.implementation ?? []).flatMap(({ subject, implementation }) =>
    subject.__typename === 'Agreement' ? [{ ...implementation, agreement: subject }] : [],
  );
}

function firstDay(data: OverviewQuery | undefined): string | undefined {
  return data && agreementRows(data).map((row) => row.agreement.agreedOn).sort()[0];
}
