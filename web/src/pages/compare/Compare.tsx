import { useQuery } from '../../api/query';
import type { ClauseStatus } from '../../api/schema.gen';
import type { ComparedFragment, CompareAgreementsQuery } from '../../api/types.gen';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { AboutScore, BreakdownCell, BreakdownLegend, Score } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { identityColumns } from '../../components/identityColumns';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { BreachedBy, StatusBadge } from '../../components/StatusBadge';
import { countOf, STATUS_ORDER, sumOf } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { pathTo } from '../../components/TrackableLink';
import { shortDay, today } from '../../format/days';
import { partyNames } from '../../format/names';
import { texts } from '../../texts';
import styles from './Compare.module.css';
import { CompareAgreementsDocument, CompareAllDocument, CompareOneDocument } from './Compare.gen';
import { type Days, daysOf } from './days';
import { DaysForm } from './DaysForm';

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
          agreements?.nodes.length ? <Comparison agreements={agreements.nodes} /> : <Empty>{texts.overview.empty}</Empty>
        }
      </Loaded>
    </Page>
  );
}

function Comparison({ agreements }: { agreements: Agreements }) {
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
  const file = ['changes', slug ?? 'all', from, to, heldBy ?? 'neutral'];
  const show = (agreements: readonly ComparedFragment[]) => {
    const rows = agreements.flatMap((agreement) => agreement.changesBetween.map((change): Row => ({ ...change, agreement })));
    return (
      <>
        <h2 id="scores">{texts.compare.scores}</h2>
        {sidesOf(from, to).map(([side, day]) => (
          <BreakdownLegend
            key={side}
            breakdown={sumOf(agreements.map((agreement) => agreement[side].breakdown))}
            of={slug === undefined ? texts.compare.together(shortDay(day)) : texts.compare.breakdown(shortDay(day))}
          />
        ))}
        <Table
          caption={texts.compare.scores}
          columns={scoreColumns(from, to)}
          rows={agreements.filter(({ after }) => after.total > 0)}
          rowKey={(agreement) => agreement.id}
          file={['scores', ...file.slice(1)]}
        />
        <AboutScore />
        <h2 id="changes">
          {texts.compare.changes} <span className="muted">{rows.length}</span>
        </h2>
        <p>{texts.compare.summary(rows.length, shortDay(from), shortDay(to))}</p>
        {rows.length > 0 && (
          <Table
            caption={texts.compare.changes}
            columns={changeColumns(from, to)}
            rows={rows}
            rowKey={(agreement) => agreement.clause.id}
            file={file}
            limit={10}
          />
        )}
        <Citation subject={texts.compare.title} viewpoint={viewpoint} period={{ from, to }} />
      </>
    );
  };
  if (slug === undefined) {
    return (
      <Loaded result={all} retry={refetchAll}>
        {({ agreements }) => show(agreements?.nodes ?? [])}
      </Loaded>
    );
  }
  return (
    <Loaded result={single} retry={refetchSingle}>
      {({ agreement }) => (agreement ? show([agreement]) : <Empty>{texts.compare.noAgreement(slug)}</Empty>)}
    </Loaded>
  );
}

/** Both days, or one day if they are equal. */
function sidesOf(from: string, to: string): (readonly ['before' | 'after', string])[] {
  return from === to ? [['after', to]] : [['before', from], ['after', to]];
}

function scoreColumns(from: string, to: string): Column<ComparedFragment>[] {
  return [
    {
      title: texts.overview.agreement,
      isRowHeader: true,
      cell: (agreement) => <Link to={`/agreements/${agreement.slug}`}>{agreement.shortTitle}</Link>,
      csv: (agreement) => agreement.shortTitle,
    },
    ...sidesOf(from, to).flatMap(([side, day]): Column<ComparedFragment>[] => [
      {
        title: shortDay(day),
        cell: (agreement) => <Score {...agreement[side]} />,
        csv: (agreement) => agreement[side].score,
      },
      {
        title: texts.compare.breakdown(shortDay(day)),
        cell: (agreement) => <BreakdownCell breakdown={agreement[side].breakdown} />,
      },
      ...STATUS_ORDER.map(
        (status): Column<ComparedFragment> => ({
          title: texts.compare.count(texts.clauseStatus[status].label, shortDay(day)),
          csv: (agreement) => countOf(agreement[side].breakdown, status),
        }),
      ),
    ]),
    {
      title: texts.compare.changed,
      isNumber: true,
      cell: (agreement) => agreement.changesBetween.length,
      csv: (agreement) => agreement.changesBetween.length,
    },
    ...identityColumns<ComparedFragment>(({ id, slug }) => [{ id, to: `/agreements/${slug}` }]),
  ];
}

type Breakers = readonly { shortName: string }[];

const breakersBefore = ({ clause }: Row): Breakers => clause.assessmentBefore?.breachedBy ?? [];
/** The last assessment up to the second day is in force on it. */
const breakersAfter = ({ assessments }: Row): Breakers => assessments.at(-1)?.breachedBy ?? [];

function StatusWithBreakers({ status, breachedBy }: { status: ClauseStatus; breachedBy: Breakers }) {
  return (
    <>
      <StatusBadge status={status} /> <BreachedBy parties={breachedBy} />
    </>
  );
}

function statusText(status: ClauseStatus, breachedBy: Breakers): string {
  const { label } = texts.clauseStatus[status];
  return breachedBy.length > 0 ? `${label} ${texts.breach.by(partyNames(breachedBy))}` : label;
}

function changeColumns(from: string, to: string): Column<Row>[] {
  return [
    {
      title: texts.agreement.clause,
      isRowHeader: true,
      cell: ({ clause }) => (
        <Link to={pathTo(clause)}>
          {clause.reference} {clause.heading}
        </Link>
      ),
      csv: ({ clause }) => `${clause.reference} ${clause.heading}`,
    },
    {
      title: texts.compare.at(shortDay(from)),
      cell: (change) => <StatusWithBreakers status={change.statusBefore} breachedBy={breakersBefore(change)} />,
      csv: (change) => statusText(change.statusBefore, breakersBefore(change)),
    },
    {
      title: texts.compare.at(shortDay(to)),
      cell: (change) => <StatusWithBreakers status={change.statusAfter} breachedBy={breakersAfter(change)} />,
      csv: (change) => statusText(change.statusAfter, breakersAfter(change)),
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
      csv: ({ assessments }) =>
        assessments.map((assessment) => `${assessment.effectiveDate} ${statusText(assessment.status, assessment.breachedBy)}: ${assessment.note}`).join('; '),
    },
    ...identityColumns<Row>(({ clause }) => [{ id: clause.id, to: pathTo(clause) }]),
  ];
}
