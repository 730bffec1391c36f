import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeSubjectFragment } from '../../api/types.gen';
import { addressOf, type DraftEntry, entryOf, ownDrafts } from './drafts';

/** The stored drafts, in place of the browser's storage. */
const stored = vi.hoisted(() => new Map<string, unknown>());

vi.mock('../../form/storage', () => ({
  draftNames: () => [...stored.keys()],
  storedDraft: (name: string) => stored.get(name),
}));

beforeEach(() => stored.clear());

const AGREEMENT = { __typename: 'Agreement', id: 'A', shortTitle: 'Minsk II', slug: 'minsk-2' } as const;
const CLAUSE = { __typename: 'Clause', id: 'C', reference: 'Minsk II, 4/a', number: '4/a', heading: 'H', agreement: { id: 'A', slug: 'minsk-2' } } as const;
const CAVEAT = { __typename: 'Caveat', id: 'V', reference: 'Reply, UR-4', number: 'UR-4', heading: 'H', proposal: { id: 'P', slug: 'reply' } } as const;
const PROPOSAL = { __typename: 'Proposal', id: 'P', reference: 'Reply', slug: 'reply' } as const;

/** The address for the stored draft with this name. */
function address(name: string, record?: ChangeSubjectFragment): string | undefined {
  const entry = entryOf(name);
  if (!entry) throw new Error(`${name} is the name of no draft`);
  return addressOf({ ...entry, version: undefined, batch: undefined }, record);
}

test('the name of a draft says of which form it is', () => {
  const entry = (name: string) => {
    const { kind, id, record, parameters } = entryOf(name) ?? {};
    return [kind, id, record, parameters];
  };
  expect(entry('status-4-AbC-_1')).toEqual(['status', 'AbC-_1', undefined, undefined]);
  expect(entry('reason-AbC')).toEqual(['reason', 'AbC', undefined, undefined]);
  expect(entry('record-1-event-new-concernsIds=Ab-c')).toEqual(['new', undefined, 'event', 'concernsIds=Ab-c']);
  expect(entry('record-1-clause-new-')).toEqual(['new', undefined, 'clause', '']);
  expect(entry('record-1-clause-AbC-_1')).toEqual(['edit', 'AbC-_1', 'clause', undefined]);
  expect(entry('outline-1-new')).toEqual(['outline', undefined, undefined, undefined]);
  expect(entry('outline-1-AbC-_1')).toEqual(['outline', 'AbC-_1', undefined, undefined]);
  expect(entry('coding-1-AbC-_1-2022-03-05-')).toEqual(['coding', 'AbC-_1', undefined, 'asOf=2022-03-05']);
  expect(entry('coding-1-AbC-_1-2022-03-05-Y3Vyc29y-_')).toEqual(['coding', 'AbC-_1', undefined, 'asOf=2022-03-05&after=Y3Vyc29y-_']);
  expect(entry('batch-2-Caveat')).toEqual(['batch', undefined, 'Caveat', undefined]);
  expect(entry('record-sheet')).toEqual(['sheet', undefined, undefined, undefined]);
  // These are not drafts.
  expect(entryOf('recent-sources-1')).toBeUndefined();
  expect(entryOf('coding-x')).toBeUndefined();
});

describe('the address of a draft', () => {
  test('opens the form of a status, also on the card of a caveat', () => {
    expect(address('status-4-C', CLAUSE)).toBe('/agreements/minsk-2/clauses/4%2Fa?update=yes');
    expect(address('status-4-P', PROPOSAL)).toBe('/proposals/reply?update=yes');
    expect(address('status-4-V', CAVEAT)).toBe('/proposals/reply?update=caveat-UR-4#UR-4');
    // The record is not loaded yet, or no longer exists.
    expect(address('status-4-C')).toBeUndefined();
  });

  test('opens the correction and the retraction of an assessment', () => {
    const ofClause = { __typename: 'ClauseAssessment', id: 'X', clause: CLAUSE } as const;
    const ofCaveat = { __typename: 'CaveatAssessment', id: 'Y', caveat: CAVEAT } as const;
    const ofProposal = { __typename: 'ProposalAssessment', id: 'Z', proposal: PROPOSAL } as const;
    expect(address('correction-1-X', ofClause)).toBe('/agreements/minsk-2/clauses/4%2Fa?update=yes&corrects=X');
    expect(address('correction-1-Y', ofCaveat)).toBe('/proposals/reply?update=caveat-UR-4&corrects=Y#UR-4');
    expect(address('reason-X', ofClause)).toBe('/agreements/minsk-2/clauses/4%2Fa#retract-X');
    expect(address('reason-Y', ofCaveat)).toBe('/proposals/reply#retract-Y');
    expect(address('reason-Z', ofProposal)).toBe('/proposals/reply#retract-Z');
  });

  test('opens the forms of records, outlines, codings and sheets', () => {
    expect(address('record-1-event-new-concernsIds=C')).toBe('/new/event?concernsIds=C');
    expect(address('record-1-event-new-')).toBe('/new/event');
    expect(address('record-1-clause-C', CLAUSE)).toBe('/edit/clause/C');
    expect(address('outline-1-new')).toBe('/new/agreement/guided');
    expect(address('outline-1-A', AGREEMENT)).toBe('/new/agreement/guided?agreementId=A');
    expect(address('coding-1-A-2022-03-05-x', AGREEMENT)).toBe('/agreements/minsk-2/coding?asOf=2022-03-05&after=x');
    expect(address('record-sheet')).toBe('/record-sheet');
  });

  test('opens the dialog of a batch on the page where it was written', () => {
    const page = '/agreements/minsk-2?status=BREACHED&batch=status';
    stored.set('batch-2-Clause', { draft: {}, base: { page, records: ['a', 'b'] } });
    const [entry] = ownDrafts() as [DraftEntry];
    expect(entry.batch?.records).toEqual(['a', 'b']);
    expect(addressOf(entry, undefined)).toBe(page);
    // Drafts of an earlier version have no page.
    expect(address('batch-1-Clause')).toBeUndefined();
  });
});

test('all drafts of the user are listed, with the version of their record', () => {
  stored.set('status-4-C', { draft: {}, base: { version: 3 } });
  stored.set('coding-1-A-2022-03-05-', { draft: {}, base: null });
  stored.set('record-sheet', 'reference,status');
  stored.set('recent-sources-1', []);
  // A draft of another user.
  stored.set('status-4-D', undefined);
  expect(ownDrafts().map(({ kind, version }) => [kind, version])).toEqual([
    ['status', 3],
    ['coding', undefined],
    ['sheet', undefined],
  ]);
});
