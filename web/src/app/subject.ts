import type { ChangeLineFragment, ChangeSubjectFragment } from '../api/types.gen';
import { statusName } from '../components/status';
import { pathTo } from '../components/TrackableLink';
import { texts } from '../texts';

/** What a change of the log tells: what was done to which record, the page that shows it, and which judgement that was. */
export function changeOf({ action, subject, after }: Pick<ChangeLineFragment, 'action' | 'subject' | 'after'>) {
  return { done: texts.changeAction[action], ...subjectOf(subject), judgement: judgementOf(after) };
}

/** The same in a line, such as `Eve judged Minsk II, 9: Minimal since 27 Nov 2026 (neutral record)`. */
export function changeLine(change: ChangeLineFragment): { line: string; to?: string } {
  const { done, name, to, judgement } = changeOf(change);
  return { line: texts.changes.line(change.actor, done, name, judgement), to };
}

function judgementOf(after: ChangeLineFragment['after']): string | undefined {
  for (const { record } of after) {
    if (record && 'effectiveOn' in record) {
      const viewpoint = record.heldBy ? texts.view.partyView(record.heldBy.shortName) : texts.view.neutral;
      return texts.changes.judged(statusName(record), record.effectiveOn, viewpoint);
    }
  }
  return undefined;
}

/** What a record of the change log is called, and the page that shows it. */
export function subjectOf(subject: ChangeSubjectFragment): { name: string; to?: string } {
  switch (subject.__typename) {
    case 'Agreement':
      return { name: subject.shortTitle, to: `/agreements/${subject.slug}` };
    case 'Clause':
    case 'Caveat':
    case 'Proposal':
      return { name: subject.reference, to: pathTo(subject) };
    case 'ClauseAssessment':
      return { name: subject.clause.reference, to: pathTo(subject.clause) };
    case 'CaveatAssessment':
      return { name: subject.caveat.reference, to: pathTo(subject.caveat) };
    case 'ProposalAssessment':
      return { name: subject.proposal.reference, to: pathTo(subject.proposal) };
    case 'Event':
    case 'Source':
      return { name: subject.title };
    case 'Party':
      return { name: subject.shortName };
    case 'Topic':
      return { name: subject.name };
    default:
      return { name: texts.recordKind[subject.__typename] ?? texts.aRecord };
  }
}
