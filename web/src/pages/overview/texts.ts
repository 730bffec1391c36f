import { counted } from '../../format/sentences';

export const overviewTexts = {
  title: 'Overview',
  heading: 'What became of the clauses',
  what: 'Clausewatch tracks agreements clause by clause. For each status, it shows the date, the evidence, and whose view the status is.',
  /** The parts of a sentence such as “On 2 Dec 2021, of 122 clauses in 12 agreements, 48 are complete”. */
  summary: {
    day: (day: string) => `On ${day}, of `,
    clauses: (count: number) => counted(count, 'clause', 'clauses'),
    agreements: (count: number) => ` in ${counted(count, 'agreement', 'agreements')}, `,
  },
  /** A part of the summary. The first part contains the verb. */
  count: (count: number, status: string, isFirst: boolean) =>
    isFirst ? `${count === 1 ? '1 is' : `${count} are`} ${status}` : `${count} ${status}`,
  /** The parts of a sentence such as “Parties disagree about 29 clauses, and 7 clauses are overdue”. */
  disputed: {
    start: 'Parties disagree about ',
    contested: (count: number) => counted(count, 'clause', 'clauses'),
    and: ', and ',
    overdue: (count: number) => `${counted(count, 'clause is', 'clauses are')} overdue`,
  },
  overTime: 'Clause statuses over time',
  /** The largest increase of the chart, such as “By 1 Apr 2022, 48 of 122 clauses were complete, up from 0 on 1 Jan 2022”. */
  finding: ({ status, before, after, total, from, to }: { status: string; before: number; after: number; total: number; from: string; to: string }) =>
    `By ${to}, ${after} of ${counted(total, 'clause', 'clauses')} ${after === 1 ? 'was' : 'were'} ${status}, up from ${before} on ${from}`,
  /** A status after “were”. */
  state: {
    COMPLETE: 'complete',
    PARTIAL: 'partly implemented',
    MINIMAL: 'minimally implemented',
    SUSPENDED: 'suspended',
    BREACHED: 'breached',
    VOID: 'void',
    OVERTAKEN: 'overtaken by events',
    LAPSED: 'lapsed',
    NOT_APPLICABLE: 'not applicable',
  },
  overTimeCaption: (subject: string) => `${subject}: number of clauses by status, with the events after which the most clauses changed`,
  allAgreements: 'All agreements',
  ended: (agreements: readonly string[]) =>
    agreements.length === 1 ? `${agreements[0]} ended` : `${agreements.length} agreements ended`,
  agreements: 'Agreements',
  agreement: 'Agreement',
  agreed: 'Agreed',
  endedOn: 'Ended',
  kind: 'Kind',
  score: 'Score',
  breakdown: 'Statuses',
  recentEntries: 'Recent events',
  recentEntriesEmpty: 'No entries on or before this day.',
  recentChanges: 'Recently recorded',
  allChanges: 'All changes',
  overdue: 'Overdue',
  overdueMeaning: 'Clauses past their deadline. Earliest deadline first.',
  overdueEmpty: 'Nothing is overdue on this day.',
  contested: 'Contested',
  contestedMeaning: 'Parties disagree about the status, or about who breached the clause. Latest change first.',
  contestedEmpty: 'No clause is contested on this day.',
  deadlocks: 'Deadlocks',
  deadlocksEmpty: 'There is no deadlock on this day.',
  deadlockSteps: (steps: number) => `${counted(steps, 'step', 'steps')} that wait for each other`,
  inReadings: (names: string) => `in the reading of ${names}`,
  byTheText: 'in the text itself',
  empty: 'No agreement has been recorded yet.',
  startOptions: {
    title: 'No agreement has been recorded yet. There are three ways to begin:',
    start: {
      title: 'Start an agreement',
      text: 'Paste the text of an agreement. It is split into numbered clauses, which you correct and save together.',
      link: 'Start an agreement',
      signIn: 'Sign in as an editor to start an agreement',
    },
    dossier: {
      title: 'Import a dossier',
      text: 'A dossier is a TOML file with an agreement, its clauses, events and assessments. Run this command on the server, with the path of your folder of dossiers and the same settings as the server. If anything is invalid, nothing is imported, and each error names its file and line. docs/DOSSIERS.md describes the format.',
      command: 'clausewatch import my-dossiers/',
    },
    sample: {
      title: 'Load the sample',
      text: 'The sample dossiers on the Minsk and Belfast agreements are part of the program. If the database has never contained any data, the server loads them when it starts, unless it is started with --no-sample. Restart the server with this command:',
      command: 'CLAUSEWATCH_NO_SAMPLE=false clausewatch serve',
    },
  },
};
