import { counted } from '../format/sentences';

const assessments = (count: number) => counted(count, 'assessment', 'assessments');
const clauses = (count: number) => counted(count, 'clause', 'clauses');
const records = (count: number) => counted(count, 'record', 'records');

export const batchTexts = {
  bar: 'Selection',
  selected: (count: number) => `${counted(count, 'row', 'rows')} selected`,
  selectRow: (name: string) => `Select ${name}`,
  select: 'Select',
  selectAll: 'Select all shown rows',
  nextRow: 'Next row',
  previousRow: 'Previous row',
  setStatus: 'Set status…',
  setTopic: 'Set topic…',
  archive: 'Archive…',
  clear: 'Clear selection',
  statusTitle: (count: number) => `Set the status of ${records(count)}`,
  topicTitle: (count: number) => `Set the topic of ${clauses(count)}`,
  archiveTitle: (count: number) => `Archive ${records(count)}`,
  archiveHint: 'Lists exclude archived records. Their history and all references to them are kept. You can restore them.',
  archiveCaption: 'The records to archive',
  topicCaption: 'The clauses, with their topics before and after the change',
  topic: 'New topic',
  topicMissing: 'Choose a topic',
  statusMissing: 'Choose a status',
  otherRecords: (drafted: number, selected: number) =>
    `The draft was written for ${records(drafted)}. It now applies to the ${records(selected)} selected.`,
  unmatched: (count: number) => `Your draft for ${records(count)} was not opened, because this list has none of the records of the draft.`,
  draftNote: (note: string) => `Reason: “${note}”`,
  openUnfiltered: 'Open the draft in the list without filters',
  noteHint: 'What was done or not done, in plain words. All records get the same reason.',
  sources: 'Sources',
  preview: 'Preview',
  previewCaption: 'The assessments, with the status on the day of each assessment, before and after the change',
  back: 'Change the entries',
  cancel: 'Cancel',
  record: (count: number) => `Record ${assessments(count)}`,
  setTopics: (count: number) => `Set the topic of ${clauses(count)}`,
  archiveAll: (count: number) => `Archive ${records(count)}`,
  row: 'Row',
  subject: 'Record',
  date: 'Date',
  newStatus: 'New status',
  before: 'Before',
  after: 'After',
  effect: 'Effect',
  effects: {
    NEW: 'New assessment',
    SAME_STATUS: 'New assessment with the same status',
    CORRECTION: 'Replaces the assessment with the same date',
    UNCHANGED: 'Already recorded: no change',
  },
  notLatest: 'An assessment with a later date stays in force.',
  faulty: (count: number, total: number) =>
    `${count} of ${counted(total, 'row', 'rows')} ${count === 1 ? 'has' : 'have'} errors. Nothing can be recorded until they are corrected.`,
  summary: (added: number, replaced: number, unchanged: number, isReviewed: boolean) =>
    [
      isReviewed
        ? `${assessments(added)} will be submitted for review.`
        : `${assessments(added)} will be recorded.${added > 1 ? ' One undo reverts all of them.' : ''}`,
      ...(replaced > 0 ? [`${replaced} of them ${replaced === 1 ? 'replaces' : 'replace'} an assessment with the same date.`] : []),
      ...(unchanged > 0 ? [`${assessments(unchanged)} ${unchanged === 1 ? 'is' : 'are'} already recorded.`] : []),
    ].join(' '),
  onlyFaults: 'Show only rows with errors',
  recorded: (count: number) => `${assessments(count)} recorded.`,
  archived: (count: number) => `${records(count)} archived.`,
  topicsSet: (count: number) => `Topic of ${clauses(count)} set.`,
  undo: 'Undo',
  undoReason: 'Recorded by mistake: the whole batch was undone.',
  undone: 'Undone.',
  undoFailed: 'This can no longer be undone:',
  failed: 'Nothing was written:',
};
