import { expect, test } from 'vitest';
import { typedTexts } from './typed';

test('the typed texts of a draft are kept, without values that were chosen', () => {
  const status = {
    draft: {
      status: 'BREACHED', breachedBy: ['id'], effectiveDate: '2022-03-05', note: ' Shelling. ', momentum: 'STEADY', heldBy: '', event: '',
      evidence: [{ key: 'k', newSource: { title: 'A report', kind: 'PRESS', url: 'https://example.org' } }, { key: 'id', existing: { id: 'id', title: 'Another' } }],
    },
    key: 'k',
    unanswered: [{ note: 'Sent.' }],
    base: { version: 3 },
  };
  expect(typedTexts(status)).toEqual(['Shelling.', 'A report', 'https://example.org']);
  expect(typedTexts({ reason: 'By mistake.', key: 'k' })).toEqual(['By mistake.']);
  expect(typedTexts({ draft: { a: { status: 'PARTIAL', note: 'One' }, b: { status: '', note: 'One' } }, key: 'k' })).toEqual(['One']);
  expect(typedTexts('reference,status')).toEqual(['reference,status']);
  expect(typedTexts(null)).toEqual([]);
});
