export const sourcePageTexts = {
  publisher: 'Publisher',
  published: 'Published',
  language: 'Language',
  kind: 'Kind',
  address: 'Address',
  archived: 'Archived copy',
  assessments: 'Assessments that cite this source',
  noAssessments: 'No assessment cites this source.',
  events: 'Events that cite this source',
  noEvents: 'No event cites this source.',
};
