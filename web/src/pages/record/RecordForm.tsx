import { useLocation } from 'wouter';
import { DraftForm } from '../../form/DraftForm';
import { RecordFields } from '../../form/RecordFields';
import { texts } from '../../texts';
import { Changes } from './Changes';
import { RecordConflict } from './RecordConflict';
import { type Editing, useRecordForm } from './useRecordForm';

interface Props extends Editing {
  submit: string;
  /** Shows the form again, with the stored draft if there is one. */
  onRestart: () => void;
}

/** The form of a new or existing record. Shows its changes before it is saved. */
export function RecordForm({ submit, onRestart, ...editing }: Props) {
  const form = useRecordForm(editing);
  const { values, changes, theirs, problems, error, isSending } = form;
  const isNew = editing.id === undefined;
  const [, navigate] = useLocation();
  // A form in a new tab has no page to go back to.
  const leave = () => (window.history.length > 1 ? window.history.back() : navigate('/'));
  const discard = () => {
    form.discard();
    onRestart();
  };
  return (
    <DraftForm
      isRestored={form.isRestored}
      storage={form.storage}
      onRestart={onRestart}
      problems={problems}
      error={error}
      isSending={isSending}
      onSubmit={() => void form.submit()}
      fields={
        <RecordFields
          fields={editing.kind.fields}
          values={values}
          isNew={isNew}
          errorOf={(field) => problems.find((problem) => problem.field === field)?.message}
          onChange={form.change}
        />
      }
      beforeActions={
        <>
          {form.isEarlierSaved && <p role="alert">{texts.record.earlierSaved}</p>}
          {!isNew && <Changes changes={changes} />}
          <p role="status">{form.isUnchanged && texts.record.notSaved}</p>
          {/* After an error, the newer version may be the user's own. If the user sends the form again, it is saved only once. */}
          {theirs.length > 0 && !isSending && !error && (
            <RecordConflict
              theirs={theirs}
              mine={changes}
              takesFocus={form.isRejected}
              onKeep={form.keepMine}
              onDrop={discard}
            />
          )}
        </>
      }
      submit={submit}
      actions={
        changes.length > 0 ? (
          <button type="button" className="quiet" onClick={discard}>
            {texts.recordForm.discard}
          </button>
        ) : (
          <button type="button" className="quiet" onClick={leave}>
            {texts.recordForm.cancel}
          </button>
        )
      }
    />
  );
}
