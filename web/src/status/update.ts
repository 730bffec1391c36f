import type { Confidence, Momentum, SourceKind } from '../api/schema.gen';
import type { CitationLineFragment, SourceNameFragment, UpdateClauseStatusInput } from '../api/types.gen';
import type { Problem } from '../components/Form';
import { dateProblem } from '../form/dateProblem';
import { type NamedField, serverProblems, type UserError } from '../form/problems';
import { lastDay } from '../format/edtf';
import { texts } from '../texts';
import type { Status, StatusAssessment, StatusSubject } from './subject';

/** A source that is not recorded yet. */
export interface NewSource {
  title: string;
  kind: SourceKind;
  url: string;
  publisher: string;
  publishedOn: string;
}

/** A source of the status. `key` identifies the entry in the form. */
export type EvidenceDraft = { key: string } & ({ existing: SourceNameFragment; place?: Place } | { newSource: NewSource });

/** The cited place in a source, copied from an assessment. */
export type Place = Omit<CitationLineFragment, 'source'>;

/** The content of the form. */
export interface Draft {
  status: Status | undefined;
  /** The ids of the parties responsible for the breach. Ignored unless the status is BREACHED. */
  breachedBy: readonly string[];
  /** A day, or the text of a date in EDTF. */
  effectiveDate: string;
  note: string;
  momentum: Momentum;
  /** Undefined until the user selects a confidence, because the default depends on the evidence. */
  confidence: Confidence | undefined;
  /** The id of the party that holds the view. Empty for the neutral record. */
  heldBy: string;
  /** The id of the event that caused the change. Empty if there is none. */
  event: string;
  evidence: readonly EvidenceDraft[];
  /** Whether the user stated that no source is available. Required if `evidence` is empty. */
  isWithoutEvidence: boolean;
  /** The assessment that is retracted when this status is recorded. */
  correction?: Correction;
}

/** The assessment that a new one corrects, and the reason for its retraction. */
export interface Correction {
  assessmentId: string;
  reason: string;
}

/** The selected confidence, or the default: MEDIUM with evidence, LOW without. */
export const confidenceOf = ({ confidence, evidence }: Pick<Draft, 'confidence' | 'evidence'>): Confidence =>
  confidence ?? (evidence.length > 0 ? 'MEDIUM' : 'LOW');

/** The ids of the parties responsible for the breach. Empty unless the status is BREACHED. */
export const breakersOf = ({ status, breachedBy }: Pick<Draft, 'status' | 'breachedBy'>): readonly string[] =>
  status === 'BREACHED' ? breachedBy : [];

/** A status that was just recorded. */
export interface Recorded {
  assessment: StatusAssessment;
  /** The version of the subject after the recording. A retraction sends it as `expectedVersion`. */
  version: number;
  /** The time of the response, in ms since the epoch. */
  at: number;
}

/** The outcome of a sent form: a recorded status, or the id of a submission. */
export type Outcome = Recorded | { submissionId: string };

/** The ids of the form's fields, by their names in the API. */
export const FIELDS = {
  status: 'update-status',
  breachedBy: 'update-breakers',
  effectiveDate: 'update-day',
  note: 'update-note',
  momentum: 'update-momentum',
  confidence: 'update-confidence',
  heldBy: 'update-view',
  eventId: 'update-event',
  evidence: 'update-evidence',
  correction: 'update-correction',
} as const;

/** The names of the fields in `FIELDS`, for messages. */
export const STATUS_FIELD_NAMES = {
  status: texts.clause.status,
  breachedBy: texts.update.breachedBy,
  effectiveDate: texts.update.day,
  note: texts.update.note,
  momentum: texts.agreement.momentum,
  confidence: texts.update.confidence,
  heldBy: texts.update.view,
  eventId: texts.update.event,
  evidence: texts.source.evidence,
  correction: texts.correct.reason,
} satisfies Record<keyof typeof FIELDS, string>;

export const evidenceField = (key: string, name: keyof NewSource) => `evidence-${key}-${name}`;

export const emptySource: NewSource = { title: '', kind: 'PRESS', url: '', publisher: '', publishedOn: '' };

/** Problems that can be found before the form is sent. `earliest` and `latest` limit the day. */
export function validate(draft: Draft, earliest: string, latest: string): Problem[] {
  const problems: Problem[] = [];
  const { effectiveDate } = draft;
  const day = lastDay(effectiveDate);
  if (!draft.status) problems.push({ field: FIELDS.status, message: texts.update.statusMissing });
  if (day === undefined) {
    problems.push({ field: FIELDS.effectiveDate, message: effectiveDate ? dateProblem(effectiveDate) : texts.update.dayInvalid });
  } else if (day < earliest) problems.push({ field: FIELDS.effectiveDate, message: texts.update.dayTooEarly(earliest) });
  else if (day > latest) problems.push({ field: FIELDS.effectiveDate, message: texts.update.dayTooLate });
  if (draft.correction && !draft.correction.reason.trim()) {
    problems.push({ field: FIELDS.correction, message: texts.retract.reasonMissing });
  }
  if (!draft.note.trim()) problems.push({ field: FIELDS.note, message: texts.update.noteMissing });
  if (draft.evidence.length === 0 && !draft.isWithoutEvidence) {
    problems.push({ field: FIELDS.evidence, message: texts.update.evidenceMissing });
  }
  for (const entry of draft.evidence) {
    if ('newSource' in entry && !entry.newSource.title.trim()) {
      problems.push({ field: evidenceField(entry.key, 'title'), message: texts.update.sourceTitleMissing });
    }
  }
  return problems;
}

/** The server's errors as problems of fields, or of the whole form if an error concerns no field. */
export const statusProblems = (errors: readonly UserError[], draft: Draft): Problem[] =>
  serverProblems(errors, (path) => fieldAt(path, draft));

function fieldAt([name, index, , part]: readonly string[], { evidence }: Draft): NamedField | undefined {
  if (name === undefined || !(name in FIELDS)) return undefined;
  const field = name as keyof typeof FIELDS;
  const entry = field === 'evidence' && index !== undefined ? evidence[Number(index)] : undefined;
  if (!entry) return { id: FIELDS[field], name: STATUS_FIELD_NAMES[field] };
  const source = texts.recordForm.partTitle(texts.update.source, Number(index) + 1);
  if ('newSource' in entry && part !== undefined && part in entry.newSource) {
    const name = part as keyof NewSource;
    return { id: evidenceField(entry.key, name), name: texts.recordForm.named(source, texts.source[name]) };
  }
  return { id: FIELDS.evidence, name: source };
}

/** The fields that the inputs of all three mutations share. */
type StatusInput = Omit<UpdateClauseStatusInput, 'clauseId' | 'status'> & { status: Status };

/** The input of the mutation. The draft must be complete. */
export function inputOf(draft: Draft, { kind, id }: Pick<StatusSubject, 'kind' | 'id'>, expectedVersion: number) {
  const { status, effectiveDate, note, momentum } = draft;
  const breachedBy = breakersOf(draft);
  if (!status) throw new Error('a status is chosen before anything is sent');
  return {
    [kind.idField]: id,
    expectedVersion,
    status,
    breachedBy: breachedBy.length > 0 ? [...breachedBy] : undefined,
    effectiveDate,
    note: note.trim(),
    momentum,
    confidence: confidenceOf(draft),
    heldBy: draft.heldBy || undefined,
    eventId: draft.event || undefined,
    evidence: draft.evidence.map(evidenceInput),
    correction: draft.correction && { ...draft.correction, reason: draft.correction.reason.trim() },
  } satisfies StatusInput;
}

function evidenceInput(entry: EvidenceDraft) {
  if ('newSource' in entry) return { source: sourceInput(entry.newSource) };
  const { existing, place } = entry;
  if (!place) return { sourceId: existing.id };
  const { locator, quotation, accessedOn } = place;
  return { citation: { sourceId: existing.id, locator, quotation, accessedOn } };
}

function sourceInput({ title, kind, url, publisher, publishedOn }: NewSource) {
  return {
    title: title.trim(),
    kind,
    url: url.trim() || undefined,
    publisher: publisher.trim() || undefined,
    publishedOn: publishedOn || undefined,
  };
}

/** The id and state of an assessment, to find new and retracted ones. */
export interface AssessmentMark {
  id: string;
  retractedAt: string | null;
}

/** The assessments of `current` that are new or were retracted, compared to `marks`. */
export function changedSince<Assessment extends AssessmentMark>(marks: readonly AssessmentMark[], current: readonly Assessment[]): Assessment[] {
  const before = new Map(marks.map((mark) => [mark.id, mark.retractedAt]));
  return current.filter((assessment) => !before.has(assessment.id) || before.get(assessment.id) !== assessment.retractedAt);
}
