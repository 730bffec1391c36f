import { DayText } from '../../components/DayText';
import { Link } from '../../components/Link';
import { Empty } from '../../components/Loaded';
import { SourceLink } from '../../components/SourceLink';
import { type Column, Table } from '../../components/Table';
import { TrackableLink } from '../../components/TrackableLink';
import { namesOf } from '../../format/words';
import { texts } from '../../texts';
import type { Caveat, Proposal } from './Proposal';
import styles from './Proposal.module.css';

type View = Proposal['viewpoints'][number];
type ClauseLink = Caveat['clauseLinks'][number] & { caveat: Caveat };

interface Props {
  proposal: Proposal;
  asOf: string;
}

/** How it stands in each view: the neutral record's, its addressees' and its makers'. */
export function Viewpoints({ proposal, asOf }: Props) {
  const { slug, viewpoints, addressedTo } = proposal;
  const silent = addressedTo.filter(({ id }) => viewpoints.every((it) => it.heldBy?.id !== id));
  return (
    <section aria-labelledby="views">
      <h2 id="views">{texts.proposal.views}</h2>
      {viewpoints.length === 0 ? (
        <Empty>{texts.proposal.viewsEmpty}</Empty>
      ) : (
        <Table
          caption={texts.proposal.views}
          columns={VIEW_COLUMNS}
          rows={viewpoints}
          rowKey={(it) => it.id}
          file={[slug, 'views', asOf]}
        />
      )}
      {silent.length > 0 && <p className="hint">{texts.proposal.silent(namesOf(silent))}</p>}
    </section>
  );
}

const VIEW_COLUMNS: readonly Column<View>[] = [
  {
    title: texts.proposal.holder,
    isRowHeader: true,
    cell: (it) => it.heldBy?.shortName ?? texts.view.neutral,
    csv: (it) => it.heldBy?.shortName ?? texts.view.neutral,
  },
  {
    title: texts.agreement.status,
    isLead: true,
    cell: (it) => <strong>{texts.proposalStatus[it.proposalStatus]}</strong>,
    csv: (it) => texts.proposalStatus[it.proposalStatus],
  },
  { title: texts.agreement.since, cell: (it) => <DayText day={it.effectiveOn} />, csv: (it) => it.effectiveOn },
  { title: texts.proposal.note, isWide: true, isLead: true, cell: (it) => it.note, csv: (it) => it.note },
  {
    title: texts.proposal.evidence,
    isWide: true,
    cell: (it) => (
      <span className={styles.spaced}>
        {it.evidence.map((source) => (
          <SourceLink key={source.id} source={source} />
        ))}
      </span>
    ),
    csv: (it) => it.evidence.map((source) => source.url ?? source.title).join('; '),
  },
];

/** Every caveat in one table, to be taken along. */
export function CaveatTable({ proposal: { slug, caveats }, asOf }: Props) {
  if (caveats.nodes.length === 0) return null;
  return (
    <details className={styles.table}>
      <summary>{texts.proposal.allCaveats}</summary>
      <Table
        caption={texts.proposal.caveats}
        columns={CAVEAT_COLUMNS}
        rows={caveats.nodes}
        rowKey={(it) => it.id}
        file={[slug, 'caveats', asOf]}
      />
    </details>
  );
}

const CAVEAT_COLUMNS: readonly Column<Caveat>[] = [
  { title: texts.agreement.number, isLead: true, cell: (it) => it.number, csv: (it) => it.number },
  {
    title: texts.proposal.caveat,
    isRowHeader: true,
    isWide: true,
    cell: (it) => <Link to={`#${encodeURIComponent(it.number)}`}>{it.heading}</Link>,
    csv: (it) => it.heading,
  },
  {
    title: texts.proposal.kind,
    cell: (it) => texts.caveatKind[it.kind],
    csv: (it) => texts.caveatKind[it.kind],
  },
  { title: texts.proposal.owedBy, cell: (it) => namesOf(it.owedBy), csv: (it) => namesOf(it.owedBy) },
  { title: texts.proposal.owedTo, cell: (it) => namesOf(it.owedTo), csv: (it) => namesOf(it.owedTo) },
  {
    title: texts.agreement.status,
    cell: (it) => texts.caveatStatus[it.status],
    csv: (it) => texts.caveatStatus[it.status],
  },
  { title: texts.agreement.since, cell: (it) => <DayText day={it.statusSince} />, csv: (it) => it.statusSince },
  {
    title: texts.proposal.inExchangeFor,
    cell: (it) => it.inExchangeFor.map((other) => other.number).join(', '),
    csv: (it) => it.inExchangeFor.map((other) => other.number).join('; '),
  },
];

/** What its caveats are to clauses of agreements. */
export function ClauseLinks({ proposal: { slug, caveats } }: { proposal: Proposal }) {
  const links = caveats.nodes.flatMap((caveat) => caveat.clauseLinks.map((it): ClauseLink => ({ ...it, caveat })));
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
          rowKey={(it) => it.id}
          file={[slug, 'clauses']}
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
  { title: texts.proposal.note, isWide: true, isLead: true, cell: (it) => it.note, csv: (it) => it.note },
];
