import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { refetchAll } from '../../api/client';
import type { Role } from '../../api/schema.gen';
import { CopyButton } from '../../components/CopyButton';
import { ErrorSummary, Field, FormFailure, type Problem, Select } from '../../components/Form';
import { texts } from '../../texts';
import { parseDays } from './state';
import { CreateTokenDocument } from './Tokens.gen';
import styles from './Tokens.module.css';

const FIELDS: Record<string, string> = { name: 'token-name', role: 'token-role', expiresInDays: 'token-days' };
const ROLES: readonly Role[] = ['READER', 'EDITOR', 'ADMIN'];

/** Creates a token and shows its text once. The server stores only a hash. */
export function CreateToken() {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('EDITOR');
  const [days, setDays] = useState('90');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [created, setCreated] = useState<{ name: string; secret: string }>();
  const [{ fetching, error }, create] = useMutation(CreateTokenDocument);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const expiresInDays = parseDays(days);
    const missing: Problem[] = [
      ...(name.trim() ? [] : [{ field: FIELDS.name, message: texts.tokens.nameMissing }]),
      ...(Number.isNaN(expiresInDays) ? [{ field: FIELDS.expiresInDays, message: texts.tokens.daysInvalid }] : []),
    ];
    setProblems(missing);
    if (missing.length > 0) return;
    const { data } = await create({ input: { name: name.trim(), role, expiresInDays } });
    const answer = data?.createToken;
    if (!answer) return;
    if (answer.secret && answer.token) {
      setCreated({ name: answer.token.name, secret: answer.secret });
      setName('');
      refetchAll();
    } else {
      setProblems(answer.userErrors.map(({ path, message }) => ({ field: FIELDS[path[1] ?? ''], message })));
    }
  }

  const errorOf = (field: string | undefined) => problems.find((problem) => problem.field === field)?.message;
  return (
    <section aria-labelledby="create" className="no-print">
      <h2 id="create">{texts.tokens.create}</h2>
      {created && <Secret {...created} onDone={() => setCreated(undefined)} />}
      <ErrorSummary problems={problems} />
      <form onSubmit={submit} noValidate className={styles.form}>
        <Field id="token-name" label={texts.tokens.name} hint={texts.tokens.nameHint} error={errorOf(FIELDS.name)}>
          {(control) => (
            <input
              {...control}
              type="text"
              autoComplete="off"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field id="token-role" label={texts.tokens.role} hint={texts.role[role].meaning} error={errorOf(FIELDS.role)}>
          {(control) => (
            <Select
              {...control}
              value={role}
              choices={ROLES.map((value) => ({ value, label: texts.role[value].label }))}
              onChange={(value) => setRole(value as Role)}
            />
          )}
        </Field>
        <Field id="token-days" label={texts.tokens.days} hint={texts.tokens.daysHint} isOptional error={errorOf(FIELDS.expiresInDays)}>
          {(control) => (
            <input {...control} inputMode="numeric" size={6} value={days} onChange={(event) => setDays(event.target.value)} />
          )}
        </Field>
        <button type="submit" className="primary" disabled={fetching}>
          {texts.tokens.submit}
        </button>
      </form>
      <FormFailure error={error} ifUnknown={texts.tokens.lookFirst} />
    </section>
  );
}

function Secret({ name, secret, onDone }: { name: string; secret: string; onDone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [secret]);

  return (
    <div className={styles.secret} role="status">
      <h3>{texts.tokens.created(name)}</h3>
      <p>{texts.tokens.once}</p>
      <p className="actions">
        <input
          ref={field}
          readOnly
          aria-label={texts.tokens.secret}
          value={secret}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={secret} select={() => field.current?.select()} />
        <button type="button" className="quiet" onClick={onDone}>
          {texts.tokens.stored}
        </button>
      </p>
    </div>
  );
}
