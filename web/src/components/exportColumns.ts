import type { CitationLineFragment } from '../api/types.gen';
import { texts } from '../texts';
import type { Column } from './Table';

// Columns of CSV files only. Several values of a cell are joined by "; ", as in the files of the server.

/** A column with labels, and a column with the codes of the API. */
export const codedColumns = <Row>(
  title: string,
  codeOf: (row: Row) => string | null | undefined,
  labelOf: (row: Row) => string | null | undefined,
): Column<Row>[] => [
  { title, csv: labelOf },
  { title: texts.export.code(title), csv: codeOf },
];

/** The sources that a row cites, and the places in them. All columns list the sources in the same order. */
export function evidenceColumns<Row>(citationsOf: (row: Row) => readonly CitationLineFragment[]): Column<Row>[] {
  const column = (title: string, read: (citation: CitationLineFragment) => string | null): Column<Row> => ({
    title,
    csv: (row) => joined(citationsOf(row).map(read)),
  });
  return [
    column(texts.source.evidence, ({ source }) => source.title),
    column(texts.export.evidenceIds, ({ source }) => source.id),
    column(texts.export.evidenceAddresses, ({ source }) => source.url),
    column(texts.export.archivedAddresses, ({ source }) => source.archivedUrl),
    column(texts.export.evidencePlaces, ({ locator }) => locator),
  ];
}

/** Values in one cell. An absent value leaves its place empty, so that columns with the same order stay comparable. */
export const joined = (values: readonly (string | null | undefined)[]): string =>
  values.some(Boolean) ? values.map((value) => value ?? '').join('; ') : '';
