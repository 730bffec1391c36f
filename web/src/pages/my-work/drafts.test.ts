import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type DraftEntry, type DraftRecord, entryOf, groupsOf, idsOf, ownDrafts, targetOf } from './drafts';

/** The stored drafts, in place of the browser's storage. */
const stored = vi.hoisted(() => new Map<string, unknown>());

vi.mock('../../form/storage', () => ({
  draftNames: () => [...stored.keys()],
  storedDraft: (name: string) => stored.get(name),
  deleteDraft: (name: string) => stored.delete(name),
}));

beforeEach(() => stored.clear());

/** A well-formed id. */
const idOf = (start: string) => start.padEnd(23, 'A');
const [A, C, P, V, X, Y, Z] = ['A', 'C', 'P', 'V', 'X', 'Y', 'Z'].map(idOf) as [string, string, string, string, string, string, string];

const NOW = '2026-11-30T12:00:00Z';
const AGREEMENT = { __typename: 'Agreement', id: A, shortTitle: 'Minsk II', slug: 'minsk-2', version: 1, archivedAt: null } as const;
const CLAUSE = {
  __typename: 'Clause', id: C, reference: 'Minsk II, 4/a', number: '4/a', heading: 'H', version: 1, archivedAt: null,
  agreement: { id: A, slug: 'minsk-2', archivedAt: null },
} as const;
const CAVEAT = {
  __typename: 'Caveat', id: V, reference: 'Reply, UR-4', number: 'UR-4', heading: 'H', version: 1, archivedAt: null,
  proposal: { id: P, slug: 'reply', archivedAt: null },
} as const;
const PROPOSAL = { __typename: 'Proposal', id: P, reference: 'Reply', slug: 'reply', version: 1, archivedAt: null } as const;
const OF_CLAUSE = { __typename: 'ClauseAssessment', id: X, retractedAt: null, clause: CLAUSE } as const;

function draft(name: string): DraftEntry {
  const entry = entryOf(name);
  if (!entry) throw new Error(`${name} is the name of no draft`);
  return { ...entry, version: undefined, batch: undefined, typed: [] };
}

/** The address of the form of the stored draft with this name. */
const address = (name: string, record?: DraftRecord | null) => targetOf(draft(name), record).form;

describe('the name of a draft', () => {
  test('says of which form it is', () => {
    const entry = (name: string) => {
      const { kind, id, record, parameters } = entryOf(name) ?? {};
      return [kind, id, record, parameters];
    };
    const id = idOf('AbC-_1');
    expect(entry(`status-4-${id}`)).toEqual(['status', id, undefined, undefined]);
    expect(entry(`correction-1-${id}`)).toEqual(['correction', id, undefined, undefined]);
    expect(entry(`reason-${id}`)).toEqual(['reason', id, undefined, undefined]);
    expect(entry('record-1-event-new-concernsIds=Ab-c')).toEqual(['new', undefined, 'event', 'concernsIds=Ab-c']);
    expect(entry('record-1-clause-new-')).toEqual(['new', undefined, 'clause', '']);
    expect(entry(`record-1-clause-${id}`)).toEqual(['edit', id, 'clause', undefined]);
    expect(entry('outline-1-new')).toEqual(['outline', undefined, undefined, undefined]);
    expect(entry(`outline-1-${id}`)).toEqual(['outline', id, undefined, undefined]);
    expect(entry(`coding-1-${id}-2022-03-05-`)).toEqual(['coding', id, undefined, 'asOf=2022-03-05']);
    expect(entry(`coding-1-${id}-2022-03-05-Y3Vyc29y-_`)).toEqual(['coding', id, undefined, 'asOf=2022-03-05&after=Y3Vyc29y-_']);
    expect(entry('batch-2-Caveat')).toEqual(['batch', undefined, 'Caveat', undefined]);
    expect(entry('record-sheet')).toEqual(['sheet', undefined, undefined, undefined]);
    // This is not a draft.
    expect(entryOf('recent-sources-1')).toBeUndefined();
  });

  test('of an earlier version, of an unknown kind or with a malformed id opens no form', () => {
    const names = [`status-3-${C}`, `correction-0-${X}`, `record-0-clause-${C}`, `record-1-treaty-${C}`, 'record-1-treaty-new-', `outline-0-${A}`, 'batch-1-Clause', 'coding-x', 'status-4-undefined', `status-4-${C}=`];
    for (const name of names) {
      expect([name, entryOf(name)?.kind, entryOf(name)?.id]).toEqual([name, 'UNKNOWN', undefined]);
      expect(targetOf(draft(name), undefined)).toEqual({ form: undefined });
    }
  });
});

describe('the address of a draft', () => {
  test('opens the form of a status, also on the card of a caveat', () => {
    expect(address(`status-4-${C}`, CLAUSE)).toBe('/agreements/minsk-2/clauses/4%2Fa?update=yes');
    expect(address(`status-4-${P}`, PROPOSAL)).toBe('/proposals/reply?update=yes');
    expect(address(`status-4-${V}`, CAVEAT)).toBe('/proposals/reply?update=caveat-UR-4#UR-4');
    // The record is not loaded yet, or does not exist.
    expect(address(`status-4-${C}`)).toBeUndefined();
    expect(address(`status-4-${C}`, null)).toBeUndefined();
  });

  test('opens the correction and the retraction of an assessment', () => {
    const ofCaveat = { __typename: 'CaveatAssessment', id: Y, retractedAt: null, caveat: CAVEAT } as const;
    const ofProposal = { __typename: 'ProposalAssessment', id: Z, retractedAt: null, proposal: PROPOSAL } as const;
    expect(address(`correction-1-${X}`, OF_CLAUSE)).toBe(`/agreements/minsk-2/clauses/4%2Fa?update=yes&corrects=${X}`);
    expect(address(`correction-1-${Y}`, ofCaveat)).toBe(`/proposals/reply?update=caveat-UR-4&corrects=${Y}#UR-4`);
    expect(address(`reason-${X}`, OF_CLAUSE)).toBe(`/agreements/minsk-2/clauses/4%2Fa#retract-${X}`);
    expect(address(`reason-${Y}`, ofCaveat)).toBe(`/proposals/reply#retract-${Y}`);
    expect(address(`reason-${Z}`, ofProposal)).toBe(`/proposals/reply#retract-${Z}`);
  });

  test('opens the forms of records, outlines, codings and sheets', () => {
    expect(address('record-1-event-new-concernsIds=C')).toBe('/new/event?concernsIds=C');
    expect(address('record-1-event-new-')).toBe('/new/event');
    expect(address(`record-1-clause-${C}`, CLAUSE)).toBe(`/edit/clause/${C}`);
    expect(address(`record-1-clause-${C}`, null)).toBeUndefined();
    expect(address('outline-1-new')).toBe('/new/agreement/guided');
    expect(address(`outline-1-${A}`, AGREEMENT)).toBe(`/new/agreement/guided?agreementId=${A}`);
    expect(address(`coding-1-${A}-2022-03-05-x`, AGREEMENT)).toBe('/agreements/minsk-2/coding?asOf=2022-03-05&after=x');
    expect(address('record-sheet')).toBe('/record-sheet');
  });

  test('opens the dialog of a batch on the page where it was written', () => {
    const page = '/agreements/minsk-2?status=BREACHED&batch=status';
    stored.set('batch-2-Clause', { draft: { note: 'Seen.' }, base: { page, records: [C, X] } });
    const [entry] = ownDrafts() as [DraftEntry];
    expect(entry.batch?.records).toEqual([C, X]);
    expect(targetOf(entry, CLAUSE).form).toBe(page);
    // The page says that the record is not in its list.
    expect(targetOf(entry, { ...CLAUSE, archivedAt: NOW }).form).toBe(page);
    const archived = { ...CLAUSE, agreement: { ...CLAUSE.agreement, archivedAt: NOW } };
    expect(targetOf(entry, archived)).toEqual({ form: undefined, obstacle: 'ARCHIVED', page: `/edit/agreement/${A}` });
    expect(entry.typed).toEqual(['Seen.']);
  });

  test('restores an archived record, or the archived record that it belongs to', () => {
    const restore = (kind: string, id: string) => ({ form: undefined, obstacle: 'ARCHIVED', page: `/edit/${kind}/${id}` });
    const clause = { ...CLAUSE, archivedAt: NOW };
    expect(targetOf(draft(`status-4-${C}`), clause)).toEqual(restore('clause', C));
    expect(targetOf(draft(`correction-1-${X}`), { ...OF_CLAUSE, clause })).toEqual(restore('clause', C));
    expect(targetOf(draft(`reason-${X}`), { ...OF_CLAUSE, clause })).toEqual(restore('clause', C));
    expect(targetOf(draft(`status-4-${V}`), { ...CAVEAT, proposal: { ...CAVEAT.proposal, archivedAt: NOW } })).toEqual(restore('proposal', P));
    expect(targetOf(draft(`status-4-${P}`), { ...PROPOSAL, archivedAt: NOW })).toEqual(restore('proposal', P));
    const agreement = { ...AGREEMENT, archivedAt: NOW };
    expect(targetOf(draft(`coding-1-${A}-2022-03-05-`), agreement)).toEqual(restore('agreement', A));
    // These forms open for an archived record, too.
    expect(targetOf(draft(`record-1-clause-${C}`), clause)).toEqual({ ...restore('clause', C), form: `/edit/clause/${C}` });
    expect(targetOf(draft(`outline-1-${A}`), agreement).form).toBe(`/new/agreement/guided?agreementId=${A}`);
  });

  test('does not open the retraction of a retracted assessment', () => {
    const retracted = { ...OF_CLAUSE, retractedAt: NOW };
    const page = '/agreements/minsk-2/clauses/4%2Fa';
    expect(targetOf(draft(`reason-${X}`), retracted)).toEqual({ form: undefined, obstacle: 'RETRACTED', page });
    expect(targetOf(draft(`correction-1-${X}`), retracted)).toEqual({ form: `${page}?update=yes&corrects=${X}`, obstacle: 'RETRACTED', page });
  });
});

test('all drafts of the user are listed, with the version of their record', () => {
  stored.set(`status-4-${C}`, { draft: {}, base: { version: 3 } });
  stored.set(`coding-1-${A}-2022-03-05-`, { draft: {}, base: null });
  stored.set('record-sheet', 'reference,status');
  stored.set('recent-sources-1', []);
  stored.set('batch-1-Clause', { draft: { note: 'Old.' } });
  // A draft of another user.
  stored.set(`status-4-${P}`, undefined);
  expect(ownDrafts().map(({ kind, version, typed }) => [kind, version, typed])).toEqual([
    ['status', 3, []],
    ['coding', undefined, []],
    ['sheet', undefined, ['reference,status']],
    ['UNKNOWN', undefined, ['Old.']],
  ]);
});

test('the records of many drafts are loaded in groups, each once', () => {
  for (let index = 0; index < 250; index += 1) {
    const id = `B${String(index).padStart(20, '0')}AA`;
    stored.set(`status-4-${id}`, { draft: {} });
    if (index === 0) stored.set(`record-1-clause-${id}`, { draft: {} });
  }
  const groups = groupsOf(ownDrafts());
  expect(groups.map((group) => [group.length, idsOf(group).length])).toEqual([[100, 99], [100, 100], [51, 51]]);
  expect(groupsOf([])).toEqual([]);
});
