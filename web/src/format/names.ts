import { LOCALE } from './locale';

const AND = new Intl.ListFormat(LOCALE, { type: 'conjunction' });

/** Such as `9, 11 and 12`. */
export const joinNames = (names: readonly string[]) => AND.format(names);

export const partyNames = (parties: readonly { shortName: string }[]) => parties.map((party) => party.shortName).join(', ');
