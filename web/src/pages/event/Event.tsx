import { isInvalidInput } from '../../api/client';
import { useQuery } from '../../api/query';
import type { EventQuery } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { ExternalIds } from '../../components/ExternalIds';
import { Aliases, Fact } from '../../components/Fact';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { Evidence } from '../../components/SourceLink';
import { statusName } from '../../components/status';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { TrackableLink } from '../../components/TrackableLink';
import { today } from '../../format/days';
import { partyNames } from '../../format/names';
import { texts } from '../../texts';
import { WatchRecord } from '../../watch/WatchButton';
import { NotFound } from '../NotFound';
import { EventDocument } from './Event.gen';

type Event = Extract<NonNullable<EventQuery['node']>, { __typename: 'Event' }>;
type Concern = Event['concerns'][number];

/** An event, with its actors, sources, and the clauses, caveats and proposals concerned. */
export default function EventPage({ parameters: { id = '' } }: PageProps) {
  const view = useView();
  const asOf = view.asOf ?? today();
  const [result, refetch] = useQuery({ query: EventDocument, variables: { id, asOf, heldBy: view.heldBy } });
  const viewpoint = useViewpointName();
  const node = result.data?.node;
  const event = node?.__typename === 'Event' ? node : undefined;
  const isMissing = isInvalidInput(result.error) || (result.data && !event);
  if (isMissing && !result.fetching) return <NotFound />;
  return (
    <Page
      title={event?.title ?? (result.error && texts.event.event)}
      lead={<Link to="/timeline">{texts.timeline.title}</Link>}
      actions={
        event && (
          <>
            <WatchRecord id={event.id} to={`/events/${event.id}`} title={event.title} />
            <Editors>
              <Link to={`/edit/event/${event.id}`}>{texts.edit.edit}</Link>
            </Editors>
          </>
        )
      }
      viewFrom={event?.happenedOn}
    >
      <Loaded result={result} retry={refetch}>
        {() =>
          event && (
            <>
              <About event={event} />
              <section aria-labelledby="concerns">
                <h2 id="concerns">{texts.event.concerns}</h2>
                {event.concerns.length ? (
                  <Table caption={texts.event.concerns} columns={COLUMNS} rows={event.concerns} rowKey={(record) => record.id} />
                ) : (
                  <Empty>{texts.event.noConcerns}</Empty>
                )}
              </section>
              <section aria-labelledby="sources">
                <h2 id="sources">{texts.event.sources}</h2>
                <Evidence citations={event.citations} />
              </section>
              <Citation subject={event.title} viewpoint={viewpoint} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function About({ event }: { event: Event }) {
  return (
    <>
      <p className="prose">{event.summary}</p>
      <dl className="facts">
        <Aliases aliases={event.aliases} />
        <Fact name={texts.event.day}>
          <DayText day={event.date} />
        </Fact>
        <Fact name={texts.event.kind}>{texts.eventKind[event.kind]}</Fact>
        {event.place && <Fact name={texts.event.place}>{event.place}</Fact>}
        {event.actors.length > 0 && <Fact name={texts.event.actors}>{partyNames(event.actors)}</Fact>}
        <Fact name={texts.event.confidence}>
          {texts.confidence[event.confidence].label}. <span className="muted">{texts.confidence[event.confidence].meaning}</span>
        </Fact>
        <ExternalIds externalIds={event.externalIds} />
      </dl>
    </>
  );
}

const COLUMNS: readonly Column<Concern>[] = [
  { title: texts.event.record, isRowHeader: true, isWide: true, cell: (record) => <TrackableLink item={record} /> },
  {
    title: texts.event.status,
    cell: (record) => (record.__typename === 'Clause' ? <StatusBadge status={record.clauseStatus} /> : statusName(record)),
  },
];
