import { expect, test } from 'vitest';
import { type Texts, texts } from './texts';

/** Every text of an object of texts, with its path. Functions are called with `2` for each argument. */
function textsOf(part: unknown, path: string): [string, unknown][] {
  if (typeof part === 'function') return [[path, part(...Array.from({ length: part.length }, () => '2'))]];
  if (typeof part !== 'object' || part === null) return [[path, part]];
  return Object.entries(part).flatMap(([name, value]) => textsOf(value, `${path}.${name}`));
}

test('every text is a string, and none is empty', () => {
  const { changes, correct, retract, update, ...others } = texts;
  // The functions of these texts format days, so they need valid days as arguments.
  const parts = { ...others, dated: [changes.assessed('A', '2022-02-24', 'B'), correct.openFor('A', '2022-02-24'), retract.openFor('A', '2022-02-24'), update.dayTooEarly('2022-02-24')] };
  const wrong = textsOf(parts, 'texts').filter(([, text]) => typeof text !== 'string' || text === '');
  expect(wrong).toEqual([]);
});

test('a translation is complete, and its functions take the same arguments', () => {
  const translation: Texts = { ...texts, account: { ...texts.account, signIn: 'Anmelden' }, title: (page) => `${page} | Klauselwache` };
  expect(translation.account.signIn).toBe('Anmelden');

  const { signIn: _, ...account } = texts.account;
  // @ts-expect-error A text is missing.
  const incomplete: Texts = { ...texts, account };
  // @ts-expect-error A text is not in the type.
  const superfluous: Texts = { ...texts, account: { ...texts.account, other: 'Andere' } };
  // @ts-expect-error A function has an additional parameter.
  const mistyped: Texts = { ...texts, title: (page: string, site: string) => page + site };
  expect([incomplete, superfluous, mistyped]).toHaveLength(3);
});
