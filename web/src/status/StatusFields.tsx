import type { ViewpointsQuery } from '../api/types.gen';
import { CHOICE_KEYS } from '../app/shortcuts';
import { Field, Select } from '../components/Form';
import { HolderOptions } from '../components/HolderOptions';
import { EdtfInput } from '../form/EdtfInput';
import { dateText, lastDay } from '../format/edtf';
import { texts } from '../texts';
import { Breakers } from './Breakers';
import { EvidencePicker } from './EvidencePicker';
import { latestDay } from './latestDay';
import { Radios } from './Radios';
import type { Status, StatusContext, StatusSubject } from './subject';
import { confidenceOf, type Draft, FIELDS } from './update';

export type Parties = NonNullable<ViewpointsQuery['parties']>['nodes'];

const MOMENTA = ['ADVANCING', 'STEADY', 'STALLED', 'REGRESSING'] as const;
const CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'] as const;

const NO_SOURCES: StatusContext['cited'] = [];

interface Props {
  subject: StatusSubject;
  draft: Draft;
  /** The parties that can hold a view. */
  parties: Parties;
  holderName: string;
  /** The status in force on the draft's day, in the draft's view. Undefined while loading. */
  previousStatus: Status | undefined;
  /** Undefined while loading. */
  context: StatusContext | undefined;
  /** Sources that the user can add as evidence with one click. */
  offered: StatusContext['cited'];
  onAdd: (source: StatusContext['cited'][number]) => void;
  errorOf: (field: string) => string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

/** The fields of the form that records a status. */
export function StatusFields({ subject, draft, parties, holderName, previousStatus, context, offered, onAdd, errorOf, onChange }: Props) {
  const { kind } = subject;
  const events = context?.events.toReversed() ?? [];
  const concerned = new Set([...(context?.parties ?? []), ...subject.obliged]);
  // Persons are not listed, because a person acts for a party that is listed.
  const possibleBreakers = parties.filter(
    ({ id, kind }) => draft.breachedBy.includes(id) || (concerned.has(id) && kind !== 'PERSON'),
  );
  const { correction } = draft;
  return (
    <>
      {correction && (
        <Field id={FIELDS.correction} label={texts.correct.reason} hint={texts.retract.reasonHint} error={errorOf(FIELDS.correction)}>
          {(control) => (
            <input
              {...control}
              type="text"
              value={correction.reason}
              onChange={(event) => onChange({ correction: { ...correction, reason: event.target.value } })}
            />
          )}
        </Field>
      )}
      <Radios
        id={FIELDS.status}
        legend={texts.clause.status}
        hint={
          previousStatus && `${texts.update.before(holderName, dateText(draft.effectiveDate))} ${kind.statusName(previousStatus)}`
        }
        error={errorOf(FIELDS.status)}
        value={draft.status}
        choices={kind.choices.map((choice, index) => ({
          ...choice,
          shortcut: CHOICE_KEYS[index],
          criterion: subject.criteria.find(({ status }) => status === choice.value)?.text,
        }))}
        onChange={(status) => onChange({ status })}
      />
      {kind.hasBreakers && draft.status === 'BREACHED' && (
        <Breakers
          parties={possibleBreakers}
          breachedBy={draft.breachedBy}
          error={errorOf(FIELDS.breachedBy)}
          onChange={(breachedBy) => onChange({ breachedBy })}
        />
      )}
      <Field
        id={FIELDS.effectiveDate}
        label={texts.update.day}
        hint={
          <>
            {texts.update.dayHint} {lastDay(draft.effectiveDate) !== undefined && <strong>{dateText(draft.effectiveDate)}</strong>}
            <br />
            {texts.update.dayRules(subject.firstDay)}
          </>
        }
        error={errorOf(FIELDS.effectiveDate)}
      >
        {(control) => (
          <EdtfInput
            {...control}
            min={subject.firstDay}
            max={latestDay()}
            value={draft.effectiveDate}
            onText={(effectiveDate) => onChange({ effectiveDate })}
          />
        )}
      </Field>
      <Field id={FIELDS.note} label={texts.update.note} hint={texts.update.noteHint} error={errorOf(FIELDS.note)}>
        {(control) => (
          <textarea {...control} rows={3} value={draft.note} onChange={(event) => onChange({ note: event.target.value })} />
        )}
      </Field>
      <EvidencePicker
        cited={context?.cited ?? NO_SOURCES}
        offered={offered}
        onAdd={onAdd}
        evidence={draft.evidence}
        isWithout={draft.isWithoutEvidence}
        errorOf={errorOf}
        onChange={(evidence) => onChange({ evidence })}
        onWithout={(isWithoutEvidence) => onChange({ isWithoutEvidence })}
      />
      <Field id={FIELDS.heldBy} label={texts.update.view} hint={texts.update.viewHint} error={errorOf(FIELDS.heldBy)}>
        {(control) => (
          <select {...control} value={draft.heldBy} onChange={(event) => onChange({ heldBy: event.target.value })}>
            <HolderOptions parties={parties} by="id" related={subject.related} />
          </select>
        )}
      </Field>
      <Radios
        id={FIELDS.momentum}
        legend={texts.agreement.momentum}
        error={errorOf(FIELDS.momentum)}
        value={draft.momentum}
        choices={MOMENTA.map((value) => ({ value, ...texts.momentum[value] }))}
        onChange={(momentum) => onChange({ momentum })}
      />
      <Radios
        id={FIELDS.confidence}
        legend={texts.update.confidence}
        error={errorOf(FIELDS.confidence)}
        value={confidenceOf(draft)}
        choices={CONFIDENCES.map((value) => ({ value, ...texts.confidence[value] }))}
        onChange={(confidence) => onChange({ confidence })}
      />
      <Field id={FIELDS.eventId} label={texts.update.event} isOptional error={errorOf(FIELDS.eventId)}>
        {(control) => (
          <Select
            {...control}
            value={draft.event}
            none={texts.update.noEvent}
            choices={events.map(({ id, title, date }) => ({ value: id, label: `${dateText(date)}: ${title}` }))}
            onChange={(event) => onChange({ event })}
          />
        )}
      </Field>
    </>
  );
}
