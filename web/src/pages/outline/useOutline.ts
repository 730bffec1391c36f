import { useState } from 'react';
import { useLocation } from 'wouter';
import type { ClauseNature } from '../../api/schema.gen';
import type { Problem } from '../../components/Form';
import type { AnyFields } from '../../form/fields';
import { serverProblems } from '../../form/problems';
import { deleteDraft, type StoredDraft, storedDraft } from '../../form/storage';
import { useDraftState, useDraftStorage } from '../../form/useDraft';
import { type Sending, useSending } from '../../form/useSending';
import { emptyValues, fieldIdOf, inputOf, problemsIn, type Reference, textValue, type Values, withoutNulls } from '../../form/values';
import { texts } from '../../texts';
import { agreement } from '../record/kinds/agreement';
import { clauseId, clausesOf, problemsOf, slugOf } from './input';
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

/** The fields of the agreement that the form asks for. Its own form has all. */
export const FIELDS: AnyFields = Object.fromEntries(Object.entries(agreement.fields).filter(([name]) => FIELD_NAMES.includes(name)));

const emptyDraft = (): OutlineDraft => ({ values: emptyValues(FIELDS), text: '', items: [], topic: null, nature: 'ONE_OFF', isVerbatim: false });

type Answer = { record: { id: string; slug: string } | null; userErrors: readonly Parameters<typeof serverProblems>[0][number][] };

/** The draft of an outline. `agreementId` is the agreement that gets the clauses. Undefined for a new one. */
export function useOutline(agreementId: string | undefined) {
  const draftName = `outline-1-${agreementId ?? 'new'}`;
  const [restored] = useState(() => storedDraft<StoredDraft<OutlineDraft, undefined>>(draftName));
  const { draft, key, change, renewKey } = useDraftState<OutlineDraft>(restored, emptyDraft);
  const hasContent = draft.text !== '' || draft.items.length > 0 || Object.values(draft.values).some((value) => value !== '');
  useDraftStorage(draftName, { draft, key, base: undefined }, hasContent);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [, navigate] = useLocation();
  const document = agreementId === undefined ? CreateAgreementWithClausesDocument : CreateClausesDocument;
  const { send, isSending, error, isHere } = useSending(document as unknown as Sending<object, Answer>);

  /** Changes fields of the agreement. The short name follows the short title until it is edited. */
  function changeValues(part: Values) {
    const [before, after] = [draft.values, { ...draft.values, ...part }];
    const isDerived = textValue(before.slug) === slugOf(textValue(before.shortTitle));
    const slug = isDerived && !('slug' in part) ? slugOf(textValue(after.shortTitle)) : textValue(after.slug);
    change({ values: { ...after, slug } });
  }

  async function submit() {
    const ofAgreement = agreementId === undefined ? problemsIn(FIELDS, draft.values) : [];
    const ofTopic: Problem[] = draft.topic ? [] : [{ field: 'outline-topic', message: texts.outline.problems.topic }];
    const invalid = [...ofAgreement, ...problemsOf(draft.items), ...(draft.items.length > 0 ? ofTopic : [])];
    setProblems(invalid);
    if (invalid.length > 0 || !draft.topic) return;
    const target = agreementId === undefined ? withoutNulls(inputOf(FIELDS, draft.values)) : { agreementId };
    const clauses = clausesOf(draft.items, { topicId: draft.topic.id, nature: draft.nature, isVerbatim: draft.isVerbatim });
    const answer = await send({ ...target, clauses, idempotencyKey: key });
    if (!answer) return;
    if (!answer.record) {
      renewKey();
      return setProblems(serverProblems(answer.userErrors, fieldOf));
    }
    deleteDraft(draftName);
    if (isHere()) navigate(`/agreements/${answer.record.slug}`);
  }

  return {
    draft,
    problems,
    error,
    isSending,
    isRestored: restored !== undefined,
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

/** The id of the element for the path of an error: a field of the agreement, or a clause. */
function fieldOf(path: readonly string[]): string | undefined {
  const [name, index] = path;
  if (name !== 'clauses') return fieldIdOf(FIELDS, path);
  return index === undefined ? 'outline-text' : path[2] === 'topicId' ? 'outline-topic' : clauseId(Number(index));
}
