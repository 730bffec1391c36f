export const eventTexts = {
  event: 'Event',
  day: 'Day',
  kind: 'Kind',
  place: 'Place',
  actors: 'Who acted',
  confidence: 'Confidence',
  concerns: 'Clauses, caveats and proposals concerned',
  noConcerns: 'The event is not linked to a clause, caveat or proposal.',
  status: 'Status',
  record: 'Clause, caveat or proposal',
  sources: 'Sources',
};
