import type { CombinedError } from 'urql';
import { isForbidden, needsSignIn } from '../../api/client';
import { signInAddress } from '../../api/way';
import { texts } from '../../texts';

/** Why a form was not sent; what was written stays. */
export function FormFailure({ error }: { error: CombinedError | undefined }) {
  if (!error) return null;
  const here = window.location.pathname + window.location.search;
  if (needsSignIn(error) || isForbidden(error)) {
    return (
      <p role="alert">
        <strong>{isForbidden(error) ? texts.states.forbidden : texts.form.signInEnded}</strong>{' '}
        <a href={signInAddress(here)} target="_blank" rel="noreferrer">
          {texts.form.signInElsewhere}
        </a>{' '}
        {texts.form.thenAgain}
      </p>
    );
  }
  const messages = error.graphQLErrors.map((it) => it.message);
  return (
    <p role="alert">
      <strong>{texts.form.notSent}</strong> {messages.length > 0 ? messages.join(' ') : texts.states.networkError}
    </p>
  );
}
