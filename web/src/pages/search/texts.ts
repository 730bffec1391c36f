import type { SearchKind } from '../../api/schema.gen';
import { counted } from '../../format/sentences';

export const searchTexts = {
  title: 'Search',
  titleFor: (words: string) => `Search: ${words}`,
  words: 'Words',
  hint: 'In any order. The last word may be incomplete. The name of an agreement and the number of a clause work, too: minsk ii 9. Use the arrow keys to go through the results.',
  kinds: 'Only',
  summary: (count: number, words: string) => `${counted(count, 'result', 'results')} for “${words}”`,
  nothing: (words: string) => `No results for “${words}”.`,
  nothingHint: 'Results must contain every word. Try fewer or other words, or all kinds.',
  suggestions: 'Did you mean:',
  start: 'Type to search agreements, clauses, proposals, caveats, events, parties and sources.',
  shortcut: 'Press / to search from any page.',
  results: 'Results',
  kind: 'Kind',
  record: 'Record',
  excerpt: 'Excerpt',
  kindNames: {
    AGREEMENT: 'Agreements',
    CLAUSE: 'Clauses',
    PROPOSAL: 'Proposals',
    CAVEAT: 'Caveats',
    EVENT: 'Events',
    PARTY: 'Parties',
    SOURCE: 'Sources',
  } satisfies Record<SearchKind, string>,
  itemKinds: {
    Agreement: 'Agreement',
    Clause: 'Clause',
    Proposal: 'Proposal',
    Caveat: 'Caveat',
    Event: 'Event',
    Party: 'Party',
    Source: 'Source',
  },
};
