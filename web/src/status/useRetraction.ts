import type { Problem } from '../components/Form';
import { isConflict, isKeyUsed, serverProblems, type UserError } from '../form/problems';
import { useSending } from '../form/useSending';
import { texts } from '../texts';
import { RetractAssessmentDocument } from './Status.gen';

/** Retracts an assessment. `version` is the version of the subject that the user has seen. */
export function useRetraction(assessmentId: string, version: number | undefined, idempotencyKey: string) {
  const { send, isSending, error } = useSending(RetractAssessmentDocument);

  /** Returns the errors of the server, or undefined if it did not respond. */
  async function retract(reason: string): Promise<readonly UserError[] | undefined> {
    const answer = await send({ assessmentId, expectedVersion: version, idempotencyKey, reason });
    // If the key is used, an earlier attempt, whose response was lost, has retracted the assessment with another reason.
    return answer && isKeyUsed(answer.userErrors) ? [] : answer?.userErrors;
  }

  return { retract, isSending, error };
}

/** The errors as problems of the field for the reason, or of the whole form. */
export function retractionProblems(errors: readonly UserError[], reasonField: string): Problem[] {
  if (isConflict(errors)) return [{ message: texts.retract.conflict }];
  return serverProblems(errors, (path) => (path[0] === 'reason' ? { id: reasonField, name: texts.retract.reason } : undefined));
}
