import type { ClauseStatus, Confidence, Momentum, SourceKind, UserErrorCode } from '../../api/schema.gen';
import type { ClauseAssessmentFragment, SourceNameFragment, UpdateClauseStatusInput } from '../../api/types.gen';
import type { Problem } from '../../components/Form';
import { isDay } from '../../format/days';
import { texts } from '../../texts';

/** A source that the server does not know yet. */
export interface NewSource {
  title: string;
  kind: SourceKind;
  url: string;
  publisher: string;
  publishedOn: string;
}

/** Something that the status rests on; `key` tells the entries of the form apart. */
export type EvidenceDraft = { key: string } & ({ existing: SourceNameFragment } | { newSource: NewSource });

/** What stands in the form. */
export interface Draft {
  status: ClauseStatus | undefined;
  effectiveOn: string;
  note: string;
  momentum: Momentum;
  /** What follows from the evidence where undefined. */
  confidence: Confidence | undefined;
  /** The id of the party whose view it is; empty for the neutral record. */
  heldBy: string;
  /** The id of the event that brought it about; empty for none. */
  event: string;
  evidence: readonly EvidenceDraft[];
  /** Said by who has no evidence, lest it is forgotten. */
  isWithoutEvidence: boolean;
}

/** How sure one can be: as somebody says, or as much as what it rests on allows to say unasked. */
export const confidenceOf = ({ confidence, evidence }: Pick<Draft, 'confidence' | 'evidence'>): Confidence =>
  confidence ?? (evidence.length > 0 ? 'MEDIUM' : 'LOW');

/** What was recorded, for those who recorded it. */
export interface Recorded {
  assessment: ClauseAssessmentFragment;
  /** The clause's version after it, for its undoing. */
  version: number;
}

interface UserError {
  code: UserErrorCode;
  path: readonly string[];
  message: string;
}

/** The ids of the form's fields, by the names that the API has for them. */
export const FIELDS = {
  status: 'update-status',
  effectiveOn: 'update-day',
  note: 'update-note',
  momentum: 'update-momentum',
  confidence: 'update-confidence',
  heldBy: 'update-view',
  eventId: 'update-event',
  evidence: 'update-evidence',
} as const;

export const STATUS_CHOICES: readonly ClauseStatus[] = [
  'COMPLETE',
  'PARTIAL',
  'MINIMAL',
  'NOT_STARTED',
  'SUSPENDED',
  'BREACHED',
  'VOID',
  'NOT_APPLICABLE',
];

export const evidenceField = (key: string, name: keyof NewSource) => `evidence-${key}-${name}`;

export const emptySource: NewSource = { title: '', kind: 'PRESS', url: '', publisher: '', publishedOn: '' };

/** What the page itself can see to be missing, so that nobody waits for the server to say it. */
export function validate(draft: Draft, earliest: string, latest: string): Problem[] {
  const problems: Problem[] = [];
  const { effectiveOn } = draft;
  if (!draft.status) problems.push({ field: FIELDS.status, message: texts.update.statusMissing });
  if (!isDay(effectiveOn)) problems.push({ field: FIELDS.effectiveOn, message: texts.update.dayInvalid });
  else if (effectiveOn < earliest) problems.push({ field: FIELDS.effectiveOn, message: texts.update.dayTooEarly(earliest) });
  else if (effectiveOn > latest) problems.push({ field: FIELDS.effectiveOn, message: texts.update.dayTooLate });
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

/** What the server refuses, at the field that it is about; above the form where it is about none of them. */
export function serverProblems(errors: readonly UserError[], draft: Draft): Problem[] {
  return errors.map(({ path, message }) => ({ field: fieldOf(path, draft), message: capitalize(message) }));
}

function fieldOf([, name, index, , part]: readonly string[], { evidence }: Draft): string | undefined {
  if (name === 'evidence' && index !== undefined) {
    const entry = evidence[Number(index)];
    if (entry && 'newSource' in entry && part !== undefined && part in entry.newSource) {
      return evidenceField(entry.key, part as keyof NewSource);
    }
  }
  return name !== undefined && name in FIELDS ? FIELDS[name as keyof typeof FIELDS] : undefined;
}

const capitalize = (message: string) => message.charAt(0).toUpperCase() + message.slice(1);

export const isConflict = (errors: readonly UserError[]) => errors.some(({ code }) => code === 'CONFLICT');

/** What is sent. Call it with a complete draft. */
export function inputOf(draft: Draft, clauseId: string, expectedVersion: number, key: string): UpdateClauseStatusInput {
  const { status, effectiveOn, note, momentum } = draft;
  if (!status) throw new Error('a status is chosen before anything is sent');
  return {
    clauseId,
    expectedVersion,
    idempotencyKey: key,
    status,
    effectiveOn,
    note: note.trim(),
    momentum,
    confidence: confidenceOf(draft),
    heldBy: draft.heldBy || undefined,
    eventId: draft.event || undefined,
    evidence: draft.evidence.map((entry) => ('existing' in entry ? { sourceId: entry.existing.id } : { source: sourceInput(entry.newSource) })),
  };
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

/** What tells a judgement that was seen before from one that is new or was taken back. */
export interface AssessmentMark {
  id: string;
  retractedAt: string | null;
}

/** What others recorded or took back since a version of the clause was read, latest first. */
export function changedSince<Assessment extends AssessmentMark>(marks: readonly AssessmentMark[], current: readonly Assessment[]): Assessment[] {
  const before = new Map(marks.map((mark) => [mark.id, mark.retractedAt]));
  return current.filter((assessment) => !before.has(assessment.id) || before.get(assessment.id) !== assessment.retractedAt);
}

/** A key for one change. `crypto.randomUUID` is there only where the page came by TLS. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
