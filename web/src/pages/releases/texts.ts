export const releasesTexts = {
  title: 'Releases',
  intro:
    'A release is the data at one position of the change log, under a name. It never changes. In the API, the argument knownAtRelease shows the statuses of a release.',
  name: 'Release',
  dataTitle: 'Title',
  knownAt: 'Last change',
  createdAt: 'Recorded',
  position: 'Position in the change log',
  merkleRoot: 'Merkle root',
  notes: 'Notes',
  verify: 'Verify a copy',
  verifyText: 'This command compares the files of a copy with their checksums, and its change log with the Merkle root:',
  command: 'clausewatch release --verify FOLDER',
  empty: 'No release has been recorded yet.',
};
