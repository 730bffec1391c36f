import { DraftForm } from '../../form/DraftForm';
import { RecordFields } from '../../form/RecordFields';
import { texts } from '../../texts';
import { Changes } from './Changes';
import { RecordConflict } from './RecordConflict';
import { type Editing, useRecordForm } from './useRecordForm';

interface Props extends Editing {
  submit: string;
  onDiscard: () => void;
}

/** The form of a new or existing record. Shows what it changes before it is saved. */
export function RecordForm({ submit, onDiscard, ...editing }: Props) {
  const form = useRecordForm(editing);
  const { values, changes, theirs, problems, error, isSending } = form;
  const isNew = editing.id === undefined;
  const discard = () => {
    form.discard();
    onDiscard();
  };
  return (
    <DraftForm
      isRestored={form.isRestored}
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
          {!isNew && <Changes changes={changes} />}
          {/* After an error, the newer version may be the user's own. Sending it again saves it once. */}
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
        changes.length > 0 && (
          <button type="button" className="quiet" onClick={discard}>
            {texts.recordForm.discard}
          </button>
        )
      }
    />
  );
}
