import { expect, test } from 'vitest';
import { wrapText } from './lines';

test('texts are wrapped and truncated', () => {
  expect(wrapText('Withdrawal of heavy weapons', 20, 2)).toEqual(['Withdrawal of heavy', 'weapons']);
  expect(wrapText('One two three four five', 8, 2)).toEqual(['One two', 'three…']);
  expect(wrapText('Incomprehensibilities', 10, 1)).toEqual(['Incompreh…']);
});
