import type { UserErrorCode } from '../api/schema.gen';
import type { Problem } from '../components/Form';
import { capitalized } from '../format/sentences';
import { texts } from '../texts';

/** An error in the input of a mutation. The path starts with `input`. */
export interface UserError {
  code: UserErrorCode;
  path: readonly string[];
  message: string;
}

/** A field of a form: the id of its element, and its name for the user. */
export interface NamedField {
  id: string;
  name: string;
}

/** The server's errors as problems of fields, or of the whole form if `fieldAt` knows no field for their path. */
export function serverProblems(errors: readonly UserError[], fieldAt: (path: readonly string[]) => NamedField | undefined): Problem[] {
  return errors.map((error) => {
    if (isKeyUsed([error])) return { message: texts.form.recordedElsewhere };
    const field = fieldAt(error.path.slice(1));
    return field ? { field: field.id, message: `${field.name}: ${error.message}` } : { message: capitalized(error.message) };
  });
}

export const isConflict = (errors: readonly UserError[]) => errors.some(({ code }) => code === 'CONFLICT');

/** Whether another input was recorded with this idempotency key. */
export const isKeyUsed = (errors: readonly UserError[]) =>
  errors.some(({ code, path }) => code === 'DUPLICATE' && path.at(-1) === 'idempotencyKey');
