import type { ClauseStatus } from '../../api/schema.gen';
import type { CodedClauseFragment } from '../../api/types.gen';

export type CodedClause = CodedClauseFragment;

/** What the coder has entered for a clause. */
export interface Draft {
  /** Empty if the clause is not coded. */
  status: ClauseStatus | '';
  note: string;
}

type Drafts = Readonly<Record<string, Draft | undefined>>;

export const ownCoding = (clause: CodedClause, coder: string) =>
  clause.codings.find(({ account }) => account === coder);

/** Whether somebody else has coded the clause, too. The server then rejects changes. */
export const isFinal = (clause: CodedClause, coder: string) =>
  ownCoding(clause, coder) !== undefined && clause.codings.length > 1;

/** The draft of a clause: what was entered, or else the recorded coding. */
export function draftOf(clause: CodedClause, coder: string, drafts: Drafts): Draft {
  const own = ownCoding(clause, coder);
  return drafts[clause.id] ?? { status: own?.status ?? '', note: own?.note ?? '' };
}

/** The codings to send: those with a status that differ from what is recorded. */
export function changedItems(clauses: readonly CodedClause[], coder: string, drafts: Drafts) {
  return clauses.flatMap((clause) => {
    const { status, note } = draftOf(clause, coder, drafts);
    const own = ownCoding(clause, coder);
    const isChanged = status !== own?.status || note.trim() !== (own?.note ?? '');
    return status === '' || !isChanged || isFinal(clause, coder)
      ? []
      : [{ clauseId: clause.id, status, note: note.trim() || null }];
  });
}

/** The id of the field of a clause's status. */
export const fieldOf = (clauseId: string) => `status-${clauseId}`;

/** The problems of the sent codings, each at the field of its clause. A path is `input`, `items`, index, field. */
export const problemsOf = (
  items: readonly { clauseId: string }[],
  userErrors: readonly { path: readonly string[]; message: string }[],
) =>
  userErrors.map(({ path, message }) => {
    const item = path[1] === 'items' ? items[Number(path[2])] : undefined;
    return { field: item && fieldOf(item.clauseId), message };
  });

const ALPHA = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

export const alphaText = (alpha: number) => ALPHA.format(alpha);
