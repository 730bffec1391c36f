import { useEffect, useRef } from 'react';
import { type TypedDocumentNode, useMutation } from 'urql';
import { pollNow } from '../api/live';
import { isKeyUsed, type UserError } from './problems';
import type { DraftSendingState } from './useDraft';

/** A mutation whose root field has the alias `answer`. */
export type Sending<Input, Answer> = TypedDocumentNode<{ answer: Answer | null }, { input: Input }>;

interface AnyAnswer {
  userErrors: readonly UserError[];
}

/**
 * Sends a mutation. If the response is lost, `error` is set. The same input with the same idempotency key can then be sent again,
 * and the server executes it only once.
 */
export function useSending<Input, Answer extends AnyAnswer>(document: Sending<Input, Answer>) {
  const [{ fetching, error }, execute] = useMutation(document);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  /** Returns the server's response. `isUnanswered` is true if no response arrived, so the outcome is unknown. */
  async function attempt(input: Input): Promise<{ answer?: Answer; isUnanswered: boolean }> {
    const { data, error } = await execute({ input });
    if (!data?.answer) return { isUnanswered: error?.networkError !== undefined };
    pollNow();
    return { answer: data.answer, isUnanswered: false };
  }

  /** Returns the server's response. Undefined if there is none. */
  const send = async (input: Input) => (await attempt(input)).answer;

  return { send, attempt, error, isSending: fetching, /** Whether the user is still on the page. */ isHere: () => isMounted.current };
}

/** The server's response to a draft. */
interface DraftAnswer<Answer> {
  answer: Answer;
  /** Whether the server had already recorded an earlier version of the draft, whose response was lost. */
  isEarlier: boolean;
}

/** Sends a draft. The server records at most one version of it. */
export function useDraftSending<Answer extends AnyAnswer>(document: Sending<object, Answer>, state: DraftSendingState) {
  const sending = useSending(document);
  const { key, unanswered, setUnanswered, renewKey } = state;

  async function send(content: Record<string, unknown>): Promise<DraftAnswer<Answer> | undefined> {
    const input = { ...content, idempotencyKey: key };
    const earlier = unanswered.filter((other) => JSON.stringify(other) !== JSON.stringify(input));
    // Stored before the response arrives, so that the input is kept if the tab is closed in the meantime.
    setUnanswered([...earlier, input]);
    const { answer, isUnanswered } = await sending.attempt(input);
    if (isUnanswered) return undefined;
    setUnanswered(earlier);
    if (!answer) return undefined;
    if (!isKeyUsed(answer.userErrors)) return { answer, isEarlier: false };
    for (const other of earlier) {
      const { answer: first } = await sending.attempt(other);
      if (!first) return undefined;
      if (isKeyUsed(first.userErrors)) continue;
      renewKey();
      return { answer: first, isEarlier: contentOf(other) !== contentOf(input) };
    }
    // Another tab has already recorded this form.
    renewKey();
    return { answer, isEarlier: false };
  }

  return { ...sending, send };
}

/** The changes of an input, without the version on which it is based. */
const contentOf = (input: object) => JSON.stringify({ ...input, expectedVersion: undefined });
