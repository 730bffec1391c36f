import { useState } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useParameters } from '../../app/view';
import { BATCH_PARAMETER } from '../../batch/drafts';
import { useRowSelection } from '../../batch/useRowSelection';
import { DayText } from '../../components/DayText';
import { FoldedEvidence } from '../../components/FoldedEvidence';
import { identityColumns } from '../../components/identityColumns';
import { lazy } from '../../components/lazy';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { type Column, Table } from '../../components/Table';
import { pathTo, TrackableLink } from '../../components/TrackableLink';
import { partyNames } from '../../format/names';
import { CaveatBadge, ProposalBadge } from '../../status/PositionBadge';
import { texts } from '../../texts';
import type { Caveat, Proposal } from './Proposal';
import styles from './Proposal.module.css';

const Batch = lazy(() => import('../../batch/Batch'), () => null);
const NO_CAVEATS: readonly Caveat[] = [];

type Assessment = Proposal['viewpoints'][number];
type ClauseLink = Caveat['clauseLinks'][number] & { caveat: Caveat };

interface Props {
  proposal: Proposal;
  asOf: string;
}

/** The assessments of the proposal: of the neutral record and of each party. */
export function Viewpoints({ proposal, asOf }: Props) {
  const { slug, viewpoints, addressedTo } = proposal;
  const silent = addressedTo.filter(({ id }) => viewpoints.every((assessment) => assessment.heldBy?.id !== id));
  return (
    <section aria-labelledby="views">
      <h2 id="views">{texts.proposal.views}</h2>
      {viewpoints.length === 0 ? (
        <Empty>{texts.proposal.viewsEmpty}</Empty>
      ) : (
        <Table
          caption={texts.proposal.views}
          columns={[...VIEW_COLUMNS, ...identityColumns<Assessment>(({ id }) => [{ id, to: `/proposals/${slug}` }])]}
          rows={viewpoints}
          rowKey={(assessment) => assessment.id}
          file={[slug, 'views', asOf]}
        />
      )}
      {silent.length > 0 && <p className="hint">{texts.proposal.silent(partyNames(silent))}</p>}
    </section>
  );
}

const VIEW_COLUMNS: readonly Column<Assessment>[] = [
  {
    title: texts.proposal.holder,
    isRowHeader: true,
    cell: (assessment) => assessment.heldBy?.shortName ?? texts.view.neutral,
    csv: (assessment) => assessment.heldBy?.shortName ?? texts.view.neutral,
  },
  {
    title: texts.agreement.status,
    isLead: true,
    cell: (assessment) => <ProposalBadge status={assessment.proposalStatus} />,
    csv: (assessment) => texts.proposalStatus[assessment.proposalStatus],
  },
  { title: texts.agreement.since, cell: (assessment) => <DayText day={assessment.effectiveDate} />, csv: (assessment) => assessment.effectiveDate },
  { title: texts.proposal.note, isWide: true, isLead: true, cell: (assessment) => assessment.note, csv: (assessment) => assessment.note },
  {
    title: texts.proposal.evidence,
    cell: (assessment) => <FoldedEvidence citations={assessment.citations} />,
    csv: (assessment) => assessment.citations.map(({ source }) => source.url ?? source.title).join('; '),
  },
];

/** All caveats in one table, which can be downloaded. Editors can select its rows. */
export function CaveatTable({ proposal: { slug, caveats }, asOf }: Props) {
  const [parameters] = useParameters();
  // The list is open if the address opens the dialog, so that the rows of the draft can be selected.
  const [isOpen, setOpen] = useState(() => parameters.has(BATCH_PARAMETER));
  const canSelect = hasRole(useViewer(), 'EDITOR');
  const selection = useRowSelection(isOpen ? caveats.nodes : NO_CAVEATS, { type: 'Caveat', isOn: canSelect, isLoaded: isOpen });
  if (caveats.nodes.length === 0) return selection.batch.unmatched ? <Batch {...selection.batch} /> : null;
  return (
    <details className={styles.table} open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{texts.proposal.allCaveats}</summary>
      <Table
        caption={texts.proposal.caveats}
        columns={canSelect ? [selection.column, ...CAVEAT_COLUMNS] : CAVEAT_COLUMNS}
        rows={caveats.nodes}
        rowKey={(caveat) => caveat.id}
        download={{ list: 'caveats', parameters: { proposal: slug, asOf } }}
      />
      {canSelect && <Batch {...selection.batch} />}
    </details>
  );
}

const CAVEAT_COLUMNS: readonly Column<Caveat>[] = [
  { title: texts.agreement.number, isLead: true, cell: (caveat) => caveat.number },
  {
    title: texts.proposal.caveat,
    isRowHeader: true,
    isWide: true,
    cell: (caveat) => <Link to={`#${encodeURIComponent(caveat.number)}`}>{caveat.heading}</Link>,
  },
  {
    title: texts.proposal.kind,
    cell: (caveat) => texts.caveatKind[caveat.kind],
  },
  { title: texts.proposal.owedBy, cell: (caveat) => partyNames(caveat.owedBy) },
  { title: texts.proposal.owedTo, cell: (caveat) => partyNames(caveat.owedTo) },
  {
    title: texts.agreement.status,
    cell: (caveat) => <CaveatBadge status={caveat.status} />,
  },
  { title: texts.agreement.since, cell: (caveat) => <DayText day={caveat.statusSince} /> },
  {
    title: texts.proposal.inExchangeFor,
    cell: (caveat) => caveat.inExchangeFor.map((other) => other.number).join(', '),
  },
];

/** The links from caveats to clauses of agreements. */
export function ClauseLinks({ proposal: { slug, caveats } }: { proposal: Proposal }) {
  const links = caveats.nodes.flatMap((caveat) => caveat.clauseLinks.map((link): ClauseLink => ({ ...link, caveat })));
  return (
    <section aria-labelledby="clauses">
      <h2 id="clauses">{texts.proposal.clauses}</h2>
      {links.length === 0 ? (
        <Empty>{texts.proposal.clausesEmpty}</Empty>
      ) : (
        <Table
          caption={texts.proposal.clauses}
          columns={LINK_COLUMNS}
          rows={links}
          rowKey={(link) => link.id}
          file={[slug, 'clauses']}
          limit={5}
        />
      )}
    </section>
  );
}

const LINK_COLUMNS: readonly Column<ClauseLink>[] = [
  {
    title: texts.proposal.caveat,
    isLead: true,
    cell: ({ caveat }) => <Link to={`#${encodeURIComponent(caveat.number)}`}>{caveat.number}</Link>,
    csv: ({ caveat }) => caveat.number,
  },
  {
    title: texts.proposal.linkKind,
    isLead: true,
    cell: ({ kind }) => texts.caveatToClause[kind],
    csv: ({ kind }) => texts.caveatToClause[kind],
  },
  {
    title: texts.agreement.clause,
    isRowHeader: true,
    cell: ({ clause }) => <TrackableLink item={clause} />,
    csv: ({ clause }) => `${clause.reference} ${clause.heading}`,
  },
  { title: texts.proposal.note, isWide: true, isLead: true, cell: (link) => link.note, csv: (link) => link.note },
  ...identityColumns<ClauseLink>(({ clause }) => [{ id: clause.id, to: pathTo(clause) }]),
];
