import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { CombinedError } from 'urql';
import { currentPath, onHost } from '../browser/base';
import { isForbidden, needsSignIn } from '../api/client';
import { signInAddress } from '../api/redirect';
import { texts } from '../texts';
import { capitalized } from '../format/sentences';
import { focusMessage } from './focus';
import styles from './Form.module.css';

export interface Problem {
  /** The id of the field. Undefined for a problem of the whole form. */
  field?: string;
  message: string;
}

/** Lists the problems of a form, each with a link to its field. Gets the focus. */
export function ErrorSummary({ problems }: { problems: readonly Problem[] }) {
  const box = useRef<HTMLDivElement>(null);
  const title = useId();
  useEffect(() => {
    if (problems.length > 0) focusMessage(box.current);
  }, [problems]);
  if (problems.length === 0) return null;
  return (
    <div ref={box} className={styles.summary} role="alert" tabIndex={-1} aria-labelledby={title}>
      <h2 id={title}>{texts.form.summaryTitle}</h2>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={`${field} ${message}`}>
            {field ? (
              <a
                href={`#${field}`}
                onClick={(event) => {
                  event.preventDefault();
                  const target = document.getElementById(field);
                  // A field in collapsed details cannot get the focus.
                  target?.closest('details')?.setAttribute('open', '');
                  target?.focus();
                }}
              >
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FormFailureProps {
  error: CombinedError | undefined;
  /** The instruction if the server did not respond. */
  ifUnknown?: string;
}

/** States why a form was not sent, or that the outcome is unknown. Place it beside the submit button: it gets the focus. */
export function FormFailure({ error, ifUnknown = texts.form.sendAgain }: FormFailureProps) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (error) focusMessage(box.current);
  }, [error]);
  if (!error) return null;
  return (
    <p ref={box} className={styles.failure} role="alert" tabIndex={-1}>
      <FailureText error={error} ifUnknown={ifUnknown} />
    </p>
  );
}

function FailureText({ error, ifUnknown }: { error: CombinedError; ifUnknown: string }) {
  if (error.networkError) {
    return (
      <>
        <strong>{texts.form.unknown}</strong> {ifUnknown}
      </>
    );
  }
  const here = currentPath() + window.location.search;
  if (needsSignIn(error) || isForbidden(error)) {
    return (
      <>
        <strong>{isForbidden(error) ? texts.states.forbidden : texts.form.signInEnded}</strong>{' '}
        <a href={onHost(signInAddress(here))} target="_blank" rel="noreferrer">
          {texts.form.signInElsewhere}
        </a>{' '}
        {texts.form.thenAgain}
      </>
    );
  }
  return (
    <>
      <strong>{texts.form.notSent}</strong> {error.graphQLErrors.map((error) => capitalized(error.message)).join(' ')}
    </>
  );
}

export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface Description {
  id: string;
  hint?: ReactNode;
  error?: string;
}

interface FieldProps extends Description {
  label: string;
  isOptional?: boolean;
  /** Renders the control with the attributes that connect it to its label, hint and error. */
  children: (control: ControlProps) => ReactNode;
}

/** A control with its label, hint and error. */
export function Field({ id, label, hint, error, isOptional, children }: FieldProps) {
  return (
    <div className={error ? `${styles.field} ${styles.wrong}` : styles.field}>
      <label htmlFor={id}>
        {label} {isOptional && <Optional />}
      </label>
      <HintAndError id={id} hint={hint} error={error && within(label, error)} />
      {children({ id, 'aria-describedby': descriptionIds({ id, hint, error }), 'aria-invalid': error ? true : undefined })}
    </div>
  );
}

const Optional = () => <span className={styles.optional}>{texts.form.optional}</span>;

interface GroupProps extends Description {
  legend: string;
  isOptional?: boolean;
  /** Whether the legend is only for screen readers. */
  isLegendHidden?: boolean;
  /** Whether the error summary links to the group, because no control in it has its id. */
  isTarget?: boolean;
  children: ReactNode;
}

/** A group of controls with a legend, hint and error. */
export function Group({ id, legend, isOptional, isLegendHidden, isTarget, hint, error, children }: GroupProps) {
  return (
    <fieldset
      id={isTarget ? id : undefined}
      tabIndex={isTarget ? -1 : undefined}
      className={error ? `${styles.group} ${styles.wrong}` : styles.group}
      aria-describedby={descriptionIds({ id, hint, error })}
    >
      <legend className={isLegendHidden ? 'visually-hidden' : undefined}>
        {legend}
        {isOptional && (
          <>
            {' '}
            <Optional />
          </>
        )}
      </legend>
      <HintAndError id={id} hint={hint} error={error && within(legend, error)} />
      {children}
    </fieldset>
  );
}

/** The message at the field: without the field's name, which is right above it. */
function within(label: string, error: string): string {
  const name = `${label}: `.toLowerCase();
  const start = error.toLowerCase().indexOf(name);
  return start < 0 ? error : capitalized(error.slice(start + name.length));
}

function HintAndError({ id, hint, error }: Description) {
  return (
    <>
      {hint && (
        <div id={`${id}-hint`} className="hint">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          <span className="visually-hidden">{texts.form.errorPrefix}</span> {error}
        </p>
      )}
    </>
  );
}

const descriptionIds = ({ id, hint, error }: Description) =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;

export interface Choice {
  value: string;
  label: string;
}

interface SelectProps extends Partial<ControlProps> {
  id: string;
  value: string;
  choices: readonly Choice[];
  /** The label of the first option, which selects nothing. If undefined, there is no such option. */
  none?: string;
  onChange: (value: string) => void;
}

export function Select({ choices, none, onChange, ...rest }: SelectProps) {
  return (
    <select {...rest} onChange={(event) => onChange(event.target.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
