import { type ReactNode, useState } from 'react';
import { useQuery } from '../../api/query';
import type { PartyViewpointFragment } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { identityColumns } from '../../components/identityColumns';
import { Empty, Loaded } from '../../components/Loaded';
import { BreachedBy, StatusBadge } from '../../components/StatusBadge';
import { statusName } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import { PartyBreachesDocument, PartyViewsDocument } from './Party.gen';

const INITIAL_ROWS = 25;
const MAX_ROWS = 200;

type Viewpoint = PartyViewpointFragment;

interface Props {
  party: { id: string; slug: string };
  asOf: string;
}

/** The assessments of the party that differ from the neutral record. */
export function Views({ party, asOf }: Props) {
  const [first, setFirst] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: PartyViewsDocument, variables: { slug: party.slug, asOf, first } });
  return (
    <section aria-labelledby="views">
      <h2 id="views">{texts.party.views}</h2>
      <Loaded result={result} retry={refetch}>
        {({ party: read }) => (
          <>
            <p>{texts.party.viewsCount(read?.viewpoints.totalCount ?? 0, read?.all.totalCount ?? 0)}</p>
            {read && (
              <List
                caption={texts.party.views}
                columns={VIEW_COLUMNS}
                list={read.viewpoints}
                file={[party.slug, 'views', asOf]}
                showAll={() => setFirst(MAX_ROWS)}
              />
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

/** The assessments that name the party as a breaker. */
export function Breaches({ party, asOf }: Props) {
  const [first, setFirst] = useState(INITIAL_ROWS);
  const [result, refetch] = useQuery({ query: PartyBreachesDocument, variables: { slug: party.slug, asOf, first } });
  return (
    <section aria-labelledby="breaches">
      <h2 id="breaches">{texts.party.breaches}</h2>
      <Loaded result={result} retry={refetch}>
        {({ party: read }) =>
          read?.breaches.nodes.length ? (
            <List
              caption={texts.party.breaches}
              columns={BREACH_COLUMNS}
              list={read.breaches}
              file={[party.slug, 'breaches', asOf]}
              showAll={() => setFirst(MAX_ROWS)}
            />
          ) : (
            <Empty>{texts.party.breachesEmpty}</Empty>
          )
        }
      </Loaded>
    </section>
  );
}

interface ListProps {
  caption: string;
  columns: readonly Column<Viewpoint>[];
  list: { totalCount: number; nodes: readonly Viewpoint[] };
  file: readonly string[];
  showAll: () => void;
}

function List({ caption, columns, list: { nodes, totalCount }, file, showAll }: ListProps) {
  if (nodes.length === 0) return null;
  return (
    <>
      <Table caption={caption} columns={columns} rows={nodes} rowKey={({ id }) => id} file={file} total={totalCount} />
      {nodes.length < totalCount && nodes.length < MAX_ROWS && (
        <p className="actions">
          <button type="button" onClick={showAll}>
            {texts.states.more}
          </button>
        </p>
      )}
    </>
  );
}

function subjectOf(viewpoint: Viewpoint) {
  switch (viewpoint.__typename) {
    case 'ClauseAssessment':
      return viewpoint.clause;
    case 'CaveatAssessment':
      return viewpoint.caveat;
    case 'ProposalAssessment':
      return viewpoint.proposal;
  }
}

/** The status of a clause as a badge, and of other records in words. */
const status = (record: Parameters<typeof statusName>[0]): ReactNode =>
  'clauseStatus' in record ? <StatusBadge status={record.clauseStatus} /> : statusName(record);

const RECORD: Column<Viewpoint> = {
  title: texts.party.record,
  isRowHeader: true,
  isWide: true,
  cell: (viewpoint) => <TrackableLink item={subjectOf(viewpoint)} />,
  csv: (viewpoint) => subjectOf(viewpoint).reference,
};
const SINCE: Column<Viewpoint> = {
  title: texts.agreement.since,
  cell: ({ effectiveDate }) => <DayText day={effectiveDate} />,
  csv: ({ effectiveDate }) => effectiveDate,
};
const NOTE: Column<Viewpoint> = { title: texts.party.note, isWide: true, cell: ({ note }) => note, csv: ({ note }) => note };

const IDENTITY = identityColumns<Viewpoint>((viewpoint) => [{ id: viewpoint.id, to: pathTo(subjectOf(viewpoint)) }]);

const VIEW_COLUMNS: readonly Column<Viewpoint>[] = [
  RECORD,
  {
    title: texts.party.ownView,
    cell: (viewpoint) => (
      <>
        {status(viewpoint)} <BreachedBy parties={viewpoint.breachedBy} />
      </>
    ),
    csv: statusName,
  },
  {
    title: texts.party.neutral,
    cell: (viewpoint) => {
      const subject = subjectOf(viewpoint);
      return (
        <>
          {status(subject)} {'assessment' in subject && <BreachedBy parties={subject.assessment?.breachedBy ?? []} />}
        </>
      );
    },
    csv: (viewpoint) => statusName(subjectOf(viewpoint)),
  },
  SINCE,
  NOTE,
  ...IDENTITY,
];

const BREACH_COLUMNS: readonly Column<Viewpoint>[] = [
  RECORD,
  {
    title: texts.party.accordingTo,
    cell: ({ heldBy }) => heldBy?.shortName ?? texts.view.neutral,
    csv: ({ heldBy }) => heldBy?.shortName ?? texts.view.neutral,
  },
  SINCE,
  NOTE,
  ...IDENTITY,
];
