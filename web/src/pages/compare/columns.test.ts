import { expect, test, vi } from 'vitest';
import type { ComparedRowsFragment, ComparedScoresFragment } from '../../api/types.gen';
import { type Column, csvCells } from '../../components/Table';
import { changeColumns, changesOf, type Comparison, scoreColumns } from './columns';

vi.stubGlobal('window', { location: { origin: 'https://example.org' } });

const COMPARISON: Comparison = { from: '2015-02-12', to: '2016-02-12', heldBy: 'russia', viewpoint: 'View of Russia' };

const SOURCE = { id: 'S', title: 'A report', publisher: null, publishedOn: null, kind: 'PRESS', url: 'https://a.example', archivedUrl: null, language: null } as const;
const score = (value: number | null) => ({ score: value, assessed: 2, counted: 3, total: 3, endedOn: null, breakdown: [{ status: 'BREACHED' as const, count: 1 }] });

const AGREEMENT: ComparedRowsFragment = {
  id: 'A',
  slug: 'minsk-2',
  shortTitle: 'Minsk II',
  changesBetween: [
    {
      statusBefore: 'UNASSESSED',
      statusAfter: 'BREACHED',
      clause: {
        __typename: 'Clause', id: 'C', reference: 'Minsk II, 9', number: '9', heading: 'Border', agreement: { id: 'A', slug: 'minsk-2' },
        assessmentBefore: null,
      },
      assessments: [
        { id: 'X', effectiveDate: '2015-03', status: 'PARTIAL', breachedBy: [], note: 'Some.', citations: [] },
        {
          id: 'Y', effectiveDate: '2015-04-01', status: 'BREACHED', breachedBy: [{ id: 'U', shortName: 'Ukraine' }], note: 'None.',
          citations: [{ source: SOURCE, locator: 'p. 4', quotation: null, accessedOn: null }],
        },
      ],
    },
  ],
};

const SCORES: ComparedScoresFragment = { ...AGREEMENT, before: score(null), after: score(33.33333) };

/** The cells of a row by the titles of their columns. */
function cellsOf<Row>(columns: readonly Column<Row>[], row: Row): Record<string, unknown> {
  const [titles = [], cells = []] = csvCells(columns, [row]);
  expect(new Set(titles).size).toBe(titles.length);
  return Object.fromEntries(titles.map((title, index) => [title, cells[index]]));
}

test('the file of changes has the agreement, the days, the view, codes, notes and evidence', () => {
  const [row] = changesOf(AGREEMENT);
  if (!row) throw new Error('there is a change');
  expect(cellsOf(changeColumns(COMPARISON), row)).toEqual({
    Agreement: 'Minsk II',
    'Agreement (slug)': 'minsk-2',
    Clause: 'Minsk II, 9 Border',
    'No.': '9',
    'First day': '2015-02-12',
    'Second day': '2016-02-12',
    Viewpoint: 'View of Russia',
    'Viewpoint (slug)': 'russia',
    'Status on the first day': 'Not assessed',
    'Status on the first day (code)': 'UNASSESSED',
    'Breached by, on the first day': '',
    'Status on the second day': 'Breached',
    'Status on the second day (code)': 'BREACHED',
    'Breached by, on the second day': 'Ukraine',
    'Assessments in between: ids': 'X; Y',
    'Assessments in between: dates': '2015-03; 2015-04-01',
    'Assessments in between: statuses': 'Partial; Breached',
    'Assessments in between: statuses (code)': 'PARTIAL; BREACHED',
    'Assessments in between: notes': 'Some.; None.',
    Evidence: 'A report',
    'Evidence ids': 'S',
    'Evidence addresses': 'https://a.example',
    'Archived copies': '',
    'Places in the evidence': 'p. 4',
    Id: 'C',
    Address: 'https://example.org/agreements/minsk-2/clauses/9',
  });
});

test('the file of scores has rounded numbers, and the counts of both days', () => {
  const cells = cellsOf(scoreColumns(COMPARISON), SCORES);
  expect([cells['Score 12 Feb 2015'], cells['Score 12 Feb 2016']]).toEqual([null, 33.3]);
  expect([cells['Breached (BREACHED) 12 Feb 2016'], cells['Clauses assessed 12 Feb 2016'], cells.Changed]).toEqual([1, 2, 1]);
  expect([cells['Agreement (slug)'], cells['Viewpoint (slug)'], cells.Id]).toEqual(['minsk-2', 'russia', 'A']);
  // Both days are the same.
  const sameDay = cellsOf(scoreColumns({ ...COMPARISON, from: '2016-02-12' }), SCORES);
  expect(Object.keys(sameDay).filter((title) => title.startsWith('Score'))).toEqual(['Score 12 Feb 2016']);
});
