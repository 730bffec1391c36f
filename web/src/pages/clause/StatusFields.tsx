import type { ClauseStatus } from '../../api/schema.gen';
import type { UpdateSourcesQuery, ViewpointsQuery } from '../../api/types.gen';
import { DateInput } from '../../components/DateInput';
import { Field, Select } from '../../components/Form';
import { HolderOptions } from '../../components/HolderOptions';
import { StatusGlyph } from '../../components/StatusBadge';
import { longDay, shortDay } from '../../format/days';
import { texts } from '../../texts';
import { Breakers } from './Breakers';
import type { Clause } from './Clause';
import { EvidencePicker } from './EvidencePicker';
import { latestDay } from './latestDay';
import { Radios } from './Radios';
import { confidenceOf, type Draft, FIELDS, STATUS_CHOICES } from './update';

export type Parties = NonNullable<ViewpointsQuery['parties']>['nodes'];

const MOMENTA = ['ADVANCING', 'STEADY', 'STALLED', 'REGRESSING'] as const;
const CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'] as const;

interface Props {
  clause: Clause;
  draft: Draft;
  /** The parties that can hold a view. */
  parties: Parties;
  holderName: string;
  /** The status before the draft. Undefined while loading. */
  previousStatus: ClauseStatus | undefined;
  sources: UpdateSourcesQuery | undefined;
  errorOf: (field: string) => string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

/** The fields of the form that records a status. */
export function StatusFields({ clause, draft, parties, holderName, previousStatus, sources, errorOf, onChange }: Props) {
  const events = sources?.clause?.events.nodes.toReversed() ?? [];
  const relatedParties = [
    ...clause.obligations.map(({ party }) => party.id),
    ...clause.viewpoints.flatMap(({ heldBy }) => heldBy?.id ?? []),
  ];
  const concerned = new Set([
    ...(sources?.clause?.agreement.parties.map(({ party }) => party.id) ?? []),
    ...clause.obligations.map(({ party }) => party.id),
  ]);
  // Persons sign for a party, which is listed itself.
  const possibleBreakers = parties.filter(
    ({ id, kind }) => draft.breachedBy.includes(id) || (concerned.has(id) && kind !== 'PERSON'),
  );
  return (
    <>
      <Radios
        id={FIELDS.status}
        legend={texts.clause.status}
        hint={
          previousStatus && `${texts.update.before(holderName, longDay(draft.effectiveOn))} ${texts.clauseStatus[previousStatus].label}`
        }
        error={errorOf(FIELDS.status)}
        value={draft.status}
        choices={STATUS_CHOICES.map((value) => ({
          value,
          glyph: <StatusGlyph status={value} />,
          criterion: clause.criteria.find(({ status }) => status === value)?.text,
          ...texts.clauseStatus[value],
        }))}
        onChange={(status) => onChange({ status })}
      />
      {draft.status === 'BREACHED' && (
        <Breakers
          parties={possibleBreakers}
          breachedBy={draft.breachedBy}
          error={errorOf(FIELDS.breachedBy)}
          onChange={(breachedBy) => onChange({ breachedBy })}
        />
      )}
      <Field
        id={FIELDS.effectiveOn}
        label={texts.update.day}
        hint={`${texts.update.dayHint} ${draft.effectiveOn ? longDay(draft.effectiveOn) : ''}`}
        error={errorOf(FIELDS.effectiveOn)}
      >
        {(control) => (
          <DateInput
            {...control}
            min={clause.agreement.agreedOn}
            max={latestDay()}
            value={draft.effectiveOn}
            onText={(effectiveOn) => onChange({ effectiveOn })}
          />
        )}
      </Field>
      <Field id={FIELDS.note} label={texts.update.note} hint={texts.update.noteHint} error={errorOf(FIELDS.note)}>
        {(control) => (
          <textarea {...control} rows={3} value={draft.note} onChange={(event) => onChange({ note: event.target.value })} />
        )}
      </Field>
      <EvidencePicker
        sources={sources}
        evidence={draft.evidence}
        isWithout={draft.isWithoutEvidence}
        errorOf={errorOf}
        onChange={(evidence) => onChange({ evidence })}
        onWithout={(isWithoutEvidence) => onChange({ isWithoutEvidence })}
      />
      <Field id={FIELDS.heldBy} label={texts.update.view} hint={texts.update.viewHint} error={errorOf(FIELDS.heldBy)}>
        {(control) => (
          <select {...control} value={draft.heldBy} onChange={(event) => onChange({ heldBy: event.target.value })}>
            <HolderOptions parties={parties} by="id" related={relatedParties} />
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
            choices={events.map(({ id, title, happenedOn }) => ({ value: id, label: `${shortDay(happenedOn)}: ${title}` }))}
            onChange={(event) => onChange({ event })}
          />
        )}
      </Field>
    </>
  );
}
