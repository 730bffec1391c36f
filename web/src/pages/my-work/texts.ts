import { counted } from '../../format/sentences';

export const myWorkTexts = {
  title: 'My work',

  stale: 'Not checked recently',
  staleAbout:
    'Clauses that nobody has checked or assessed for this many days. “Checked, unchanged” records that you checked the status today and that it has not changed.',
  days: 'Days',
  daysInvalid: (text: string, max: number) => `“${text}” is not a number of days. Enter 1 to ${max}.`,
  staleEmpty: (days: number) => `Every clause was checked within the last ${counted(days, 'day', 'days')}.`,
  clause: 'Clause',
  status: 'Status',
  checkedOn: 'Last checked',
  checkedBy: 'By',
  never: 'Never',
  action: 'Action',
  unchanged: 'Checked, unchanged',
  unchangedNamed: (name: string) => `Checked, unchanged: ${name}`,
  checked: (name: string) => `${name}: checked today, unchanged.`,
  undone: (name: string) => `${name}: the check is undone.`,
  undo: 'Undo',
  undoNamed: (name: string) => `Undo the check of ${name}`,
  undoReason: 'Undone by its author right after recording it.',
  conflict: 'The record has changed in the meantime. Open it before you confirm its status.',

  watched: 'Watched',
  watchedAbout:
    'Changes by others since your last visit. The list of watched pages is stored in this browser only, and separately for each account. Opening a page marks its changes as read.',
  watchedEmpty: 'You do not watch any page yet. Use the button “Watch” on the page of a record, or on a filtered list.',
  noNews: 'No new changes',
  unwatch: 'Stop watching',
  unwatchNamed: (title: string) => `Stop watching ${title}`,
  allNews: 'Open the page to see all new changes.',

  drafts: 'Drafts',
  draftsAbout: 'Forms that you have not sent. They are stored in this browser until you send or discard them, or sign out.',
  draftsEmpty: 'No drafts in this browser.',
  draftOf: {
    status: (name: string) => `Status of ${name}`,
    correction: (name: string) => `Correction of an assessment of ${name}`,
    reason: (name: string) => `Reason for retracting an assessment of ${name}`,
    edit: (name: string) => `Changes to ${name}`,
    new: (kind: string) => `New record: ${kind}`,
    newOutline: 'New agreement from its text',
    outline: (agreement: string) => `New clauses of ${agreement}`,
    coding: (agreement: string, day: string) => `Coding of ${agreement} on ${day}`,
    batch: (count: number | undefined) => (count === undefined ? 'Status of several records' : `Status of ${counted(count, 'record', 'records')}`),
    sheet: 'Assessments from a sheet',
  },
  changedSince: 'Conflict: the record has changed since you started',
  discard: 'Discard',
  discardNamed: (name: string) => `Discard the draft: ${name}`,

  mine: 'What I recorded',
  mineEmpty: 'You have recorded nothing yet.',
  allMine: (count: number) => `All my changes (${count})`,
  signIn: 'Sign in as an editor to see what you recorded, your drafts, and clauses not checked recently.',
};
