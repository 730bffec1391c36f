import type { ReactNode } from 'react';
import { FormFailure } from '../components/Form';
import { texts } from '../texts';
import { BatchForm } from './BatchForm';
import { Preview, type PreviewRow } from './Preview';
import { countEffects } from './records';
import type { useAssessmentBatch } from './useAssessmentBatch';

interface Props {
  title: string;
  batch: ReturnType<typeof useAssessmentBatch>;
  rows: readonly PreviewRow[];
  /** The values that all rows share, shown above the table. */
  shared?: ReactNode;
  /** Closes the form and discards its input. Undefined if the user can only go back. */
  onCancel?: () => void;
}

/** The preview of a checked batch, with the button that records it. */
export function BatchPreview({ title, batch, rows, shared, onCancel }: Props) {
  const { checked, error, isSending, isReviewed } = batch;
  const whole = checked?.faults.whole ?? [];
  const { added, replaced, unchanged } = countEffects(checked?.results ?? []);
  const isValid = whole.length === 0 && rows.every(({ faults }) => faults.length === 0);
  const canRecord = isValid && added > 0;
  return (
    <BatchForm title={title} focusOn={checked} onSubmit={() => canRecord && !isSending && void batch.record()}>
      {whole.map((fault) => (
        <p key={fault} role="alert">
          {texts.batch.failed} {fault}
        </p>
      ))}
      {shared}
      {isValid && (
        <p>
          <strong>{texts.batch.summary(added, replaced, unchanged, isReviewed)}</strong>
        </p>
      )}
      <Preview rows={rows} isUniform={shared !== undefined} />
      {isReviewed && canRecord && <p className="hint">{texts.review.afterSubmit}</p>}
      <FormFailure error={error} />
      <p className="actions">
        {canRecord && (
          <button type="submit" className="primary" aria-disabled={isSending}>
            {isReviewed ? texts.review.batch(added) : texts.batch.record(added)}
          </button>
        )}
        <button type="button" onClick={batch.back}>
          {texts.batch.back}
        </button>
        {onCancel && (
          <button type="button" className="quiet" onClick={onCancel}>
            {texts.batch.cancel}
          </button>
        )}
      </p>
    </BatchForm>
  );
}
