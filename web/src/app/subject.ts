import type { ChangeLineFragment, ChangeSubjectFragment } from '../api/types.gen';
import { statusName } from '../components/status';
import { pathTo } from '../components/TrackableLink';
import { texts } from '../texts';

/** What a change of the log tells: what was done to which record, the page that shows it, and which judgement that was. */
export function changeOf(change: JudgementChange & Pick<ChangeLineFragment, 'subject'>) {
  return { done: texts.changeAction[change.action], ...subjectOf(change.subject), judgement: judgementOf(change) };
}

/** The same in a line, such as `Eve judged Minsk II, 9: Minimal since 27 Nov 2026 (neutral record)`. */
export function changeLine(change: ChangeLineFragment): { line: string; to?: string } {
  const { done, name, to, judgement } = changeOf(change);
  return { line: texts.changes.line(change.actor, done, name, judgement), to };
}

type JudgementChange = Pick<ChangeLineFragment, 'action' | 'before' | 'after'>;

/** Whether a judgement was recorded for a day before the one in force: that one stays in force. */
export function isBackdated({ action, before, after }: JudgementChange): boolean {
  const [earlier, later] = [judgementIn(after), judgementIn(before)];
  return action === 'ASSESSED' && earlier !== undefined && later !== undefined && earlier.effectiveOn < later.effectiveOn;
}

function judgementOf(change: JudgementChange): string | undefined {
  const judgement = judgementIn(change.after);
  if (!judgement) return undefined;
  const viewpoint = judgement.heldBy ? texts.view.partyView(judgement.heldBy.shortName) : texts.view.neutral;
  const judged = texts.changes.assessed(statusName(judgement), judgement.effectiveOn, viewpoint);
  const inForce = isBackdated(change) && judgementIn(change.before);
  return inForce ? texts.changes.backdated(judged, statusName(inForce), inForce.effectiveOn) : judged;
}

function judgementIn(fields: ChangeLineFragment['after']) {
  for (const { record } of fields) if (record && 'effectiveOn' in record) return record;
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
      return { name: texts.recordKind[subject.__typename] ?? texts.unnamedRecord };
  }
}
