import type { TimelineRowsQueryVariables } from '../api/types.gen';
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

/** A button that saves all entries of a timeline as a CSV file, latest first. */
export function TimelineCsv({ filter, file }: Props) {
  const load = async () => {
    const entries = await wholeList({ document: TimelineRowsDocument, variables: filter, read: ({ timeline }) => timeline });
    return entries?.toReversed();
  };
  return <CsvButton columns={ENTRY_COLUMNS} rows={load} file={file} />;
}
