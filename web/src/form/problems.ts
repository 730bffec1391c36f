import type { UserErrorCode } from '../api/schema.gen';
import type { Problem } from '../components/Form';

/** An error in the input of a mutation. The path starts with `input`. */
export interface UserError {
  code: UserErrorCode;
  path: readonly string[];
  message: string;
}

/** The server's errors as problems of fields, or of the whole form if `fieldOf` knows no field for their path. */
export function serverProblems(errors: readonly UserError[], fieldOf: (path: readonly string[]) => string | undefined): Problem[] {
  return errors.map(({ path, message }) => ({ field: fieldOf(path.slice(1)), message: capitalize(message) }));
}

const capitalize = (message: string) => message.charAt(0).toUpperCase() + message.slice(1);

export const isConflict = (errors: readonly UserError[]) => errors.some(({ code }) => code === 'CONFLICT');
