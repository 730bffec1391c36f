export const releasesTexts = {
  title: 'Releases',
  intro:
    'A release is the state of the data at one position of the change log. Each release has a name and never changes. To read the statuses of a release in the API, pass its name as the argument knownAtRelease.',
  name: 'Release',
  dataTitle: 'Title',
  knownAt: 'Last change',
  createdAt: 'Recorded',
  position: 'Position in the change log',
  merkleRoot: 'Merkle root',
  notes: 'Notes',
  verify: 'Verify a copy',
  verifyText: 'This command compares the files of a copy with their checksums, and the change log of the copy with the Merkle root:',
  command: 'clausewatch release --verify FOLDER',
  empty: 'No release has been recorded yet.',
};
