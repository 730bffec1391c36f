import type { PartyAgreementFragment, PartyProposalFragment, PartyQuery } from '../../api/types.gen';
import { DayText } from '../../components/DayText';
import { identityColumns } from '../../components/identityColumns';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { partyNames } from '../../format/names';
import { texts } from '../../texts';

interface Props<List> {
  party: { id: string; slug: string };
  list: List;
}

/** The proposals that the party made, or that were addressed to it, latest first. */
export function Proposals({ party, list }: Props<PartyQuery['proposals']>) {
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals">{texts.party.proposals}</h2>
      {list?.nodes.length ? (
        <Table
          caption={texts.party.proposals}
          columns={PROPOSAL_COLUMNS}
          rows={list.nodes}
          rowKey={({ id }) => id}
          file={[party.slug, 'proposals']}
          total={list.totalCount}
        />
      ) : (
        <Empty>{texts.party.proposalsEmpty}</Empty>
      )}
    </section>
  );
}

/** The agreements in which the party has a role, latest first. */
export function Agreements({ party, list }: Props<PartyQuery['agreements']>) {
  return (
    <section aria-labelledby="agreements">
      <h2 id="agreements">{texts.party.agreements}</h2>
      {list?.nodes.length ? (
        <Table
          caption={texts.party.agreements}
          columns={agreementColumns(party.id)}
          rows={list.nodes}
          rowKey={({ id }) => id}
          file={[party.slug, 'agreements']}
          total={list.totalCount}
        />
      ) : (
        <Empty>{texts.party.agreementsEmpty}</Empty>
      )}
    </section>
  );
}

const PROPOSAL_COLUMNS: readonly Column<PartyProposalFragment>[] = [
  { title: texts.proposal.madeOn, isLead: true, cell: ({ madeOn }) => <DayText day={madeOn} />, csv: ({ madeOn }) => madeOn },
  {
    title: texts.proposals.proposal,
    isRowHeader: true,
    isWide: true,
    cell: ({ slug, title }) => <Link to={`/proposals/${slug}`}>{title}</Link>,
    csv: ({ title }) => title,
  },
  { title: texts.proposal.by, cell: ({ proposedBy }) => partyNames(proposedBy), csv: ({ proposedBy }) => partyNames(proposedBy) },
  { title: texts.proposal.to, cell: ({ addressedTo }) => partyNames(addressedTo), csv: ({ addressedTo }) => partyNames(addressedTo) },
  {
    title: texts.agreement.status,
    cell: ({ status }) => texts.proposalStatus[status],
    csv: ({ status }) => texts.proposalStatus[status],
  },
  ...identityColumns<PartyProposalFragment>(({ id, slug }) => [{ id, to: `/proposals/${slug}` }]),
];

/** The roles of the party in an agreement. A role is undisputed, or it is stated by a party. */
function rolesIn({ parties }: PartyAgreementFragment, party: string): string {
  return parties
    .filter((role) => role.party.id === party)
    .map(({ role, heldBy }) => {
      const label = texts.agreementRole[role];
      return heldBy ? texts.party.roleHeldBy(label, heldBy.shortName) : label;
    })
    .join(', ');
}

const agreementColumns = (party: string): readonly Column<PartyAgreementFragment>[] => [
  {
    title: texts.overview.agreement,
    isRowHeader: true,
    isWide: true,
    cell: ({ slug, shortTitle, title }) => (
      <Link to={`/agreements/${slug}`} title={title}>
        {shortTitle}
      </Link>
    ),
    csv: ({ title }) => title,
  },
  { title: texts.overview.agreed, cell: ({ agreedOn }) => <DayText day={agreedOn} />, csv: ({ agreedOn }) => agreedOn },
  { title: texts.party.role, cell: (agreement) => rolesIn(agreement, party), csv: (agreement) => rolesIn(agreement, party) },
  { title: texts.agreement.ended, cell: ({ endedOn }) => endedOn && <DayText day={endedOn} />, csv: ({ endedOn }) => endedOn },
  ...identityColumns<PartyAgreementFragment>(({ id, slug }) => [{ id, to: `/agreements/${slug}` }]),
];
