import { LOCALE } from './locale';

const AND = new Intl.ListFormat(LOCALE, { type: 'conjunction' });

/** Such as `9, 11 and 12`. */
export const joinNames = (names: readonly string[]) => AND.format(names);

const LANGUAGES = new Intl.DisplayNames(LOCALE, { type: 'language' });

/** `Ukrainian` for `uk`. */
export const languageName = (tag: string) => LANGUAGES.of(tag) ?? tag;

export const partyNames = (parties: readonly { shortName: string }[]) => parties.map((party) => party.shortName).join(', ');
