import type { ReactNode } from 'react';
import { hasRole, useViewer } from '../../api/auth';
import { useQuery } from '../../api/query';
import { useOpensRetraction } from '../../app/anchor';
import { DayText } from '../../components/DayText';
import { FoldedEvidence } from '../../components/FoldedEvidence';
import { identityColumns } from '../../components/identityColumns';
import { Link } from '../../components/Link';
import { Empty, Loaded } from '../../components/Loaded';
import { statusName } from '../../components/status';
import { BreachedBy } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { partyNames } from '../../format/names';
import { CaveatBadge, ProposalBadge } from '../../status/PositionBadge';
import { RetractRow } from '../../status/RetractRow';
import { texts } from '../../texts';
import { entriesOf, type Entry } from './history';
import type { Proposal } from './Proposal';
import styles from './Proposal.module.css';
import { ProposalHistoryDocument } from './Proposal.gen';

/** Events and assessments of the proposal and its caveats up to a day, latest first. */
export function History({ proposal, asOf }: { proposal: Proposal; asOf: string }) {
  const mayRetract = hasRole(useViewer(), 'EDITOR');
  const opensRetraction = useOpensRetraction();
  const [result, refetch] = useQuery({ query: ProposalHistoryDocument, variables: { slug: proposal.slug } });
  return (
    <section aria-labelledby="history">
      <h2 id="history" tabIndex={-1}>
        {texts.proposal.history}
      </h2>
      <Loaded result={result} retry={refetch}>
        {(data) => {
          const entries = entriesOf(data, proposal.events.nodes).filter((entry) => entry.day <= asOf);
          return entries.length === 0 ? (
            <Empty>{texts.proposal.historyEmpty}</Empty>
          ) : (
            <Table
              download={{ list: 'assessments', name: texts.timeline.kindNames.ASSESSMENT, parameters: { proposal: proposal.slug, asOf } }}
              caption={texts.proposal.history}
              columns={[...COLUMNS, ...identityColumns<Entry>((entry) => recordsOf(proposal.slug, entry)), ...(mayRetract ? [RETRACT] : [])]}
              rows={entries}
              rowKey={(entry) => entry.id}
              file={[proposal.slug, 'history', asOf]}
              limit={opensRetraction ? undefined : 5}
            />
          );
        }}
      </Loaded>
    </section>
  );
}

const statusOf = ({ assessment }: Entry) => (assessment ? statusName(assessment) : '');

function StatusOf({ assessment }: Entry) {
  if (!assessment) return null;
  return 'caveatStatus' in assessment ? <CaveatBadge status={assessment.caveatStatus} /> : <ProposalBadge status={assessment.proposalStatus} />;
}

const breakersOf = ({ assessment }: Entry) => (assessment && 'breachedBy' in assessment ? assessment.breachedBy : []);

function subjectOf({ numbers, event }: Entry): ReactNode {
  if (event) return texts.timelineEntry.kinds.EVENT;
  if (numbers.length === 0) return texts.timelineEntry.kinds.PROPOSAL;
  return (
    <span className={styles.spaced}>
      {numbers.map((number) => (
        <Link key={number} to={`#${encodeURIComponent(number)}`}>
          {number}
        </Link>
      ))}
    </span>
  );
}

const statusCell = (entry: Entry) => (
  <>
    <StatusOf {...entry} /> <BreachedBy parties={breakersOf(entry)} />
  </>
);

const holderOf = ({ assessment }: Entry) => assessment && (assessment.heldBy?.shortName ?? texts.view.neutral);

/** The event, or the assessments with the pages of their subjects. */
function recordsOf(slug: string, { id, event, retractable }: Entry) {
  if (event) return [{ id, to: `/events/${id}` }];
  return retractable.map(({ assessmentId, number }) => ({
    id: assessmentId,
    to: `/proposals/${slug}${number === undefined ? '' : `#${encodeURIComponent(number)}`}`,
  }));
}

const COLUMNS: readonly Column<Entry>[] = [
  { title: texts.proposal.day, isLead: true, cell: (entry) => <DayText day={entry.date} />, csv: (entry) => entry.date },
  {
    title: texts.proposal.subject,
    isLead: true,
    cell: subjectOf,
    csv: (entry) => (entry.event ? texts.timelineEntry.kinds.EVENT : entry.numbers.join('; ') || texts.timelineEntry.kinds.PROPOSAL),
  },
  { title: texts.agreement.status, isLead: true, cell: statusCell, csv: statusOf },
  { title: texts.breach.breakers, csv: (entry) => partyNames(breakersOf(entry)) },
  { title: texts.proposal.holder, isLead: true, cell: holderOf, csv: holderOf },
  {
    title: texts.proposal.note,
    isRowHeader: true,
    isWide: true,
    cell: ({ event, assessment }) => (event ? <span title={event.summary}>{event.title}</span> : assessment?.note),
    csv: ({ event, assessment }) => event?.title ?? assessment?.note,
  },
  {
    title: texts.proposal.evidence,
    isLead: true,
    cell: ({ assessment }) => assessment && <FoldedEvidence citations={assessment.citations} />,
    csv: ({ assessment }) => assessment?.citations.map(({ source }) => source.url ?? source.title).join('; '),
  },
];

/** The row of a retracted assessment is removed, so the heading gets the focus. */
const focusHeading = () => document.getElementById('history')?.focus();

const RETRACT: Column<Entry> = {
  title: texts.retract.column,
  cell: (entry) =>
    entry.retractable.map(({ assessmentId, number, version }) => (
      <RetractRow
        key={assessmentId}
        assessmentId={assessmentId}
        label={texts.retract.openFor(statusOf(entry), entry.date, number)}
        version={version}
        onDone={focusHeading}
      >
        {number}
      </RetractRow>
    )),
};
