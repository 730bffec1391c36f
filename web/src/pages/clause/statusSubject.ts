import { INITIAL_HISTORY } from '../../status/historyLimits';
import { CLAUSE_STATUSES } from '../../status/clauseStatuses';
import { lookup, type StatusKind, type StatusSubject, statusMutation, statusSubmission } from '../../status/subject';
import type { Clause } from './Clause';
import { ClauseHistoryDocument, StatusBeforeDocument, SubmitClauseStatusDocument, UpdateClauseStatusDocument, UpdateSourcesDocument } from './Clause.gen';
import { citedSources } from './sources';

const CLAUSE: StatusKind = {
  ...CLAUSE_STATUSES,
  hasBreakers: true,
  update: statusMutation(UpdateClauseStatusDocument),
  submit: statusSubmission(SubmitClauseStatusDocument),
  idField: 'clauseId',
};

/** The clause as the subject of the form that updates its status. */
export function statusSubject(clause: Clause): StatusSubject {
  const { id, version, reference, agreement, criteria, obligations, viewpoints } = clause;
  const names = { agreement: agreement.slug, number: clause.number };
  const obliged = obligations.map(({ party }) => party.id);
  return {
    kind: CLAUSE,
    id,
    version,
    reference,
    firstDay: agreement.agreedOn,
    criteria,
    related: [...obliged, ...viewpoints.flatMap(({ heldBy }) => heldBy?.id ?? [])],
    obliged,
    inForce: clause.assessment,
    history: lookup(
      ClauseHistoryDocument,
      { ...names, first: INITIAL_HISTORY },
      ({ clause }) => clause && { version: clause.version, assessments: clause.assessments.nodes },
    ),
    context: lookup(
      UpdateSourcesDocument,
      names,
      (data) =>
        data.clause && {
          cited: citedSources(data),
          events: data.clause.events.nodes,
          parties: data.clause.agreement.parties.map(({ party }) => party.id),
        },
    ),
    statusOn: (asOf, heldBy) => lookup(StatusBeforeDocument, { ...names, asOf, heldBy }, ({ clause }) => clause?.status),
  };
}
