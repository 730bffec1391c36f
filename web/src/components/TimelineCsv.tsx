import type { TimelineRowFragment, TimelineRowsQuery, TimelineRowsQueryVariables } from '../api/types.gen';
import { wholeList } from '../api/wholeList';
import { CsvButton } from './Table';
import { TimelineRowsDocument } from './TimelineCsv.gen';
import { ENTRY_COLUMNS } from './timelineColumns';

interface Props {
  /** The period and the filters. */
  filter: Omit<TimelineRowsQueryVariables, 'first' | 'after'>;
  /** Parts of the name of the file, from general to specific. */
  file: readonly string[];
}

const idOf = ({ id }: TimelineRowFragment) => id;

/** A button that saves all entries of a timeline as a CSV file, latest first. */
export function TimelineCsv({ filter, file }: Props) {
  const load = async (signal: AbortSignal) => {
    const list = { document: TimelineRowsDocument, variables: filter, read: ({ timeline }: TimelineRowsQuery) => timeline, idOf };
    return (await wholeList(list, signal)).toReversed();
  };
  return <CsvButton columns={ENTRY_COLUMNS} rows={load} file={file} />;
}
