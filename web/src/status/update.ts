import type { Confidence, Momentum, SourceKind } from '../api/schema.gen';
import type { CitationLineFragment, SourceNameFragment, UpdateClauseStatusInput } from '../api/types.gen';
import type { Problem } from '../components/Form';
import { serverProblems, type UserError } from '../form/problems';
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

/** The place in a source that an assessment cites already. */
export type Place = Omit<CitationLineFragment, 'source'>;

/** The content of the form. */
export interface Draft {
  status: Status | undefined;
  /** The ids of the parties that breached. Ignored unless the status is BREACHED. */
  breachedBy: readonly string[];
  /** A day, or the text of a date in EDTF. */
  effectiveDate: string;
  note: string;
  momentum: Momentum;
  /** Undefined until the user selects one: the default depends on the evidence. */
  confidence: Confidence | undefined;
  /** The id of the party that holds the view. Empty for the neutral record. */
  heldBy: string;
  /** The id of the event that caused the change. Empty for none. */
  event: string;
  evidence: readonly EvidenceDraft[];
  /** Whether the user stated that no source is available. Required if `evidence` is empty. */
  isWithoutEvidence: boolean;
}

/** The selected confidence, or the default: MEDIUM with evidence, LOW without. */
export const confidenceOf = ({ confidence, evidence }: Pick<Draft, 'confidence' | 'evidence'>): Confidence =>
  confidence ?? (evidence.length > 0 ? 'MEDIUM' : 'LOW');

/** The ids of the parties that breached. None unless the status is BREACHED. */
export const breakersOf = ({ status, breachedBy }: Pick<Draft, 'status' | 'breachedBy'>): readonly string[] =>
  status === 'BREACHED' ? breachedBy : [];

/** A status that was just recorded. */
export interface Recorded {
  assessment: StatusAssessment;
  /** The version of the subject after the recording. A retraction sends it as `expectedVersion`. */
  version: number;
}

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
} as const;

export const evidenceField = (key: string, name: keyof NewSource) => `evidence-${key}-${name}`;

export const emptySource: NewSource = { title: '', kind: 'PRESS', url: '', publisher: '', publishedOn: '' };

/** Problems that can be found before the form is sent. `earliest` and `latest` limit the day. */
export function validate(draft: Draft, earliest: string, latest: string): Problem[] {
  const problems: Problem[] = [];
  const { effectiveDate } = draft;
  const day = lastDay(effectiveDate);
  if (!draft.status) problems.push({ field: FIELDS.status, message: texts.update.statusMissing });
  if (day === undefined) {
    problems.push({ field: FIELDS.effectiveDate, message: effectiveDate ? texts.day.noDate : texts.update.dayInvalid });
  } else if (day < earliest) problems.push({ field: FIELDS.effectiveDate, message: texts.update.dayTooEarly(earliest) });
  else if (day > latest) problems.push({ field: FIELDS.effectiveDate, message: texts.update.dayTooLate });
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

/** The server's errors as problems of fields, or of the whole form if they concern no field. */
export const statusProblems = (errors: readonly UserError[], draft: Draft): Problem[] =>
  serverProblems(errors, (path) => fieldOf(path, draft));

function fieldOf([name, index, , part]: readonly string[], { evidence }: Draft): string | undefined {
  if (name === 'evidence' && index !== undefined) {
    const entry = evidence[Number(index)];
    if (entry && 'newSource' in entry && part !== undefined && part in entry.newSource) {
      return evidenceField(entry.key, part as keyof NewSource);
    }
  }
  return name !== undefined && name in FIELDS ? FIELDS[name as keyof typeof FIELDS] : undefined;
}

/** What the inputs of all three mutations have. */
type StatusInput = Omit<UpdateClauseStatusInput, 'clauseId' | 'status'> & { status: Status };

/** The input of the mutation. The draft must be complete. */
export function inputOf(draft: Draft, { kind, id }: Pick<StatusSubject, 'kind' | 'id'>, expectedVersion: number, key: string) {
  const { status, effectiveDate, note, momentum } = draft;
  const breachedBy = breakersOf(draft);
  if (!status) throw new Error('a status is chosen before anything is sent');
  return {
    [kind.idField]: id,
    expectedVersion,
    idempotencyKey: key,
    status,
    breachedBy: breachedBy.length > 0 ? [...breachedBy] : undefined,
    effectiveDate,
    note: note.trim(),
    momentum,
    confidence: confidenceOf(draft),
    heldBy: draft.heldBy || undefined,
    eventId: draft.event || undefined,
    evidence: draft.evidence.map(evidenceInput),
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
