import type { ReactNode } from 'react';
import { Group } from '../components/Form';
import { texts } from '../texts';
import { type PartsField, withPart } from './fields';
import styles from './RecordFields.module.css';
import { newPart, type Part } from './values';

interface Props {
  id: string;
  field: PartsField;
  parts: readonly Part[];
  error: string | undefined;
  onChange: (parts: readonly Part[]) => void;
  renderPart: (part: Part, index: number) => ReactNode;
}

/** A list of parts, each with its own fields. */
export function PartsInput({ id, field, parts, error, onChange, renderPart }: Props) {
  const { label, hint, part: name } = field;
  const add = () => {
    onChange([...parts, newPart(field.fields)]);
    // The first field of the new part, which is rendered before the next frame.
    const first = `#${CSS.escape(`${id}-${parts.length}`)}`;
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`${first} :is(input, select, textarea, button)`)?.focus());
  };
  const remove = (key: string) => {
    onChange(withPart(parts, key, undefined));
    // The focused button is removed with its part, so the button that adds a part gets the focus.
    document.getElementById(id)?.focus();
  };
  return (
    <Group id={id} legend={label} hint={hint} error={error}>
      {parts.map((part, index) => (
        <fieldset key={part.key} id={`${id}-${index}`} className={styles.part}>
          <legend>{texts.recordForm.partTitle(name, index + 1)}</legend>
          <div className={styles.fields}>{renderPart(part, index)}</div>
          <p className="actions">
            <button
              type="button"
              className="quiet"
              aria-label={texts.recordForm.removePart(name, index + 1)}
              onClick={() => remove(part.key)}
            >
              {texts.recordForm.remove}
            </button>
          </p>
        </fieldset>
      ))}
      {/* The error summary links to this button. */}
      <button type="button" id={id} onClick={add}>
        {texts.recordForm.addPart(name)}
      </button>
    </Group>
  );
}
