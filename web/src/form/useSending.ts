import { useEffect, useRef } from 'react';
import { type TypedDocumentNode, useMutation } from 'urql';
import { pollNow } from '../api/live';
import type { UserError } from './problems';

/** A mutation whose root field has the alias `answer`. */
export type Sending<Input, Answer> = TypedDocumentNode<{ answer: Answer | null }, { input: Input }>;

/**
 * Sends a mutation. If the answer is lost, `error` is set: the same input with the same idempotency key can be sent again, and
 * is carried out once.
 */
export function useSending<Input, Answer extends { userErrors: readonly UserError[] }>(document: Sending<Input, Answer>) {
  const [{ fetching, error }, execute] = useMutation(document);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  /** Returns the server's answer. Undefined if there is none. */
  async function send(input: Input): Promise<Answer | undefined> {
    const { data } = await execute({ input });
    if (!data?.answer) return undefined;
    pollNow();
    return data.answer;
  }

  return { send, error, isSending: fetching, /** Whether the user is still on the page. */ isHere: () => isMounted.current };
}
