import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ClauseNature } from '../../api/schema.gen';
import type { Problem } from '../../components/Form';
import type { AnyFields } from '../../form/fields';
import { type NamedField, serverProblems } from '../../form/problems';
import { deleteDraft, type StoredDraft, storedDraft } from '../../form/storage';
import { useDraftState, useDraftStorage } from '../../form/useDraft';
import { type Sending, useDraftSending } from '../../form/useSending';
import { emptyValues, fieldAt, inputOf, problemsIn, type Reference, type Values, withoutNulls, withProposals } from '../../form/values';
import { texts } from '../../texts';
import { agreement } from '../record/kinds/agreement';
import { outlineDraft } from './drafts';
import { clauseId, clausesOf, nameOf, problemsOf } from './input';
import { CreateAgreementWithClausesDocument, CreateClausesDocument } from './Outline.gen';
import { type OutlineItem, split } from './split';

export interface OutlineDraft {
  /** The fields of the agreement. */
  values: Values;
  /** The pasted text. */
  text: string;
  items: readonly OutlineItem[];
  topic: Reference | null;
  nature: ClauseNature;
  isVerbatim: boolean;
}

const FIELD_NAMES = ['title', 'shortTitle', 'kind', 'agreedOn', 'place', 'adoption', 'summary', 'slug'];

/** The fields of the agreement that this form contains. The form that edits the agreement contains all fields. */
export const FIELDS: AnyFields = Object.fromEntries(Object.entries(agreement.fields).filter(([name]) => FIELD_NAMES.includes(name)));

const emptyDraft = (): OutlineDraft => ({ values: emptyValues(FIELDS), text: '', items: [], topic: null, nature: 'ONE_OFF', isVerbatim: false });

type Answer = { record: { id: string; slug: string } | null; userErrors: readonly Parameters<typeof serverProblems>[0][number][] };

/** The draft of an outline. `agreementId` is the id of the agreement to which the clauses are added. Undefined for a new agreement. */
export function useOutline(agreementId: string | undefined) {
  const draftName = outlineDraft(agreementId);
  const [restored] = useState(() => storedDraft<StoredDraft<OutlineDraft, undefined>>(draftName));
  const state = useDraftState<OutlineDraft>(restored, emptyDraft);
  const { draft, key, unanswered, change } = state;
  const hasContent = draft.text !== '' || draft.items.length > 0 || Object.values(draft.values).some((value) => value !== '');
  const storage = useDraftStorage(draftName, { draft, key, unanswered, base: undefined }, hasContent);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [, navigate] = useLocation();
  const document = agreementId === undefined ? CreateAgreementWithClausesDocument : CreateClausesDocument;
  const { send, isSending, error, isHere } = useDraftSending(document as unknown as Sending<object, Answer>, state);

  /** Changes fields of the agreement. */
  const changeValues = (part: Values) => change({ values: withProposals(FIELDS, draft.values, part) });

  async function submit() {
    const ofAgreement = agreementId === undefined ? problemsIn(FIELDS, draft.values) : [];
    const ofTopic: Problem[] = draft.topic ? [] : [{ field: 'outline-topic', message: texts.outline.problems.topic }];
    const invalid = [...ofAgreement, ...problemsOf(draft.items), ...(draft.items.length > 0 ? ofTopic : [])];
    setProblems(invalid);
    if (invalid.length > 0 || !draft.topic) return;
    const target = agreementId === undefined ? withoutNulls(inputOf(FIELDS, draft.values)) : { agreementId };
    const clauses = clausesOf(draft.items, { topicId: draft.topic.id, nature: draft.nature, isVerbatim: draft.isVerbatim });
    const sent = await send({ ...target, clauses });
    if (!sent) return;
    const { answer, isEarlier } = sent;
    if (!answer.record) return setProblems(serverProblems(answer.userErrors, (path) => fieldOf(path, draft.items)));
    // The form stays open, because it may contain later changes by the user.
    if (isEarlier) return setProblems([{ message: texts.outline.problems.earlier(answer.record.slug) }]);
    deleteDraft(draftName);
    if (isHere()) navigate(`/agreements/${answer.record.slug}`);
  }

  return {
    draft,
    problems,
    error,
    isSending,
    isRestored: restored !== undefined,
    storage,
    hasContent,
    change,
    changeValues,
    split: () => change({ items: split(draft.text) }),
    discard: () => {
      deleteDraft(draftName);
      change(emptyDraft());
      setProblems([]);
    },
    submit,
  };
}

/** The field for the path of an error: a field of the agreement, or a clause. */
function fieldOf(path: readonly string[], items: readonly OutlineItem[]): NamedField | undefined {
  const [name, index] = path;
  if (name !== 'clauses') return fieldAt(FIELDS, path);
  if (index === undefined) return { id: 'outline-text', name: texts.outline.textLabel };
  if (path[2] === 'topicId') return { id: 'outline-topic', name: texts.outline.topic };
  const item = items[Number(index)];
  return { id: clauseId(Number(index)), name: item ? nameOf(item) : texts.outline.clauses };
}
