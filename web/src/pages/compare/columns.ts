import type { ComparedRowsFragment, ComparedScoresFragment } from '../../api/types.gen';
import { codedColumns, evidenceColumns, joined } from '../../components/exportColumns';
import { identityColumns } from '../../components/identityColumns';
import { countOf, STATUS_ORDER } from '../../components/status';
import type { Column } from '../../components/Table';
import { pathTo } from '../../components/TrackableLink';
import { shortDay } from '../../format/days';
import { partyNames } from '../../format/names';
import { texts } from '../../texts';

// The columns of the CSV files. They repeat the days and the viewpoint in each row, so that rows of several files can be combined.

/** The days and the viewpoint of a comparison. */
export interface Comparison {
  from: string;
  to: string;
  /** The slug of the party that holds the view. Undefined for the neutral record. */
  heldBy: string | undefined;
  /** The viewpoint in words. */
  viewpoint: string;
}

type Change = ComparedRowsFragment['changesBetween'][number];
type ChangeRow = Change & { agreement: ComparedRowsFragment };

/** The changed clauses of an agreement, as rows. */
export const changesOf = (agreement: ComparedRowsFragment): ChangeRow[] =>
  agreement.changesBetween.map((change) => ({ ...change, agreement }));

/** Whether the agreement had clauses on the second day. */
export const hasScore = ({ after }: { after: { total: number } }) => after.total > 0;

/** Both days, or one day if they are equal. */
export function sidesOf(from: string, to: string): (readonly ['before' | 'after', string])[] {
  return from === to ? [['after', to]] : [['before', from], ['after', to]];
}

const viewColumns = <Row>({ from, to, heldBy, viewpoint }: Comparison): Column<Row>[] => [
  { title: texts.compare.from, csv: () => from },
  { title: texts.compare.to, csv: () => to },
  { title: texts.timelineEntry.viewpoint, csv: () => viewpoint },
  { title: texts.export.slug(texts.timelineEntry.viewpoint), csv: () => heldBy },
];

const agreementColumns = <Row>(agreementOf: (row: Row) => Pick<ComparedRowsFragment, 'shortTitle' | 'slug'>): Column<Row>[] => [
  { title: texts.overview.agreement, csv: (row) => agreementOf(row).shortTitle },
  { title: texts.export.slug(texts.overview.agreement), csv: (row) => agreementOf(row).slug },
];

export function changeColumns(comparison: Comparison): Column<ChangeRow>[] {
  const between = (title: string, read: (assessment: Change['assessments'][number]) => string): Column<ChangeRow> => ({
    title,
    csv: ({ assessments }) => joined(assessments.map(read)),
  });
  return [
    ...agreementColumns(({ agreement }: ChangeRow) => agreement),
    { title: texts.agreement.clause, csv: ({ clause }) => `${clause.reference} ${clause.heading}` },
    { title: texts.agreement.number, csv: ({ clause }) => clause.number },
    ...viewColumns<ChangeRow>(comparison),
    ...codedColumns(
      texts.compare.statusBefore,
      (change: ChangeRow) => change.statusBefore,
      (change) => texts.clauseStatus[change.statusBefore].label,
    ),
    { title: texts.compare.breakersBefore, csv: ({ clause }) => partyNames(clause.assessmentBefore?.breachedBy ?? []) },
    ...codedColumns(
      texts.compare.statusAfter,
      (change: ChangeRow) => change.statusAfter,
      (change) => texts.clauseStatus[change.statusAfter].label,
    ),
    // The last assessment up to the second day is in force on that day.
    { title: texts.compare.breakersAfter, csv: ({ assessments }) => partyNames(assessments.at(-1)?.breachedBy ?? []) },
    between(texts.compare.betweenIds, ({ id }) => id),
    between(texts.compare.betweenDates, ({ effectiveDate }) => effectiveDate),
    between(texts.compare.betweenStatuses, ({ status }) => texts.clauseStatus[status].label),
    between(texts.export.code(texts.compare.betweenStatuses), ({ status }) => status),
    between(texts.compare.betweenNotes, ({ note }) => note),
    ...evidenceColumns<ChangeRow>(({ assessments }) => assessments.flatMap(({ citations }) => citations)),
    ...identityColumns<ChangeRow>(({ clause }) => [{ id: clause.id, to: pathTo(clause) }]),
  ];
}

export function scoreColumns(comparison: Comparison): Column<ComparedScoresFragment>[] {
  const { from, to } = comparison;
  return [
    ...agreementColumns((agreement: ComparedScoresFragment) => agreement),
    ...viewColumns<ComparedScoresFragment>(comparison),
    ...sidesOf(from, to).flatMap(([side, day]): Column<ComparedScoresFragment>[] => [
      { title: texts.compare.score(shortDay(day)), csv: (agreement) => rounded(agreement[side].score) },
      { title: texts.compare.counted(shortDay(day)), csv: (agreement) => agreement[side].counted },
      { title: texts.compare.assessed(shortDay(day)), csv: (agreement) => agreement[side].assessed },
      ...STATUS_ORDER.map(
        (status): Column<ComparedScoresFragment> => ({
          title: texts.compare.count(`${texts.clauseStatus[status].label} (${status})`, shortDay(day)),
          csv: (agreement) => countOf(agreement[side].breakdown, status),
        }),
      ),
    ]),
    { title: texts.compare.changed, csv: (agreement) => agreement.changesBetween.length },
    ...identityColumns<ComparedScoresFragment>(({ id, slug }) => [{ id, to: `/agreements/${slug}` }]),
  ];
}

/** A number with one decimal place, as in the files of the server. */
const rounded = (number: number | null) => (number === null ? null : Math.round(number * 10) / 10);
