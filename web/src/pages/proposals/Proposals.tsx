import { useQuery } from '../../api/query';
import type { ProposalFilter, ProposalRowFragment } from '../../api/types.gen';
import { Editors } from '../../app/Editors';
import { useViewpointName } from '../../app/holders';
import { Page } from '../../app/Page';
import type { PageProps } from '../../app/routes';
import { useParameters, useView } from '../../app/view';
import { Citation } from '../../components/Citation';
import { DayText } from '../../components/DayText';
import { Filters, TextFilter } from '../../components/Filters';
import { Select } from '../../components/Form';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { Mark } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { today } from '../../format/days';
import { partyNames } from '../../format/names';
import { ProposalBadge } from '../../status/PositionBadge';
import { texts } from '../../texts';
import { FirstProposalDocument, ProposalsDocument } from './Proposals.gen';

const MAX_ROWS = 200;
const FILTER_NAMES = ['text', 'status', 'standing'];

/** All proposals made up to the selected day, latest first. */
export default function Proposals(_: PageProps) {
  const view = useView();
  const [parameters, set] = useParameters();
  const asOf = view.asOf ?? today();
  const filter = filterOf(parameters, asOf);
  const variables = { asOf, heldBy: view.heldBy, filter, first: MAX_ROWS };
  const [result, refetch] = useQuery({ query: ProposalsDocument, variables });
  const [{ data: first }] = useQuery({ query: FirstProposalDocument });
  const viewpoint = useViewpointName();
  return (
    <Page title={texts.proposals.title} viewFrom={first?.proposals?.nodes[0]?.madeOn} marksOf={{}}>
      <p className="prose">{texts.proposals.intro}</p>
      <Editors>
        <Link to="/new/proposal">{texts.edit.newProposal}</Link>
      </Editors>
      <Filters names={FILTER_NAMES}>
        <TextFilter text={parameters.get('text') ?? ''} onChange={(text) => set({ text }, { replace: true })} />
        <label>
          {texts.agreement.filterStatus}{' '}
          <Select
            id="filter-status"
            value={parameters.get('status') ?? ''}
            none={texts.agreement.any}
            choices={Object.entries(texts.proposalStatus).map(([value, label]) => ({ value, label }))}
            onChange={(status) => set({ status })}
          />
        </label>
        <label>
          {texts.proposal.standing}{' '}
          <Select
            id="filter-standing"
            value={parameters.get('standing') ?? ''}
            none={texts.agreement.any}
            choices={Object.entries(texts.proposalStanding).map(([value, label]) => ({ value, label }))}
            onChange={(standing) => set({ standing })}
          />
        </label>
      </Filters>
      <Loaded result={result} retry={refetch}>
        {({ proposals }) =>
          proposals?.nodes.length ? (
            <Table
              caption={texts.proposals.title}
              columns={COLUMNS}
              rows={proposals.nodes}
              rowKey={(proposal) => proposal.id}
              download={{ list: 'proposals', parameters: { ...filter, asOf, heldBy: view.heldBy } }}
              total={proposals.totalCount}
            />
          ) : (
            <Empty>{FILTER_NAMES.some((name) => parameters.has(name)) ? texts.proposals.noMatch : texts.proposals.empty}</Empty>
          )
        }
      </Loaded>
      <Citation subject={texts.proposals.title} viewpoint={viewpoint} />
    </Page>
  );
}

const isOf = <Name extends string>(names: Record<Name, unknown>, text: string | null): text is Name =>
  text !== null && Object.hasOwn(names, text);

function filterOf(parameters: URLSearchParams, madeTo: string): ProposalFilter {
  const filter: ProposalFilter = { madeTo };
  const text = parameters.get('text');
  const status = parameters.get('status');
  const standing = parameters.get('standing');
  if (text) filter.text = text;
  if (isOf(texts.proposalStatus, status)) filter.status = [status];
  if (isOf(texts.proposalStanding, standing)) filter.standing = standing;
  return filter;
}

const COLUMNS: readonly Column<ProposalRowFragment>[] = [
  { title: texts.proposal.madeOn, isLead: true, cell: (proposal) => <DayText day={proposal.madeOn} /> },
  {
    title: texts.proposals.proposal,
    isRowHeader: true,
    isWide: true,
    cell: (proposal) => <Link to={`/proposals/${proposal.slug}`}>{proposal.title}</Link>,
  },
  { title: texts.proposal.by, cell: (proposal) => partyNames(proposal.proposedBy) },
  { title: texts.proposal.to, cell: (proposal) => partyNames(proposal.addressedTo) },
  {
    title: texts.proposal.standing,
    cell: (proposal) => texts.proposalStanding[proposal.standing],
  },
  { title: texts.proposal.caveats, isNumber: true, cell: (proposal) => proposal.caveats.totalCount },
  {
    title: texts.agreement.status,
    cell: (proposal) => (
      <>
        <ProposalBadge status={proposal.status} /> {proposal.isContested && <Mark>{texts.agreement.contested}</Mark>}
      </>
    ),
  },
  { title: texts.agreement.since, cell: (proposal) => <DayText day={proposal.statusSince} /> },
];
