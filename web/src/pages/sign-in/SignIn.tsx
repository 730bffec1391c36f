import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSearch } from 'wouter';
import { hasRole, signIn, signOut, singleSignOn, useViewer } from '../../api/auth';
import { redirectTarget } from '../../api/redirect';
import { redirectAfterSignIn, Page } from '../../app/Page';
import { ErrorSummary, Field, type Problem } from '../../components/Form';
import { texts } from '../../texts';
import styles from './SignIn.module.css';

const FIELD = 'token';

/** Signs in with an access token or by single sign-on. Both return to the page from which the user came. */
export default function SignInPage() {
  const viewer = useViewer();
  const target = redirectTarget(useSearch());
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [isSignOutFailed, setSignOutFailed] = useState(false);
  const [singleSignOnAddress, setSingleSignOnAddress] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => void singleSignOn(target).then(setSingleSignOnAddress), [target]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (!token) return setProblems([{ field: FIELD, message: texts.signIn.tokenMissing }]);
    setBusy(true);
    const outcome = await signIn(token);
    if ('role' in outcome) redirectAfterSignIn(target);
    else {
      setBusy(false);
      const message = outcome.message === undefined ? texts.states.networkError : texts.signIn.refused(outcome.message);
      setProblems([{ field: outcome.message === undefined ? undefined : FIELD, message }]);
    }
  }

  return (
    // The field gets the focus only after navigation. On the first page, the first Tab reaches the link that skips the header.
    <Page title={texts.signIn.title} field={field}>
      <div className="prose">
        <ErrorSummary problems={problems} />
        {hasRole(viewer, 'READER') && (
          <p className="actions">
            {viewer && texts.signIn.already(viewer.name ?? '', texts.role[viewer.role].label)}{' '}
            <button type="button" onClick={() => void signOut().then((isDone) => setSignOutFailed(!isDone))}>
              {texts.account.signOut}
            </button>
            {isSignOutFailed && <span role="alert">{texts.account.signOutFailed}</span>}
          </p>
        )}
        <p>{texts.signIn.why}</p>
        {singleSignOnAddress && (
          <p className="actions">
            <a href={singleSignOnAddress} className={styles.singleSignOn}>
              {texts.signIn.singleSignOn}
            </a>{' '}
            <span className="muted">{texts.signIn.orToken}</span>
          </p>
        )}
        <form onSubmit={submit} noValidate className={styles.form}>
          <Field
            id={FIELD}
            label={texts.signIn.token}
            hint={texts.signIn.tokenHint}
            error={problems.find((problem) => problem.field === FIELD)?.message}
          >
            {(control) => (
              <input
                {...control}
                ref={field}
                type="password"
                autoComplete="current-password"
                spellCheck={false}
                className={styles.token}
              />
            )}
          </Field>
          <button type="submit" className="primary" disabled={isBusy}>
            {texts.signIn.submit}
          </button>
        </form>
        <h2>{texts.signIn.noToken}</h2>
        <p>{texts.signIn.noTokenText}</p>
      </div>
    </Page>
  );
}
