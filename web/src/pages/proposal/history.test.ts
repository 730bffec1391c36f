import { expect, test } from 'vitest';
import type { CaveatAssessmentFragment } from '../../api/types.gen';
import { entriesOf } from './history';

const assessment = (id: string, effectiveOn: string, note: string): CaveatAssessmentFragment => ({
  __typename: 'CaveatAssessment',
  id,
  effectiveOn,
  effectiveDate: effectiveOn,
  caveatStatus: 'OPEN',
  note,
  recordedBy: 'import',
  submittedBy: null,
  heldBy: null,
  breachedBy: [],
  citations: [],
});

test('equal assessments on one day are one entry, latest first', () => {
  const caveat = (number: string, ...nodes: CaveatAssessmentFragment[]) => ({ id: number, number, version: Number(number), assessments: { nodes } });
  const history = {
    proposal: {
      id: 'p',
      version: 9,
      assessments: { nodes: [] },
      caveats: {
        nodes: [
          caveat('1', assessment('a', '2022-01-26', 'Offered.'), assessment('b', '2022-02-24', 'Ended.')),
          caveat('2', assessment('c', '2022-01-26', 'Offered.'), assessment('d', '2022-02-24', 'Ended otherwise.')),
          caveat('3', { ...assessment('f', '2022-01-26', 'Offered.'), breachedBy: [{ id: 'p', shortName: 'Party' }] }),
        ],
      },
    },
  };
  const event = { id: 'e', title: 'Printed', happenedOn: '2022-02-02', date: '2022-02-02', summary: '' };
  const both = entriesOf(history, []).find(({ numbers }) => numbers.length === 2);
  // Each of the two assessments can be retracted separately.
  expect(both?.retractable).toEqual([
    { assessmentId: 'a', number: '1', version: 1 },
    { assessmentId: 'c', number: '2', version: 2 },
  ]);
  expect(entriesOf(history, [event]).map(({ day, numbers }) => [day, ...numbers])).toEqual([
    ['2022-02-24', '1'],
    ['2022-02-24', '2'],
    ['2022-02-02'],
    ['2022-01-26', '1', '2'],
    ['2022-01-26', '3'],
  ]);
});
