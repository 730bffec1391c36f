import { onHost } from '../browser/base';
import { texts } from '../texts';
import styles from './Downloads.module.css';

/** The lists that the server exports: see docs/EXPORT.md. */
export type ExportedList =
  | 'agreements'
  | 'clauses'
  | 'assessments'
  | 'proposals'
  | 'caveats'
  | 'events'
  | 'parties'
  | 'sources'
  | 'deadlines'
  | 'changes';

/** A filter and a view, as in the API. The parameters of exports have the same names. */
export type ExportParameters = Readonly<Record<string, unknown>>;

const FORMATS = ['csv', 'xlsx', 'json'] as const;

export interface DownloadsProps {
  list: ExportedList;
  parameters?: ExportParameters;
  /** The name of the list. Needed if the page also shows rows of other lists. */
  name?: string;
}

/** Links that download all rows of a list as a file. */
export function Downloads({ list, parameters = {}, name }: DownloadsProps) {
  return (
    <span className={`${styles.downloads} no-print`}>
      {name === undefined ? texts.export.all : texts.export.of(name)}
      {FORMATS.map((format) => (
        <a key={format} href={exportAddress(list, format, parameters)} download>
          {texts.export.formats[format]}
        </a>
      ))}
    </span>
  );
}

/** The address of an export. A list of values becomes one parameter per value. Spreadsheets need the byte order mark to read UTF-8. */
export function exportAddress(list: ExportedList, format: (typeof FORMATS)[number], parameters: ExportParameters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') search.append(name, String(item));
    }
  }
  if (format === 'csv') search.set('bom', '1');
  return onHost(`/export/${list}.${format}${search.size > 0 ? `?${search}` : ''}`);
}
