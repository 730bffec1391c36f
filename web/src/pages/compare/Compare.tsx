import { useQuery } from '../../api/query';
import type { ClauseStatus } from '../../api/schema.gen';
import type { ComparedFragment, ComparedRowsFragment, CompareAgreementsQuery } from '../../api/types.gen';
import { RowsError } from '../../api/rowsError';
import { loadData, wholeList } from '../../api/wholeList';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { AboutScore, BreakdownCell, BreakdownLegend, Score, ScoreEnd } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { BreachedBy, StatusBadge } from '../../components/StatusBadge';
import { sumOf } from '../../components/status';
import { type Column, CsvButton, Table } from '../../components/Table';
import { pathTo } from '../../components/TrackableLink';
import { shortDay, today } from '../../format/days';
import { texts } from '../../texts';
import { changeColumns, changesOf, type Comparison, hasScore, scoreColumns, sidesOf } from './columns';
import styles from './Compare.module.css';
import {
  CompareAgreementsDocument,
  CompareAllDocument,
  CompareOneDocument,
  CompareRowsDocument,
  CompareRowsOfOneDocument,
  CompareScoresDocument,
} from './Compare.gen';
import { type Days, daysOf } from './days';
import { DaysForm } from './DaysForm';

/** The number of agreements that one request for a CSV file loads. An agreement can have many changes with many sources. */
const AGREEMENTS_AT_ONCE = 20;

const idOf = ({ id }: { id: string }) => id;

type Agreements = NonNullable<CompareAgreementsQuery['agreements']>['nodes'];
type Row = ComparedFragment['changesBetween'][number] & { agreement: ComparedFragment };

/** Compares the statuses at the end of two days. */
export default function Compare(_: PageProps) {
  const [result, refetch] = useQuery({ query: CompareAgreementsDocument });
  return (
    <Page title={texts.compare.title}>
      <p className="prose">{texts.compare.intro}</p>
      <Loaded result={result} retry={refetch}>
        {({ agreements }) =>
          agreements?.nodes.length ? <Compared agreements={agreements.nodes} /> : <Empty>{texts.overview.empty}</Empty>
        }
      </Loaded>
    </Page>
  );
}

function Compared({ agreements }: { agreements: Agreements }) {
  const { asOf } = useView();
  const [parameters] = useParameters();
  const slug = parameters.get('agreement') ?? undefined;
  const chosen = agreements.filter((agreement) => slug === undefined || agreement.slug === slug);
  const first = chosen.map((agreement) => agreement.agreedOn).sort()[0] ?? today();
  const days = daysOf(parameters, first, asOf ?? today());
  return (
    <>
      <DaysForm days={days} agreements={agreements} slug={slug} />
      {days.isInOrder && <Changes days={days} slug={slug} />}
    </>
  );
}

function Changes({ days: { from, to }, slug }: { days: Days; slug: string | undefined }) {
  const { heldBy } = useView();
  const viewpoint = useViewpointName();
  const variables = { from, to, heldBy };
  const [single, refetchSingle] = useQuery({
    query: CompareOneDocument,
    variables: { ...variables, slug: slug ?? '' },
    pause: slug === undefined,
  });
  const [all, refetchAll] = useQuery({ query: CompareAllDocument, variables, pause: slug !== undefined });
  const file = [slug ?? 'all', from, to, heldBy ?? 'neutral'];
  const comparison: Comparison = { from, to, heldBy, viewpoint };
  /** The agreements with the evidence of their changes, for a file. */
  const loadChanges = async (signal: AbortSignal): Promise<readonly ComparedRowsFragment[]> => {
    if (slug === undefined) {
      const list = { document: CompareRowsDocument, variables, pageSize: AGREEMENTS_AT_ONCE };
      return wholeList({ ...list, read: ({ agreements }) => agreements, idOf }, signal);
    }
    const { agreement } = await loadData(CompareRowsOfOneDocument, { ...variables, slug }, signal);
    if (!agreement) throw new RowsError(texts.export.failed);
    return [agreement];
  };
  /** All agreements with their scores, for a file. */
  const loadScores = async (signal: AbortSignal) => {
    const list = { document: CompareScoresDocument, variables };
    return (await wholeList({ ...list, read: ({ agreements }) => agreements, idOf }, signal)).filter(hasScore);
  };
  const show = (agreements: readonly ComparedFragment[], total: number) => {
    const rows = agreements.flatMap((agreement) => agreement.changesBetween.map((change): Row => ({ ...change, agreement })));
    const isIncomplete = agreements.length < total;
    const csvOfChanges = (
      <CsvButton
        columns={changeColumns(comparison)}
        rows={async (signal) => (await loadChanges(signal)).flatMap(changesOf)}
        file={['changes', ...file]}
      />
    );
    return (
      <>
        <h2 id="scores">{texts.compare.scores}</h2>
        {isIncomplete && <p>{texts.compare.incomplete(agreements.length, total)}</p>}
        {sidesOf(from, to).map(([side, day]) => (
          <BreakdownLegend
            key={side}
            breakdown={sumOf(agreements.map((agreement) => agreement[side].breakdown))}
            of={slug === undefined ? texts.compare.together(shortDay(day)) : texts.compare.breakdown(shortDay(day))}
          />
        ))}
        <Table
          caption={texts.compare.scores}
          columns={scoreCells(from, to)}
          rows={agreements.filter(hasScore)}
          rowKey={(agreement) => agreement.id}
          csvButton={
            <CsvButton
              columns={scoreColumns(comparison)}
              rows={slug === undefined ? loadScores : agreements.filter(hasScore)}
              file={['scores', ...file]}
            />
          }
        />
        <AboutScore />
        <h2 id="changes">
          {texts.compare.changes} <span className="muted">{rows.length}</span>
        </h2>
        <p>{texts.compare.summary(rows.length, shortDay(from), shortDay(to))}</p>
        {rows.length > 0 ? (
          <Table
            caption={texts.compare.changes}
            columns={changeCells(from, to)}
            rows={rows}
            rowKey={(agreement) => agreement.clause.id}
            csvButton={csvOfChanges}
            limit={10}
          />
        ) : (
          isIncomplete && csvOfChanges
        )}
        <Citation subject={texts.compare.title} viewpoint={viewpoint} period={{ from, to }} />
      </>
    );
  };
  if (slug === undefined) {
    return (
      <Loaded result={all} retry={refetchAll}>
        {({ agreements }) => show(agreements?.nodes ?? [], agreements?.totalCount ?? 0)}
      </Loaded>
    );
  }
  return (
    <Loaded result={single} retry={refetchSingle}>
      {({ agreement }) => (agreement ? show([agreement], 1) : <Empty>{texts.compare.noAgreement(slug)}</Empty>)}
    </Loaded>
  );
}

function scoreCells(from: string, to: string): Column<ComparedFragment>[] {
  return [
    {
      title: texts.overview.agreement,
      isRowHeader: true,
      cell: (agreement) => <Link to={`/agreements/${agreement.slug}`}>{agreement.shortTitle}</Link>,
    },
    ...sidesOf(from, to).flatMap(([side, day]): Column<ComparedFragment>[] => [
      {
        title: shortDay(day),
        cell: (agreement) => (
          <>
            <Score {...agreement[side]} />
            <ScoreEnd {...agreement[side]} />
          </>
        ),
      },
      {
        title: texts.compare.breakdown(shortDay(day)),
        cell: (agreement) => <BreakdownCell breakdown={agreement[side].breakdown} />,
      },
    ]),
    {
      title: texts.compare.changed,
      isNumber: true,
      cell: (agreement) => agreement.changesBetween.length,
    },
  ];
}

type Breakers = readonly { shortName: string }[];

const breakersBefore = ({ clause }: Row): Breakers => clause.assessmentBefore?.breachedBy ?? [];
/** The last assessment up to the second day is in force on that day. */
const breakersAfter = ({ assessments }: Row): Breakers => assessments.at(-1)?.breachedBy ?? [];

function StatusWithBreakers({ status, breachedBy }: { status: ClauseStatus; breachedBy: Breakers }) {
  return (
    <>
      <StatusBadge status={status} /> <BreachedBy parties={breachedBy} />
    </>
  );
}

function changeCells(from: string, to: string): Column<Row>[] {
  return [
    {
      title: texts.agreement.clause,
      isRowHeader: true,
      cell: ({ clause }) => (
        <Link to={pathTo(clause)}>
          {clause.reference} {clause.heading}
        </Link>
      ),
    },
    {
      title: texts.compare.at(shortDay(from)),
      cell: (change) => <StatusWithBreakers status={change.statusBefore} breachedBy={breakersBefore(change)} />,
    },
    {
      title: texts.compare.at(shortDay(to)),
      cell: (change) => <StatusWithBreakers status={change.statusAfter} breachedBy={breakersAfter(change)} />,
    },
    {
      title: texts.compare.between,
      isWide: true,
      isLead: true,
      cell: ({ assessments }) => (
        <details className="printed-open">
          <summary>{texts.compare.assessments(assessments.length)}</summary>
          <ol className={styles.steps}>
            {assessments.map((assessment) => (
              <li key={assessment.id}>
                <DayText day={assessment.effectiveDate} /> <StatusWithBreakers {...assessment} />{' '}
                <span className="muted">{assessment.note}</span>
              </li>
            ))}
          </ol>
        </details>
      ),
    },
  ];
}
