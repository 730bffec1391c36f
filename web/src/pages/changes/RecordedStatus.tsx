import type { ChangeLineFragment } from '../../api/types.gen';
import { assessmentOf } from '../../app/subject';
import { StatusBadge } from '../../components/StatusBadge';
import { statusName } from '../../components/status';
import { withinSentence } from '../../format/sentences';
import { CaveatBadge, ProposalBadge } from '../../status/PositionBadge';
import { texts } from '../../texts';

interface Props {
  change: Pick<ChangeLineFragment, 'action' | 'before' | 'after'>;
  /** Shown before the status. */
  separator?: string;
}

/** The status that a change recorded, after the status that it replaced, with its date and viewpoint. Empty for changes without an assessment. */
export function RecordedStatus({ change, separator }: Props) {
  const recorded = assessmentOf(change);
  if (!recorded) return null;
  const { assessment, before, viewpoint, inForce } = recorded;
  return (
    <>
      {separator}
      {before && (
        <>
          <Badge of={before} /> <span aria-hidden="true">→</span>
          <span className="visually-hidden">{texts.changes.becomes}</span>{' '}
        </>
      )}
      <Badge of={assessment} />{' '}
      {texts.changes.since(assessment.effectiveDate)} · {withinSentence(viewpoint)}
      {inForce && ` · ${texts.changes.staysInForce(statusName(inForce), inForce.effectiveDate)}`}
    </>
  );
}

function Badge({ of: assessment }: { of: NonNullable<ReturnType<typeof assessmentOf>>['assessment'] }) {
  if ('clauseStatus' in assessment) return <StatusBadge status={assessment.clauseStatus} />;
  if ('caveatStatus' in assessment) return <CaveatBadge status={assessment.caveatStatus} />;
  return <ProposalBadge status={assessment.proposalStatus} />;
}
