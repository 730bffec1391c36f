import { expect, test } from 'vitest';
import { firstSentence } from './firstSentence';

test('the first sentence is separated from the rest', () => {
  expect(firstSentence('Russia would accept peacekeepers from neutral states. Mandate and troops are left open.')).toEqual([
    'Russia would accept peacekeepers from neutral states.',
    'Mandate and troops are left open.',
  ]);
  expect(firstSentence('One sentence is the whole text of this caveat.')).toEqual(['One sentence is the whole text of this caveat.', '']);
  expect(firstSentence('')).toEqual(['', '']);
});

test('an abbreviation or a short start does not end the sentence', () => {
  const whole = 'The column asks for a pledge of the U.S. President under No. 5 of the list.';
  expect(firstSentence(`${whole} It names no date.`)).toEqual([whole, 'It names no date.']);
  expect(firstSentence('Yes. The two sides would withdraw at the same time. Later more.')).toEqual([
    'Yes. The two sides would withdraw at the same time.',
    'Later more.',
  ]);
});

test('no character is lost', () => {
  const text = 'Росія виведе війська з території України, і це буде перевірено. Далі – вибори! Чи ні?';
  const [first, rest] = firstSentence(text);
  expect(`${first} ${rest}`).toBe(text);
  expect(first).toBe('Росія виведе війська з території України, і це буде перевірено.');
});
