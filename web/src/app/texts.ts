import { counted } from '../format/sentences';

export const appTexts = {
  product: 'Clausewatch',
  title: (page: string) => `${page} · Clausewatch`,

  shell: {
    skip: 'Skip to content',
    mainNavigation: 'Main',
    search: 'Search',
    searchHint: 'Search agreements, clauses, proposals',
    playground: 'API',
    playgroundTitle: 'GraphQL playground',
    footer: 'Every status is an assessment, with its date, author and evidence.',
    licence: 'Licences',
    sources: 'Sources',
    parties: 'Parties and topics',
  },

  nav: {
    overview: 'Overview',
    proposals: 'Proposals',
    timeline: 'Timeline',
    compare: 'Compare',
    changes: 'Changes',
    tokens: 'Tokens',
  },

  newMenu: {
    title: 'New',
    kinds: {
      event: 'Event',
      source: 'Source',
      clause: 'Clause',
      proposal: 'Proposal',
      caveat: 'Caveat',
      precondition: 'Precondition',
      agreement: 'Agreement',
      party: 'Party',
      topic: 'Topic',
    },
  },

  /** Links to the forms of records. */
  edit: {
    edit: 'Edit',
    newAgreement: 'New agreement',
    newCaveat: 'New caveat',
    newClause: 'New clause',
    newEvent: 'New event',
    newPart: 'New clause below this one',
    newPrecondition: 'New precondition',
    newProposal: 'New proposal',
    newResponse: 'New response',
    newSource: 'New source',
  },

  account: {
    signIn: 'Sign in',
    signedInAs: 'Signed in as',
    signOut: 'Sign out',
    signOutFailed: 'You are still signed in: the server could not be reached.',
  },

  live: {
    label: 'Recent changes',
    starting: 'Connecting…',
    following: 'Live',
    followingTitle: 'This page updates automatically.',
    paused: 'Paused',
    lost: 'Connection lost. This page may be out of date.',
    retryIn: (seconds: number) => `Retrying in ${counted(seconds, 'second', 'seconds')}.`,
    retryNow: 'Retry now',
    dismiss: 'Dismiss',
    more: (count: number) => `and ${counted(count, 'more change', 'more changes')}`,
  },

  view: {
    label: 'Day and viewpoint',
    change: 'Change',
    fold: 'Close',
    asOf: 'As of',
    slider: 'Day',
    latest: 'latest',
    toLatest: 'Back to the latest day',
    heldBy: 'Viewpoint',
    neutral: 'Neutral record',
    nearGroup: 'Related to this clause',
    partyGroup: 'Parties',
    personGroup: 'Persons',
    partyView: (name: string) => `View of ${name}`,
    invalidTitle: 'Invalid date or unknown party',
    invalidDay: (text: string) => `“${text}” is not a valid date. Write dates as 2022-02-24.`,
    unknownParty: (slug: string) => `There is no party “${slug}”.`,
    withoutDay: 'Show this page for the latest day',
    withoutParty: 'Show this page with the neutral record',
    withoutBoth: 'Show this page for the latest day, with the neutral record',
    silence: 'A party without its own assessment counts as not assessed. Silence is not agreement.',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    then: 'then',
    search: 'Search',
    help: 'Show this list',
    enable: 'Enable keyboard shortcuts',
    close: 'Close',
    page: { u: 'Update the status' },
    send: 'Record the status (in the update form)',
    pages: {
      'g o': 'Overview',
      'g p': 'Proposals',
      'g t': 'Timeline',
      'g d': 'Compare two days',
      'g c': 'Change log',
      'g s': 'Search page',
    },
  },

  /** Names for records that have no name of their own. */
  recordKind: {
    Agreement: 'an agreement',
    Clause: 'a clause',
    Proposal: 'a proposal',
    Caveat: 'a caveat',
    Event: 'an event',
    Party: 'a party',
    Source: 'a source',
    Topic: 'a topic',
    Precondition: 'a precondition',
    Interpretation: 'an interpretation',
  } as Record<string, string>,
  unnamedRecord: 'a record',
};
