import { onHost } from '../browser/base';
import { texts } from '../texts';
import type { Column } from './Table';

/** The record of a row: its id, and the path of its page. */
interface Identified {
  id: string;
  to: string;
}

/** Columns by which programs can identify the records in a CSV file: ids and addresses. Several records are joined by "; ". */
export function identityColumns<Row>(recordsOf: (row: Row) => readonly Identified[]): Column<Row>[] {
  const address = (to: string) => new URL(onHost(to), window.location.origin).href;
  return [
    { title: texts.export.id, csv: (row) => recordsOf(row).map(({ id }) => id).join('; ') },
    { title: texts.export.address, csv: (row) => recordsOf(row).map(({ to }) => address(to)).join('; ') },
  ];
}
