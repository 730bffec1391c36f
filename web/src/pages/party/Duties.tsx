import { useState } from 'react';
import { useQuery } from '../../api/query';
import type { ObligationRole } from '../../api/schema.gen';
import type { ClauseFilter, PartyDutyFragment } from '../../api/types.gen';
import { useParameters, useView } from '../../app/view';
import { BreakdownBar, BreakdownLegend, ScoreSentence } from '../../components/Breakdown';
import { DayText } from '../../components/DayText';
import { Filters } from '../../components/Filters';
import { Select } from '../../components/Form';
import { identityColumns } from '../../components/identityColumns';
import { Empty, Loaded } from '../../components/Loaded';
import { Mark, StatusBadge } from '../../components/StatusBadge';
import { STATUS_ORDER } from '../../components/status';
import { type Column, Table } from '../../components/Table';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { texts } from '../../texts';
import { PartyDutiesDocument } from './Party.gen';

const INITIAL_ROWS = 25;
const MAX_ROWS = 200;
const FILTER_NAMES = ['role', 'status'];
const ROLES = Object.keys(texts.obligationRole) as ObligationRole[];

interface Props {
  party: { id: string; slug: string };
  asOf: string;
}

/** The clauses in which the party has a role, by role and status. */
export function Duties({ party, asOf }: Props) {
  const { heldBy } = useView();
  const [parameters, set] = useParameters();
  const [first, setFirst] = useState(INITIAL_ROWS);
  const role = ROLES.find((role) => role === parameters.get('role'));
  const status = STATUS_ORDER.find((status) => status === parameters.get('status'));
  const filter: ClauseFilter = { asOf, heldBy, status: status && [status] };
  const [result, refetch] = useQuery({ query: PartyDutiesDocument, variables: { slug: party.slug, role, filter, asOf, heldBy, first } });
  return (
    <section aria-labelledby="duties">
      <h2 id="duties">{texts.party.duties}</h2>
      <p className="hint">{texts.party.dutiesIntro}</p>
      <Loaded result={result} retry={refetch}>
        {({ party: read, implementation }) => {
          const own = implementation?.find(({ subject }) => subject.__typename === 'Party' && subject.id === party.id)?.implementation;
          const { nodes, totalCount } = read?.clauses ?? { nodes: [], totalCount: 0 };
          return (
            <>
              {own && (
                <>
                  <ScoreSentence {...own} />
                  <BreakdownBar breakdown={own.breakdown} />
                  <BreakdownLegend breakdown={own.breakdown} />
                </>
              )}
              <Filters names={FILTER_NAMES}>
                <label>
                  {texts.party.role}{' '}
                  <Select
                    id="filter-role"
                    value={role ?? ''}
                    none={texts.agreement.any}
                    choices={ROLES.map((value) => ({ value, label: texts.obligationRole[value].label }))}
                    onChange={(role) => set({ role })}
                  />
                </label>
                <label>
                  {texts.agreement.status}{' '}
                  <Select
                    id="filter-status"
                    value={status ?? ''}
                    none={texts.agreement.any}
                    choices={STATUS_ORDER.map((value) => ({ value, label: texts.clauseStatus[value].label }))}
                    onChange={(status) => set({ status })}
                  />
                </label>
              </Filters>
              {nodes.length > 0 ? (
                <>
                  <Table
                    caption={texts.party.duties}
                    columns={columns(party.id)}
                    rows={nodes}
                    rowKey={(clause) => clause.id}
                    file={[party.slug, 'duties', asOf, heldBy ?? 'neutral']}
                    total={totalCount}
                  />
                  {nodes.length < totalCount && first < MAX_ROWS && (
                    <p className="actions">
                      <button type="button" onClick={() => setFirst(MAX_ROWS)}>
                        {texts.states.more}
                      </button>
                    </p>
                  )}
                </>
              ) : (
                <Empty>{role || status ? texts.party.dutiesNoMatch : texts.party.dutiesEmpty}</Empty>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

/** The roles of the party in a clause. A role is undisputed, or it is stated by a party. */
function rolesIn({ obligations }: PartyDutyFragment, party: string): string {
  return obligations
    .filter((obligation) => obligation.party.id === party)
    .map(({ role, heldBy }) => {
      const { label } = texts.obligationRole[role];
      return heldBy ? texts.party.roleHeldBy(label, heldBy.shortName) : label;
    })
    .join(', ');
}

const columns = (party: string): readonly Column<PartyDutyFragment>[] => [
  {
    title: texts.party.clause,
    isRowHeader: true,
    isWide: true,
    cell: (clause) => <TrackableLink item={clause} />,
    csv: (clause) => `${clause.reference} ${clause.heading}`,
  },
  { title: texts.party.role, cell: (clause) => rolesIn(clause, party), csv: (clause) => rolesIn(clause, party) },
  {
    title: texts.agreement.status,
    isLead: true,
    cell: (clause) => <StatusBadge status={clause.status} />,
    csv: (clause) => texts.clauseStatus[clause.status].label,
  },
  { title: texts.agreement.since, cell: (clause) => <DayText day={clause.statusSince} />, csv: (clause) => clause.statusSince },
  {
    title: texts.agreement.flags,
    isLead: true,
    cell: (clause) => (
      <>
        {clause.isContested && <Mark>{texts.agreement.contested}</Mark>}
        {clause.isOverdue && <Mark strong>{texts.agreement.overdue}</Mark>}
      </>
    ),
  },
  ...identityColumns<PartyDutyFragment>((clause) => [{ id: clause.id, to: pathTo(clause) }]),
];
