import { withinSentence } from '../format/sentences';

/** Texts that all forms share. */
export const formTexts = {
  finder: {
    results: 'Recorded sources and other records',
    close: 'Close the list',
    none: 'No record matches.',
    find: (kinds: string) => `Find ${kinds}`,
    placeholder: 'Words from the name or title',
    kinds: {
      AGREEMENT: 'agreement',
      CAVEAT: 'caveat',
      CLAUSE: 'clause',
      EVENT: 'event',
      PARTY: 'party',
      PROPOSAL: 'proposal',
      SOURCE: 'source',
    },
  },

  recordForm: {
    missing: (label: string) => `${label}: enter a value`,
    missingChoice: (label: string) => `${label}: choose a value`,
    named: (part: string, label: string) => `${part}, ${withinSentence(label)}`,
    notADate: (label: string, problem: string) => `${label}: ${withinSentence(problem)}`,
    incompleteDate: (label: string) => `${label}: enter the whole date, or clear the field`,
    notANumber: (label: string) => `${label}: enter a whole number`,
    choose: 'Choose…',
    addTo: (label: string) => `Add: ${withinSentence(label)}`,
    remove: 'Remove',
    removeItem: (name: string) => `Remove ${name}`,
    addPart: (part: string) => `Add ${withinSentence(part)}`,
    partTitle: (part: string, number: number) => `${part} ${number}`,
    removePart: (part: string, number: number) => `Remove ${withinSentence(part)} ${number}`,
    cancel: 'Cancel',
    restored: 'Your draft was restored.',
    elsewhere: 'You changed this form in another tab. Your input here is not stored until you choose a version.',
    storageFull:
      'This form cannot be stored, because the storage of this browser is full or blocked. If you close the page, your latest input is lost.',
    takeOther: 'Show the version of the other tab',
    keepMine: 'Keep this version',
    close: 'Close',
    discard: 'Discard',
    newSource: 'Record a new source in another tab',
  },
};
