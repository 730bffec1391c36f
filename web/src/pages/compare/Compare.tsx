import { useQuery } from '../../api/query';
import type { ComparedFragment, CompareAgreementsQuery } from '../../api/types.gen';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { AboutScore, BreakdownCell, BreakdownLegend, Score } from '../../components/Breakdown';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { StatusBadge } from '../../components/StatusBadge';
import { countOf, STATUS_ORDER, sumOf } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { pathTo } from '../../components/TrackableLink';
import { longDay, shortDay, today } from '../../format/days';
import { texts } from '../../texts';
import styles from './Compare.module.css';
import { CompareAgreementsDocument, CompareAllDocument, CompareOneDocument } from './Compare.gen';
import { type Days, daysOf } from './days';
import { DaysForm } from './DaysForm';

type Agreements = NonNullable<CompareAgreementsQuery['agreements']>['nodes'];
type Row = ComparedFragment['changesBetween'][number] & { agreement: ComparedFragment };

/** What changed between the ends of two days. */
export default function Compare(_: PageProps) {
  const [result, ask] = useQuery({ query: CompareAgreementsDocument });
  return (
    <Page title={texts.compare.title}>
      <p className="prose">{texts.compare.intro}</p>
      <Loaded result={result} retry={ask}>
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
  const chosen = agreements.filter((it) => slug === undefined || it.slug === slug);
  const first = chosen.map((it) => it.agreedOn).sort()[0] ?? today();
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
  const [one, askOne] = useQuery({
    query: CompareOneDocument,
    variables: { ...variables, slug: slug ?? '' },
    pause: slug === undefined,
  });
  const [all, askAll] = useQuery({ query: CompareAllDocument, variables, pause: slug !== undefined });
  const file = ['changes', slug ?? 'all', from, to, heldBy ?? 'neutral'];
  const show = (agreements: readonly ComparedFragment[]) => {
    const rows = agreements.flatMap((agreement) => agreement.changesBetween.map((it): Row => ({ ...it, agreement })));
    return (
      <>
        <h2 id="scores">{texts.compare.scores}</h2>
        {sidesOf(from, to).map(([side, day]) => (
          <BreakdownLegend
            key={side}
            breakdown={sumOf(agreements.map((it) => it[side].breakdown))}
            of={slug === undefined ? texts.compare.together(shortDay(day)) : texts.compare.breakdown(shortDay(day))}
          />
        ))}
        <Table
          caption={texts.compare.scores}
          columns={scoreColumns(from, to)}
          rows={agreements}
          rowKey={(it) => it.id}
          file={['scores', ...file.slice(1)]}
        />
        <AboutScore />
        <h2 id="changes">
          {texts.compare.changes} <span className="muted">{rows.length}</span>
        </h2>
        <p>{texts.compare.summary(rows.length, longDay(from), longDay(to))}</p>
        {rows.length > 0 && (
          <Table
            caption={texts.compare.changes}
            columns={changeColumns(from, to)}
            rows={rows}
            rowKey={(it) => it.clause.id}
            file={file}
          />
        )}
        <Citation subject={texts.compare.title} viewpoint={viewpoint} period={{ from, to }} />
      </>
    );
  };
  if (slug === undefined) {
    return (
      <Loaded result={all} retry={askAll}>
        {({ agreements }) => show(agreements?.nodes ?? [])}
      </Loaded>
    );
  }
  return (
    <Loaded result={one} retry={askOne}>
      {({ agreement }) => (agreement ? show([agreement]) : <Empty>{texts.compare.noAgreement(slug)}</Empty>)}
    </Loaded>
  );
}

/** Both days, or the one where they are the same: two columns of the same day would say the same twice. */
function sidesOf(from: string, to: string): (readonly ['before' | 'after', string])[] {
  return from === to ? [['after', to]] : [['before', from], ['after', to]];
}

function scoreColumns(from: string, to: string): Column<ComparedFragment>[] {
  return [
    {
      title: texts.overview.agreement,
      isRowHeader: true,
      cell: (it) => <Link to={`/agreements/${it.slug}`}>{it.shortTitle}</Link>,
      csv: (it) => it.shortTitle,
    },
    ...sidesOf(from, to).flatMap(([side, day]): Column<ComparedFragment>[] => [
      {
        title: shortDay(day),
        cell: (it) => <Score {...it[side]} />,
        csv: (it) => it[side].score,
      },
      {
        title: texts.compare.breakdown(shortDay(day)),
        cell: (it) => <BreakdownCell breakdown={it[side].breakdown} />,
      },
      ...STATUS_ORDER.map(
        (status): Column<ComparedFragment> => ({
          title: texts.compare.count(texts.clauseStatus[status].label, shortDay(day)),
          csv: (it) => countOf(it[side].breakdown, status),
        }),
      ),
    ]),
    {
      title: texts.compare.changed,
      isNumber: true,
      cell: (it) => it.changesBetween.length,
      csv: (it) => it.changesBetween.length,
    },
  ];
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
      cell: (it) => <StatusBadge status={it.statusBefore} />,
      csv: (it) => texts.clauseStatus[it.statusBefore].label,
    },
    {
      title: texts.compare.at(shortDay(to)),
      cell: (it) => <StatusBadge status={it.statusAfter} />,
      csv: (it) => texts.clauseStatus[it.statusAfter].label,
    },
    {
      title: texts.compare.between,
      isWide: true,
      isLead: true,
      cell: ({ assessments }) => (
        <ol className={styles.steps}>
          {assessments.map((it) => (
            <li key={it.id}>
              <DayText day={it.effectiveOn} /> <StatusBadge status={it.status} />{' '}
              <span className="muted">{it.note}</span>
            </li>
          ))}
        </ol>
      ),
      csv: ({ assessments }) =>
        assessments.map((it) => `${it.effectiveOn} ${texts.clauseStatus[it.status].label}: ${it.note}`).join('; '),
    },
  ];
}
