/** The language of dates, lists and sorting. A translation changes it. */
export const LOCALE = 'en-GB';
