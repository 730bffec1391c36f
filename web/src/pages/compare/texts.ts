import { counted } from '../../format/sentences';

export const compareTexts = {
  title: 'Compare two days',
  intro: 'Clauses whose status differs between the end of the first day and the end of the second day. The assessments in between are listed, too.',
  form: 'Days and agreement',
  from: 'First day',
  to: 'Second day',
  wrongOrder: (from: string, to: string) => `${from} is after ${to}. Swap the two days`,
  swap: 'Swap days',
  allAgreements: 'All agreements',
  scores: 'Scores',
  incomplete: (shown: number, total: number) =>
    `This page compares the first ${shown} of ${total} agreements. The CSV files are made from all agreements.`,
  breakdown: (day: string) => `Statuses ${day}`,
  together: (day: string) => `${day}, all agreements together`,
  count: (status: string, day: string) => `${status} ${day}`,
  changed: 'Changed',
  changes: 'Changed clauses',
  summary: (count: number, from: string, to: string) =>
    count === 0
      ? `No clause has different statuses at the end of ${from} and at the end of ${to}.`
      : `${counted(count, 'clause has', 'clauses have')} different statuses at the end of ${from} and at the end of ${to}.`,
  at: (day: string) => day,
  between: 'In between',
  statusBefore: 'Status on the first day',
  statusAfter: 'Status on the second day',
  breakersBefore: 'Breached by, on the first day',
  breakersAfter: 'Breached by, on the second day',
  betweenIds: 'Assessments in between: ids',
  betweenDates: 'Assessments in between: dates',
  betweenStatuses: 'Assessments in between: statuses',
  betweenNotes: 'Assessments in between: notes',
  score: (day: string) => `Score ${day}`,
  counted: (day: string) => `Clauses counted ${day}`,
  assessed: (day: string) => `Clauses assessed ${day}`,
  assessments: (count: number) => counted(count, 'assessment', 'assessments'),
  noAgreement: (slug: string) => `There is no agreement “${slug}”.`,
};
