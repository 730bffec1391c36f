import { LOCALE } from './locale';

const AND = new Intl.ListFormat(LOCALE, { type: 'conjunction' });

/** Such as `9, 11 and 12`. */
export const listed = (names: readonly string[]) => AND.format(names);

export const namesOf = (parties: readonly { shortName: string }[]) => parties.map((it) => it.shortName).join(', ');
