import { expect, test, vi } from 'vitest';
import type { SearchRowFragment } from '../../api/types.gen';
import { csvCells } from '../../components/Table';
import { RESULT_COLUMNS } from './columns';

vi.stubGlobal('window', { location: { origin: 'https://example.org' } });

/** The cells of a result by the titles of their columns. */
function cellsOf(item: SearchRowFragment['item']): Record<string, unknown> {
  const [titles = [], cells = []] = csvCells(RESULT_COLUMNS, [{ excerpt: { text: 'An excerpt.' }, item }]);
  expect(new Set(titles).size).toBe(titles.length);
  return Object.fromEntries(titles.map((title, index) => [title, cells[index]]));
}

test('the file of a search has codes, ids, addresses and the agreement of each result', () => {
  const clause = { __typename: 'Clause', id: 'C', reference: 'Minsk II, 9', number: '9', heading: 'Border', agreement: { id: 'A', slug: 'minsk-2' } } as const;
  expect(cellsOf(clause)).toEqual({
    Kind: 'Clause',
    'Kind (code)': 'CLAUSE',
    Record: 'Minsk II, 9 Border',
    Date: null,
    'Agreement (slug)': 'minsk-2',
    'Proposal (slug)': '',
    Excerpt: 'An excerpt.',
    'Source address': '',
    'Archived copies': '',
    Id: 'C',
    Address: 'https://example.org/agreements/minsk-2/clauses/9',
  });
  const source = cellsOf({
    __typename: 'Source',
    id: 'S',
    title: 'A report',
    publisher: null,
    publishedOn: '2015-02-13',
    kind: 'PRESS',
    url: 'https://a.example',
    archivedUrl: 'https://b.example',
    language: null,
  });
  expect([source.Date, source['Source address'], source['Archived copies'], source.Address]).toEqual([
    '2015-02-13',
    'https://a.example',
    'https://b.example',
    'https://example.org/sources/S',
  ]);
});
