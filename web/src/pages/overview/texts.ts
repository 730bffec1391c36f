import { counted } from '../../format/sentences';

export const overviewTexts = {
  title: 'Overview',
  what: 'Clausewatch follows agreements clause by clause: what became of each clause, since when, who judges so, and on what evidence.',
  summary: (day: string, clauses: number, agreements: number, statuses: string) =>
    `By ${day}, of ${counted(clauses, 'clause', 'clauses')} in ${counted(agreements, 'agreement', 'agreements')}, ${statuses}.`,
  /** A part of the summary: the first has the verb. */
  count: (count: number, status: string, isFirst: boolean) =>
    isFirst ? `${count === 1 ? '1 is' : `${count} are`} ${status}` : `${count} ${status}`,
  /** The parts of: Parties disagree about 29 clauses, and 7 clauses are overdue. */
  disputed: {
    start: 'Parties disagree about ',
    contested: (count: number) => counted(count, 'clause', 'clauses'),
    and: ', and ',
    overdue: (count: number) => `${counted(count, 'clause is', 'clauses are')} overdue`,
  },
  overTime: 'What became of the clauses',
  overTimeCaption: (subject: string) => `${subject}: shares of clauses by status, with the events after which most clauses changed`,
  allAgreements: 'All agreements',
  ended: (agreements: readonly string[]) =>
    agreements.length === 1 ? `${agreements[0]} ended` : `${agreements.length} agreements ended`,
  agreements: 'Agreements',
  agreement: 'Agreement',
  agreed: 'Agreed',
  kind: 'Kind',
  score: 'Score',
  breakdown: 'Statuses',
  recentEntries: 'Recent events',
  recentEntriesEmpty: 'Nothing happened up to this day.',
  recentChanges: 'Recently recorded',
  allChanges: 'All changes',
  overdue: 'Overdue',
  overdueMeaning: 'Not done by their deadline, earliest deadline first.',
  overdueEmpty: 'Nothing is overdue on this day.',
  contested: 'Contested',
  contestedMeaning: 'Parties disagree about the status, or about who breached. Latest change first.',
  contestedEmpty: 'No clause is contested on this day.',
  deadlocks: 'Deadlocks',
  deadlocksEmpty: 'There is no deadlock on this day.',
  deadlockSteps: (steps: number) => `${counted(steps, 'step', 'steps')} that wait for each other`,
  inReadings: (names: string) => `in the reading of ${names}`,
  byTheText: 'in the text itself',
  empty: 'No agreement has been recorded yet.',
};
