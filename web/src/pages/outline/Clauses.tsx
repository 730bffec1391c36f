import { type CSSProperties, useRef, useState } from 'react';
import { Field, type Problem } from '../../components/Form';
import { newKey } from '../../form/key';
import { texts } from '../../texts';
import { canMoveIn, changed, merged, moved, removed, splitAt } from './edit';
import { clauseId, nameOf } from './input';
import styles from './Outline.module.css';
import type { OutlineItem } from './split';

interface Props {
  items: readonly OutlineItem[];
  problems: readonly Problem[];
  onChange: (items: OutlineItem[]) => void;
}

/** The clauses of the outline. At most one of them is open for corrections. */
export function Clauses({ items, problems, onChange }: Props) {
  const [openKey, setOpenKey] = useState<string>();
  const errors = Map.groupBy(problems, ({ field }) => field);
  /** Applies a correction. Closes the open clause, and focuses the clause at `index`. */
  const apply = (next: OutlineItem[], index: number) => {
    onChange(next);
    setOpenKey(undefined);
    requestAnimationFrame(() => document.getElementById(clauseId(index))?.focus());
  };
  const buttonOf = (item: OutlineItem) => (item.key === openKey ? texts.outline.close : texts.edit.edit);
  return (
    <ol className={styles.clauses}>
      {items.map((item, index) => (
        <li key={item.key} style={{ '--depth': item.depth } as CSSProperties}>
          <div className={styles.row}>
            <span className={styles.number}>{item.number || texts.outline.noNumber}</span>
            <span>
              <strong>{item.heading || texts.outline.noHeading}</strong>
              {item.text !== item.heading && <span className={styles.snippet}>{item.text.slice(0, 300)}</span>}
            </span>
            <button
              type="button"
              id={clauseId(index)}
              className="quiet"
              aria-expanded={item.key === openKey}
              aria-label={texts.outline.ofClause(buttonOf(item), nameOf(item))}
              onClick={() => setOpenKey(item.key === openKey ? undefined : item.key)}
            >
              {buttonOf(item)}
            </button>
          </div>
          {errors.get(clauseId(index))?.map(({ message }) => (
            <p key={message} className={styles.problem}>
              {message}
            </p>
          ))}
          {item.key === openKey && <Editor items={items} index={index} item={item} onChange={onChange} apply={apply} />}
        </li>
      ))}
    </ol>
  );
}

interface EditorProps {
  items: readonly OutlineItem[];
  index: number;
  item: OutlineItem;
  onChange: (items: OutlineItem[]) => void;
  apply: (items: OutlineItem[], index: number) => void;
}

function Editor({ items, index, item, onChange, apply }: EditorProps) {
  const text = useRef<HTMLTextAreaElement>(null);
  const button = (label: string, onClick: () => void) => (
    <button type="button" onClick={onClick}>
      {label}
    </button>
  );
  return (
    <div className={styles.editor}>
      <Field id="outline-number" label={texts.outline.number}>
        {(control) => <input {...control} value={item.number} onChange={(event) => onChange(changed(items, index, { number: event.target.value }))} />}
      </Field>
      <Field id="outline-heading" label={texts.outline.heading}>
        {(control) => <input {...control} value={item.heading} onChange={(event) => onChange(changed(items, index, { heading: event.target.value }))} />}
      </Field>
      <Field id="outline-clause-text" label={texts.outline.clauseText} isOptional>
        {(control) => (
          <textarea
            {...control}
            ref={text}
            rows={5}
            value={item.text}
            onChange={(event) => onChange(changed(items, index, { text: event.target.value }))}
          />
        )}
      </Field>
      <p className="actions">
        {button(texts.outline.splitHere, () => apply(splitAt(items, index, text.current?.selectionStart ?? 0, newKey()), index))}
        {index > 0 && button(texts.outline.merge, () => apply(merged(items, index), index - 1))}
        {canMoveIn(items, index) && button(texts.outline.moveIn, () => apply(moved(items, index, 1), index))}
        {item.depth > 0 && button(texts.outline.moveOut, () => apply(moved(items, index, -1), index))}
        {button(texts.outline.remove, () => apply(removed(items, index), Math.max(0, index - 1)))}
      </p>
    </div>
  );
}
