import { useState } from 'react';
import { useQuery } from '../../api/query';
import type { SourceFilter, SourceRowFragment } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Filters, TextFilter } from '../../components/Filters';
import { Select } from '../../components/Form';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { texts } from '../../texts';
import { SourcesDocument } from './Sources.gen';

const INITIAL_ROWS = 50;
const MAX_ROWS = 200;
const FILTER_NAMES = ['text', 'kind', 'uncited', 'unaddressed'];

/** All sources, by title. */
export default function Sources(_: PageProps) {
  const [parameters, set] = useParameters();
  const [first, setFirst] = useState(INITIAL_ROWS);
  const filter = filterOf(parameters);
  const [result, refetch] = useQuery({ query: SourcesDocument, variables: { filter, first } });
  const toggle = (name: string) => (
    <input type="checkbox" checked={parameters.has(name)} onChange={(event) => set({ [name]: event.target.checked ? '1' : undefined })} />
  );
  return (
    <Page title={texts.sources.title}>
      <p className="prose">{texts.sources.intro}</p>
      <Editors>
        <Link to="/new/source">{texts.edit.newSource}</Link>
      </Editors>
      <Filters names={FILTER_NAMES}>
        <TextFilter text={parameters.get('text') ?? ''} onChange={(text) => set({ text }, { replace: true })} />
        <label>
          {texts.sources.kind}{' '}
          <Select
            id="filter-kind"
            value={parameters.get('kind') ?? ''}
            none={texts.agreement.any}
            choices={Object.entries(texts.sourceKind).map(([value, { label }]) => ({ value, label }))}
            onChange={(kind) => set({ kind })}
          />
        </label>
        <label>
          {toggle('uncited')} {texts.sources.onlyUncited}
        </label>
        <label>
          {toggle('unaddressed')} {texts.sources.onlyWithoutAddress}
        </label>
      </Filters>
      <Loaded result={result} retry={refetch}>
        {({ sources }) =>
          sources?.nodes.length ? (
            <>
              <Table
                caption={texts.sources.title}
                columns={COLUMNS}
                rows={sources.nodes}
                rowKey={(source) => source.id}
                download={{ list: 'sources', parameters: { ...filter } }}
                total={sources.totalCount}
              />
              {sources.nodes.length < sources.totalCount && first < MAX_ROWS && (
                <p className="actions">
                  <button type="button" onClick={() => setFirst(MAX_ROWS)}>
                    {texts.states.more}
                  </button>
                </p>
              )}
            </>
          ) : (
            <Empty>{FILTER_NAMES.some((name) => parameters.has(name)) ? texts.sources.noMatch : texts.sources.empty}</Empty>
          )
        }
      </Loaded>
      <Citation subject={texts.sources.title} />
    </Page>
  );
}

function filterOf(parameters: URLSearchParams): SourceFilter {
  const filter: SourceFilter = {};
  const text = parameters.get('text');
  const kind = Object.keys(texts.sourceKind).find((name) => name === parameters.get('kind'));
  if (text) filter.text = text;
  if (kind) filter.kind = [kind as keyof typeof texts.sourceKind];
  if (parameters.has('uncited')) filter.cited = false;
  if (parameters.has('unaddressed')) filter.hasUrl = false;
  return filter;
}

const COLUMNS: readonly Column<SourceRowFragment>[] = [
  {
    title: texts.sources.source,
    isRowHeader: true,
    isWide: true,
    cell: (source) => <Link to={`/sources/${source.id}`}>{source.title}</Link>,
  },
  { title: texts.sources.kind, cell: (source) => texts.sourceKind[source.kind].label },
  { title: texts.sources.publisher, cell: (source) => source.publisher },
  { title: texts.sources.published, cell: (source) => <DayText day={source.publishedOn} /> },
  { title: texts.sources.assessments, isNumber: true, cell: (source) => source.assessments.totalCount },
  { title: texts.sources.events, isNumber: true, cell: (source) => source.events.totalCount },
];
