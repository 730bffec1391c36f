export const sourcesTexts = {
  title: 'Sources',
  intro: 'Documents, reports and statements that support records and assessments.',
  source: 'Source',
  kind: 'Kind',
  publisher: 'Publisher',
  published: 'Published',
  assessments: 'Assessments',
  events: 'Events',
  onlyUncited: 'not cited by an assessment or event',
  onlyWithoutAddress: 'without an address',
  empty: 'No source has been recorded yet.',
  noMatch: 'No source matches these filters.',
};
