import { counted } from '../../format/sentences';

export const agreementsTexts = {
  title: 'Agreements',
  intro: 'All agreements made on or before the selected day, with the implementation of their clauses.',
  agreement: 'Agreement',
  state: 'State',
  states: {
    inForce: 'In force',
    ended: 'Ended',
  },
  order: 'Order',
  orders: {
    latest: 'Latest first',
    earliest: 'Earliest first',
    title: 'By title',
  },
  archived: 'archived',
  watchesAll: 'Watches all agreements and their clauses, including new ones.',
  watchesFound: 'Watches these agreements and their clauses. If further agreements match later, open the list again to watch them, too.',
  others: (count: number) => `and ${counted(count, 'other', 'others')}`,
  empty: 'No agreement was made on or before this day.',
  noMatch: 'No agreement matches these filters.',
};
