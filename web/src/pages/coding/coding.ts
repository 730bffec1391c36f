import type { ClauseStatus } from '../../api/schema.gen';
import type { CodedClauseFragment } from '../../api/types.gen';
import type { Problem } from '../../components/Form';
import { serverProblems, type UserError } from '../../form/problems';
import { texts } from '../../texts';

export type CodedClause = CodedClauseFragment;

/** The coder's input for a clause. */
export interface Draft {
  /** Empty if the clause is not coded. */
  status: ClauseStatus | '';
  note: string;
}

export type Drafts = Readonly<Record<string, Draft | undefined>>;

export const ownCoding = (clause: CodedClause, coder: string) =>
  clause.codings.find(({ account }) => account === coder);

/** Whether somebody else has coded the clause, too. The server then rejects changes. */
export const isFinal = (clause: CodedClause, coder: string) =>
  ownCoding(clause, coder) !== undefined && clause.codings.length > 1;

/** The draft of a clause: the input, or else the recorded coding. */
export function draftOf(clause: CodedClause, coder: string, drafts: Drafts): Draft {
  const own = ownCoding(clause, coder);
  return drafts[clause.id] ?? { status: own?.status ?? '', note: own?.note ?? '' };
}

/** The drafts that differ from the recorded codings and can still be recorded, with the ids of their clauses. */
function changedDrafts(clauses: readonly CodedClause[], coder: string, drafts: Drafts) {
  return clauses.flatMap((clause) => {
    const { status, note } = draftOf(clause, coder, drafts);
    return isChanged(clause, coder, drafts) && !isFinal(clause, coder) ? [{ clauseId: clause.id, status, note: note.trim() || null }] : [];
  });
}

/** Whether the draft of a clause differs from the recorded coding. */
function isChanged(clause: CodedClause, coder: string, drafts: Drafts): boolean {
  const { status, note } = draftOf(clause, coder, drafts);
  const own = ownCoding(clause, coder);
  return status !== (own?.status ?? '') || note.trim() !== (own?.note ?? '');
}

/** The draft of a clause that can no longer be recorded, because somebody else has coded the clause meanwhile. */
export const droppedDraft = (clause: CodedClause, coder: string, drafts: Drafts): Draft | undefined =>
  isFinal(clause, coder) && isChanged(clause, coder, drafts) ? drafts[clause.id] : undefined;

/** Whether there is input that is not recorded. */
export const hasChanges = (clauses: readonly CodedClause[], coder: string, drafts: Drafts) =>
  clauses.some((clause) => isChanged(clause, coder, drafts));

/** The codings to send. Each has a status, and differs from the recorded coding. */
export const changedItems = (clauses: readonly CodedClause[], coder: string, drafts: Drafts) =>
  changedDrafts(clauses, coder, drafts).flatMap(({ status, ...item }) => (status === '' ? [] : [{ ...item, status }]));

/** Input that cannot be sent, because it has no status. A recorded coding can be changed, but not removed. */
export function missingStatuses(clauses: readonly CodedClause[], coder: string, drafts: Drafts): Problem[] {
  const incomplete = new Set(changedDrafts(clauses, coder, drafts).flatMap(({ clauseId, status }) => (status === '' ? [clauseId] : [])));
  return clauses
    .filter(({ id }) => incomplete.has(id))
    .map(({ id, number }) => ({ field: fieldOf(id), message: texts.coding.statusMissing(number) }));
}

/** The id of the field of a clause's status. */
export const fieldOf = (clauseId: string) => `status-${clauseId}`;

/** The problems of the sent codings, each at the field of its clause. A path is `input`, `items`, index, field. */
export const problemsOf = (
  clauses: readonly Pick<CodedClause, 'id' | 'number' | 'heading'>[],
  items: readonly { clauseId: string }[],
  userErrors: readonly UserError[],
) =>
  serverProblems(userErrors, ([list, index]) => {
    const item = list === 'items' ? items[Number(index)] : undefined;
    const clause = clauses.find(({ id }) => id === item?.clauseId);
    return clause && { id: fieldOf(clause.id), name: `${clause.number} ${clause.heading}` };
  });

const ALPHA = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

export const alphaText = (alpha: number) => ALPHA.format(alpha);
