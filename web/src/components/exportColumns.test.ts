import { expect, test, vi } from 'vitest';
import type { CitationLineFragment, TimelineRowFragment } from '../api/types.gen';
import { toCsv } from '../format/csv';
import { evidenceColumns, joined } from './exportColumns';
import { csvCells } from './Table';
import { ENTRY_COLUMNS } from './timelineColumns';

vi.stubGlobal('window', { location: { origin: 'https://example.org' } });

const source = (id: string, url: string | null) => ({
  id,
  title: `Source ${id}`,
  publisher: null,
  publishedOn: null,
  kind: 'PRESS' as const,
  url,
  archivedUrl: null,
  language: null,
});
const cited = (id: string, url: string | null, locator: string | null = null): CitationLineFragment => ({
  source: source(id, url),
  locator,
  quotation: null,
  accessedOn: null,
});

const CLAUSE = { __typename: 'Clause', id: 'C', reference: 'Minsk II, 9', number: '9', heading: 'Border', agreement: { id: 'A', slug: 'minsk-2' } } as const;
const CAVEAT = { __typename: 'Caveat', id: 'V', reference: 'Reply, UR-4', number: 'UR-4', heading: 'Talks', proposal: { id: 'P', slug: 'reply' } } as const;
const RUSSIA = { id: 'R', slug: 'russia', shortName: 'Russia' };

/** The cells of an entry by the titles of their columns. */
function cellsOf(entry: TimelineRowFragment): Record<string, unknown> {
  const [titles = [], cells = []] = csvCells(ENTRY_COLUMNS, [entry]);
  expect(new Set(titles).size).toBe(titles.length);
  return Object.fromEntries(titles.map((title, index) => [title, cells[index]]));
}

test('the file of a timeline has codes, ids, addresses, the view, the note and the evidence of an assessment', () => {
  const cells = cellsOf({
    __typename: 'ClauseAssessment',
    id: 'X',
    effectiveOn: '2022-03-31',
    effectiveDate: '2022-03',
    clauseStatus: 'BREACHED',
    note: 'Shots.',
    heldBy: RUSSIA,
    breachedBy: [{ id: 'U', shortName: 'Ukraine' }],
    citations: [cited('S', 'https://a.example/1', 'p. 4'), cited('T', null)],
    clause: CLAUSE,
  });
  expect(cells).toEqual({
    Day: '2022-03-31',
    Date: '2022-03',
    Kind: 'Assessment',
    'Kind (code)': 'ASSESSMENT',
    Title: 'Minsk II, 9 Border',
    Status: 'Breached',
    'Status (code)': 'BREACHED',
    'Breached by': 'Ukraine',
    Viewpoint: 'Russia',
    'Viewpoint (slug)': 'russia',
    'Proposed by': '',
    Note: 'Shots.',
    'Agreements (slugs)': 'minsk-2',
    'Proposals (slugs)': '',
    'Record ids': 'C',
    Evidence: 'Source S; Source T',
    'Evidence ids': 'S; T',
    'Evidence addresses': 'https://a.example/1; ',
    'Archived copies': '',
    'Places in the evidence': 'p. 4; ',
    Id: 'X',
    Address: 'https://example.org/agreements/minsk-2/clauses/9',
  });
});

test('the file of a timeline has the records of events, the source of proposals, and the rule of deadlines', () => {
  const event = cellsOf({
    __typename: 'Event',
    id: 'E',
    title: 'Talks',
    happenedOn: '2022-01-01',
    date: '2022-01',
    summary: 'They met.',
    concerns: [CLAUSE, { ...CLAUSE, id: 'D' }, CAVEAT],
    citations: [cited('S', null)],
  });
  expect([event['Record ids'], event['Agreements (slugs)'], event['Proposals (slugs)']]).toEqual(['C; D; V', 'minsk-2', 'reply']);
  expect([event.Note, event['Evidence ids'], event.Viewpoint, event.Address]).toEqual(['They met.', 'S', '', 'https://example.org/events/E']);
  const proposal = cellsOf({
    __typename: 'Proposal',
    id: 'P',
    reference: 'Reply',
    slug: 'reply',
    title: 'The reply',
    madeOn: '2022-01-26',
    summary: 'An answer.',
    proposedBy: [RUSSIA],
    agreements: [{ id: 'A', slug: 'minsk-2' }],
    source: source('S', 'https://a.example'),
    sourceLocator: null,
  });
  expect([proposal['Proposed by'], proposal['Agreements (slugs)'], proposal['Proposals (slugs)'], proposal['Evidence addresses']]).toEqual([
    'Russia',
    'minsk-2',
    'reply',
    'https://a.example',
  ]);
  const deadline = cellsOf({ __typename: 'Deadline', id: 'F', dueOn: '2022-02-01', rule: '14 days', heldBy: null, clause: CLAUSE, source: null, sourceLocator: null });
  expect([deadline.Day, deadline['Kind (code)'], deadline.Note, deadline.Viewpoint, deadline['Evidence ids']]).toEqual([
    '2022-02-01',
    'DEADLINE',
    '14 days',
    'Neutral record',
    '',
  ]);
});

test('values of one cell keep their places', () => {
  expect(joined(['a', null, 'c'])).toBe('a; ; c');
  expect(joined([null, undefined])).toBe('');
  const columns = evidenceColumns<null>(() => []);
  expect(toCsv(csvCells(columns, [null]))).toContain('\r\n,,,,\r\n');
});
