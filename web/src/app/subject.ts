import type { ChangeLineFragment, ChangeSubjectFragment } from '../api/types.gen';
import { statusName } from '../components/status';
import { pathTo } from '../components/TrackableLink';
import { texts } from '../texts';

/** An entry of the change log in words: the action, the record and its page, and the assessment if there is one. */
export function describeChange(change: AssessmentChange & Pick<ChangeLineFragment, 'subject'>) {
  return { action: texts.changeAction[change.action], ...describeSubject(change.subject), assessment: assessmentText(change) };
}

/** Such as `Eve assessed Minsk II, 9: Minimal since 27 Nov 2026 (neutral record)`. */
export function changeSentence(change: ChangeLineFragment): { line: string; to?: string } {
  const { action, name, to, assessment } = describeChange(change);
  return { line: texts.changes.line(change.actor, action, name, assessment), to };
}

type AssessmentChange = Pick<ChangeLineFragment, 'action' | 'before' | 'after'>;

/** Whether the assessment is dated before the one in force, which stays in force. */
export function isBackdated({ action, before, after }: AssessmentChange): boolean {
  const [earlier, later] = [assessmentIn(after), assessmentIn(before)];
  return action === 'ASSESSED' && earlier !== undefined && later !== undefined && earlier.effectiveOn < later.effectiveOn;
}

/**
 * The assessment of a change, and its viewpoint in words. `before` is the assessment that it replaces, if the status differs. `inForce`
 * is the later assessment that stays in force, if the assessment is backdated.
 */
export function assessmentOf(change: AssessmentChange) {
  const assessment = assessmentIn(change.after);
  if (!assessment) return undefined;
  const viewpoint = assessment.heldBy ? texts.view.partyView(assessment.heldBy.shortName) : texts.view.neutral;
  const earlier = assessmentIn(change.before);
  if (isBackdated(change)) return { assessment, viewpoint, inForce: earlier };
  return { assessment, viewpoint, before: earlier && statusName(earlier) !== statusName(assessment) ? earlier : undefined };
}

function assessmentText(change: AssessmentChange): string | undefined {
  const recorded = assessmentOf(change);
  if (!recorded) return undefined;
  const { assessment, viewpoint, inForce } = recorded;
  const text = texts.changes.assessed(statusName(assessment), assessment.effectiveDate, viewpoint);
  return inForce ? texts.changes.backdated(text, statusName(inForce), inForce.effectiveDate) : text;
}

function assessmentIn(fields: ChangeLineFragment['after']) {
  for (const { record } of fields) if (record && 'effectiveOn' in record) return record;
  return undefined;
}

/** The name of a record, and the page that shows it. */
export function describeSubject(subject: ChangeSubjectFragment): { name: string; to?: string } {
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
      return { name: subject.title, to: `/events/${subject.id}` };
    case 'Source':
      return { name: subject.title, to: `/sources/${subject.id}` };
    case 'Party':
      return { name: subject.shortName, to: `/parties/${subject.slug}` };
    case 'Topic':
      return { name: subject.name };
    default:
      return { name: texts.recordKind[subject.__typename] ?? texts.unnamedRecord };
  }
}
