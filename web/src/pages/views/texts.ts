import { counted } from '../../format/sentences';

export const viewsTexts = {
  title: 'Views side by side',
  titleOf: (agreement: string) => `${agreement}: views side by side`,
  link: 'Views side by side',
  clause: 'Clause',
  contested: 'Contested',
  onlyContested: 'Only contested',
  summary: (contested: number, all: number) =>
    contested === 0
      ? `None of ${counted(all, 'clause', 'clauses')} is contested on this day`
      : `${contested} of ${counted(all, 'clause', 'clauses')} ${contested === 1 ? 'is' : 'are'} contested on this day: parties disagree about the status or about who breached the clause`,
  keyDiffers: 'Differs from the neutral record',
  keyEmpty: 'Empty: the party has no view of its own',
  differs: 'differs from the neutral record',
  /** How many of the views of a party differ from the neutral record. */
  differing: (differing: number, views: number) => `${differing} of ${views} ${differing === 1 ? 'differs' : 'differ'}`,
  empty: 'No clause has been recorded yet.',
  noMatch: 'No clause matches these filters.',
  pages: 'Pages',
  previous: 'Previous',
  next: 'Next',
};
