/** The language of the texts, for dates, lists and the order of names. A translation changes it. */
export const LOCALE = 'en-GB';
