import type { View } from '../app/view';
import type { StatusAssessment } from './subject';

type Assessment = Pick<StatusAssessment, 'id' | 'effectiveOn' | 'recordedAt' | 'heldBy'>;

/** Whether the page shows the recorded assessment, or the reason why it does not. */
export type RecordedState = 'SHOWN' | 'OTHER_VIEW' | 'LATER_DAY' | 'EARLIER' | 'REPLACED';

/** How the page shows the recorded assessment. `inForce` is the assessment on the page, which may have been loaded before the recording. */
export function recordedStateOf(recorded: Assessment, inForce: Assessment | null, { asOf, heldBy }: View): RecordedState {
  const holder = recorded.heldBy;
  if (holder ? heldBy !== holder.slug && heldBy !== holder.id : heldBy !== undefined) return 'OTHER_VIEW';
  if (asOf !== undefined && recorded.effectiveOn > asOf) return 'LATER_DAY';
  if (!inForce || inForce.id === recorded.id) return 'SHOWN';
  if (inForce.effectiveOn > recorded.effectiveOn) return 'EARLIER';
  return inForce.recordedAt > recorded.recordedAt ? 'REPLACED' : 'SHOWN';
}
