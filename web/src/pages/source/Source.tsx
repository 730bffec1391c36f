import { useState } from 'react';
import { isInvalidInput } from '../../api/client';
import { useQuery } from '../../api/query';
import type { SourceQuery } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { ExternalIds } from '../../components/ExternalIds';
import { Fact } from '../../components/Fact';
import { Link, OutsideLink } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { TimelineList, type TimelineEntry } from '../../components/TimelineList';
import { languageName } from '../../format/names';
import { texts } from '../../texts';
import { WatchRecord } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { SourceAssessmentsDocument, SourceDocument, SourceEventsDocument } from './Source.gen';

type Source = Extract<NonNullable<SourceQuery['node']>, { __typename: 'Source' }>;

const INITIAL_ROWS = 20;
const MAX_ROWS = 200;

/** One source: its publication, and the records that cite it. */
export default function SourcePage({ parameters: { id = '' } }: PageProps) {
  const [result, refetch] = useQuery({ query: SourceDocument, variables: { id } });
  const node = result.data?.node;
  const source = node?.__typename === 'Source' ? node : undefined;
  const isMissing = isInvalidInput(result.error) || (result.data && !source);
  if (isMissing && !result.fetching) return <NotFound />;
  return (
    <Page
      title={source?.title ?? (result.error && texts.sources.source)}
      lead={<Link to="/sources">{texts.sources.title}</Link>}
      actions={
        source && (
          <>
            <WatchRecord id={source.id} to={`/sources/${source.id}`} title={source.title} />
            <Editors>
              <Link to={`/edit/source/${source.id}`}>{texts.edit.edit}</Link>
            </Editors>
          </>
        )
      }
    >
      <Loaded result={result} retry={refetch}>
        {() =>
          source && (
            <>
              <About source={source} />
              <Assessments id={id} />
              <Events id={id} />
              <Citation subject={source.title} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function About({ source: { kind, publisher, publishedOn, language, url, archivedUrl, externalIds } }: { source: Source }) {
  return (
    <dl className="facts">
      <Fact name={texts.sourcePage.kind}>
        {texts.sourceKind[kind].label}. <span className="muted">{texts.sourceKind[kind].meaning}</span>
      </Fact>
      {publisher && <Fact name={texts.sourcePage.publisher}>{publisher}</Fact>}
      {publishedOn && (
        <Fact name={texts.sourcePage.published}>
          <DayText day={publishedOn} />
        </Fact>
      )}
      {language && <Fact name={texts.sourcePage.language}>{languageName(language)}</Fact>}
      {url && (
        <Fact name={texts.sourcePage.address}>
          <OutsideLink to={url}>{url}</OutsideLink>
        </Fact>
      )}
      {archivedUrl && (
        <Fact name={texts.sourcePage.archived}>
          <OutsideLink to={archivedUrl}>{archivedUrl}</OutsideLink>
        </Fact>
      )}
      <ExternalIds externalIds={externalIds} />
    </dl>
  );
}

function Assessments({ id }: { id: string }) {
  const [first, setFirst] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: SourceAssessmentsDocument, variables: { id, first } });
  return (
    <section aria-labelledby="assessments">
      <h2 id="assessments">{texts.sourcePage.assessments}</h2>
      <Loaded result={result} retry={refetch}>
        {({ node }) => (
          <Entries list={node && 'assessments' in node ? node.assessments : undefined} none={texts.sourcePage.noAssessments} showAll={() => setFirst(MAX_ROWS)} />
        )}
      </Loaded>
    </section>
  );
}

function Events({ id }: { id: string }) {
  const [first, setFirst] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: SourceEventsDocument, variables: { id, first } });
  return (
    <section aria-labelledby="events">
      <h2 id="events">{texts.sourcePage.events}</h2>
      <Loaded result={result} retry={refetch}>
        {({ node }) => (
          <Entries list={node && 'events' in node ? node.events : undefined} none={texts.sourcePage.noEvents} showAll={() => setFirst(MAX_ROWS)} />
        )}
      </Loaded>
    </section>
  );
}

interface EntriesProps {
  list: { totalCount: number; nodes: readonly TimelineEntry[] } | undefined;
  none: string;
  showAll: () => void;
}

function Entries({ list, none, showAll }: EntriesProps) {
  if (!list?.nodes.length) return <Empty>{none}</Empty>;
  const { nodes, totalCount } = list;
  return (
    <>
      <TimelineList entries={nodes} />
      {nodes.length < totalCount && (
        <p className="actions">
          <span className="muted">{texts.states.showing(nodes.length, totalCount)}</span>
          {nodes.length < MAX_ROWS && (
            <button type="button" onClick={showAll}>
              {texts.states.more}
            </button>
          )}
        </p>
      )}
    </>
  );
}
