import { LOCALE } from './locale';

const AND = new Intl.ListFormat(LOCALE, { type: 'conjunction' });

const OR = new Intl.ListFormat(LOCALE, { type: 'disjunction' });

/** Such as `a clause or caveat`. */
export const oneOf = (names: readonly string[]) => `${/^[aeiou]/.test(names[0] ?? '') ? 'an' : 'a'} ${OR.format(names)}`;

/** Such as `9, 11 and 12`. */
export const joinNames = (names: readonly string[]) => AND.format(names);

const LANGUAGES = new Intl.DisplayNames(LOCALE, { type: 'language' });

/** `Ukrainian` for `uk`. */
export const languageName = (tag: string) => LANGUAGES.of(tag) ?? tag;

/** Such as `Russia and Ukraine`, within a sentence. */
export const partiesInWords = (parties: readonly { shortName: string }[]) => joinNames(parties.map((party) => party.shortName));

export const partyNames = (parties: readonly { shortName: string }[]) => parties.map((party) => party.shortName).join(', ');
