import type { SourceNameFragment } from '../../api/types.gen';
import { INITIAL_HISTORY } from '../../status/historyLimits';
import { CAVEAT_STATUSES, PROPOSAL_STATUSES } from '../../status/kinds';
import { lookup, type StatusContext, type StatusKind, type StatusSubject, statusMutation, statusSubmission } from '../../status/subject';
import type { Caveat, Proposal } from './Proposal';
import {
  CaveatStatusBeforeDocument,
  CaveatStatusContextDocument,
  CaveatStatusHistoryDocument,
  ProposalStatusBeforeDocument,
  ProposalStatusContextDocument,
  ProposalStatusHistoryDocument,
  SubmitCaveatStatusDocument,
  SubmitProposalStatusDocument,
  UpdateCaveatStatusDocument,
  UpdateProposalStatusDocument,
} from './Status.gen';

const PROPOSAL: StatusKind = {
  ...PROPOSAL_STATUSES,
  hasBreakers: false,
  update: statusMutation(UpdateProposalStatusDocument),
  submit: statusSubmission(SubmitProposalStatusDocument),
  idField: 'proposalId',
};

const CAVEAT: StatusKind = {
  ...CAVEAT_STATUSES,
  hasBreakers: true,
  update: statusMutation(UpdateCaveatStatusDocument),
  submit: statusSubmission(SubmitCaveatStatusDocument),
  idField: 'caveatId',
};

const idsOf = (records: readonly { id: string }[]) => records.map(({ id }) => id);
const holdersOf = ({ viewpoints }: Proposal | Caveat) => viewpoints.flatMap(({ heldBy }) => heldBy?.id ?? []);

/** The proposal as the subject of the form that updates its status. */
export function proposalSubject(proposal: Proposal): StatusSubject {
  const { id, slug, version, reference, madeOn } = proposal;
  return {
    kind: PROPOSAL,
    id,
    version,
    reference,
    firstDay: madeOn,
    criteria: [],
    related: [...idsOf(proposal.proposedBy), ...idsOf(proposal.addressedTo), ...holdersOf(proposal)],
    obliged: [],
    inForce: proposal.assessment,
    history: lookup(
      ProposalStatusHistoryDocument,
      { slug, first: INITIAL_HISTORY },
      ({ proposal }) => proposal && { version: proposal.version, assessments: proposal.assessments.nodes },
    ),
    context: lookup(ProposalStatusContextDocument, { slug }, ({ proposal }) => proposal && contextOf(proposal)),
    statusOn: (asOf, heldBy) => lookup(ProposalStatusBeforeDocument, { slug, asOf, heldBy }, ({ proposal }) => proposal?.status),
  };
}

/** A caveat as the subject of the form that updates its status. */
export function caveatSubject(caveat: Caveat): StatusSubject {
  const { id, version, reference, owedBy, owedTo } = caveat;
  const obliged = [...idsOf(owedBy), ...idsOf(owedTo)];
  return {
    kind: CAVEAT,
    id,
    version,
    reference,
    firstDay: caveat.proposal.madeOn,
    criteria: [],
    related: [...obliged, ...holdersOf(caveat)],
    obliged,
    inForce: caveat.assessment,
    history: lookup(CaveatStatusHistoryDocument, { id, first: INITIAL_HISTORY }, ({ node }) =>
      node && 'assessments' in node ? { version: node.version, assessments: node.assessments.nodes } : undefined,
    ),
    context: lookup(CaveatStatusContextDocument, { id }, ({ node }) =>
      node && 'proposal' in node
        ? contextOf(node, [...idsOf(node.proposal.proposedBy), ...idsOf(node.proposal.addressedTo)], node.proposal)
        : undefined,
    ),
    statusOn: (asOf, heldBy) =>
      lookup(CaveatStatusBeforeDocument, { id, asOf, heldBy }, ({ node }) => (node && 'status' in node ? node.status : undefined)),
  };
}

interface Cited {
  source: SourceNameFragment | null;
  assessments?: { nodes: readonly { evidence: readonly SourceNameFragment[] }[] };
  events: { nodes: readonly { id: string; title: string; happenedOn: string; date: string; sources: readonly SourceNameFragment[] }[] };
}

/** The sources and events of a caveat and its proposal, or of a proposal alone, as options of the form. */
function contextOf(record: Cited, parties: readonly string[] = [], proposal?: Cited): StatusContext {
  const all = proposal ? [record, proposal] : [record];
  const events = all.flatMap(({ events }) => events.nodes);
  const sources = all.flatMap(({ source, assessments, events }) => [
    source,
    ...(assessments?.nodes.flatMap(({ evidence }) => evidence) ?? []),
    ...events.nodes.flatMap(({ sources }) => sources),
  ]);
  return {
    cited: distinct(sources.flatMap((source) => source ?? [])),
    events: distinct(events).toSorted((first, second) => first.happenedOn.localeCompare(second.happenedOn)),
    parties,
  };
}

const distinct = <Record extends { id: string }>(records: readonly Record[]): Record[] => [
  ...new Map(records.map((record) => [record.id, record])).values(),
];
