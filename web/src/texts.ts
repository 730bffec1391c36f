import type * as types from './api/schema.gen';

type ClauseStatus = types.ClauseStatus;
type Momentum = types.Momentum;

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/**
 * Every text of the app, in one place for those who translate it. What the server sends (names,
 * summaries, notes) is shown as it is.
 */
export const texts = {
  product: 'Clausewatch',
  tagline: 'Clause by clause: what was agreed, what became of it, who says so.',
  title: (page: string) => `${page} · Clausewatch`,

  shell: {
    skip: 'Skip to the content',
    mainNavigation: 'Main',
    search: 'Search',
    searchHint: 'Search agreements, clauses, proposals',
    playground: 'API',
    playgroundTitle: 'GraphQL playground',
    footer: 'Statuses are judgements, each with its day, its author and its evidence.',
    licence: 'Licences',
  },

  nav: {
    overview: 'Overview',
    changes: 'Changes',
    tokens: 'Tokens',
  },

  account: {
    signIn: 'Sign in',
    signedInAs: 'Signed in as',
    signOut: 'Sign out',
    signOutFailed: 'You are still signed in: the server could not be reached.',
  },

  role: {
    ANONYMOUS: { label: 'Not signed in', meaning: 'Reads what the server shows to everyone.' },
    READER: { label: 'Reader', meaning: 'Reads everything, also where the server is private.' },
    EDITOR: { label: 'Editor', meaning: 'Reads, records statuses and takes them back, edits records.' },
    ADMIN: { label: 'Admin', meaning: 'All that an editor may; makes and revokes access tokens.' },
  } satisfies Record<types.Role, { label: string; meaning: string }>,

  signIn: {
    title: 'Sign in',
    why: 'Signing in lets you record statuses and take them back, as far as your role allows.',
    token: 'Access token',
    tokenHint: 'It begins with cwt_ and has 52 characters. It is sent to this server only, and not kept in this browser.',
    tokenMissing: 'Enter your access token',
    refused: (message: string) => `The server does not take this token: ${message}`,
    submit: 'Sign in',
    already: (name: string, role: string) => `You are signed in as ${name} (${role}).`,
    noToken: 'No token yet?',
    noTokenText: 'Whoever runs this server makes access tokens. Ask for one of the role that your work takes.',
  },

  live: {
    label: 'What is new',
    following: 'Live',
    followingTitle: 'This page follows the change log.',
    paused: 'Paused',
    lost: 'Connection lost. What is shown may be out of date.',
    retryIn: (seconds: number) => `Trying again in ${plural(seconds, 'second', 'seconds')}.`,
    retryNow: 'Try now',
    dismiss: 'Dismiss',
    more: (count: number) => `and ${plural(count, 'more change', 'more changes')}`,
    change: (actor: string, action: types.ChangeAction, subject: string) =>
      `${actor} ${texts.changeAction[action]} ${subject}`,
  },

  view: {
    label: 'Day and viewpoint',
    asOf: 'As of',
    slider: 'Day',
    latest: 'the latest',
    toLatest: 'Back to the latest',
    heldBy: 'In the view of',
    neutral: 'Neutral record',
    partyGroup: 'Parties',
    personGroup: 'Persons',
    line: (day: string, viewpoint: string) => `As of ${day} · ${viewpoint}`,
    partyView: (name: string) => `View of ${name}`,
    silence: 'A party without a judgement of its own counts as not assessed: silence is no agreement.',
  },

  states: {
    loading: 'Loading…',
    errorTitle: 'This could not be loaded',
    networkError: 'The server cannot be reached. Check the connection, then try again.',
    retry: 'Try again',
    signIn: 'Sign in',
    signInNeeded: 'Reading here needs a sign-in.',
    forbidden: 'Your role does not allow this.',
    signInAsOther: 'Sign in as someone else',
    notFound: 'Page not found',
    notFoundText: 'There is nothing at this address. If it was typed, check it; if it was a link, what it named may have been renamed.',
    toOverview: 'To the overview',
    more: 'Show more',
    showing: (shown: number, total: number) => (shown < total ? `${shown} of ${total} shown` : `${total} in all`),
    none: '–',
  },

  form: {
    summaryTitle: 'There is a problem',
    optional: '(optional)',
    errorPrefix: 'Error:',
  },

  export: {
    csv: 'Download CSV',
    svg: 'SVG',
    png: 'PNG',
    download: (kind: string) => `Download as ${kind}`,
    asTable: 'Show as a table',
  },

  citation: {
    title: 'Cite this page',
    line: (subject: string, day: string, viewpoint: string, url: string, retrieved: string) =>
      `Clausewatch: ${subject}. As of ${day}; ${viewpoint.charAt(0).toLowerCase()}${viewpoint.slice(1)}. ${url} (retrieved ${retrieved}).`,
    copy: 'Copy',
    copied: 'Copied',
    permalink: 'Link to this day and viewpoint',
  },

  score: {
    of: (score: number) => `${score} of 100`,
    none: 'No score',
    rests: (assessed: number, total: number) => `${assessed} of ${plural(total, 'clause', 'clauses')} count`,
    what: 'The score is the mean over the clauses that count: 0 for not started, breached and suspended, a third for minimal, two thirds for partial, 100 for complete. Clauses that are not assessed, void or not applicable are not counted.',
    about: 'What the score means',
  },

  overview: {
    title: 'Overview',
    agreements: 'Agreements',
    agreement: 'Agreement',
    agreed: 'Agreed',
    kind: 'Kind',
    score: 'Score',
    counted: 'Clauses counted',
    breakdown: 'Statuses',
    lately: 'What happened last',
    latelyEmpty: 'Nothing happened up to this day.',
    overdue: 'Overdue',
    overdueEmpty: 'Nothing is overdue on this day.',
    contested: 'Contested',
    contestedEmpty: 'The parties disagree about no clause on this day.',
    deadlocks: 'Deadlocks',
    deadlocksEmpty: 'No steps wait for each other on this day.',
    deadlockSteps: (steps: number) => `${plural(steps, 'step', 'steps')} that wait for each other`,
    inReadings: (names: string) => `in the reading of ${names}`,
    byTheText: 'by the text itself',
    dueOn: 'Due',
    empty: 'No agreement has been recorded yet.',
  },

  agreement: {
    agreedOn: 'Agreed',
    place: 'Place',
    kind: 'Kind',
    adoption: 'Adopted',
    clauses: 'Clauses',
    clausesEmpty: 'No clause fits these filters.',
    noClauses: 'No clause has been recorded yet.',
    number: 'No.',
    clause: 'Clause',
    topic: 'Topic',
    status: 'Status',
    since: 'Since',
    momentum: 'Momentum',
    marks: 'Marks',
    contested: 'Contested',
    overdue: 'Overdue',
    continuing: 'Continuing duty',
    layout: 'Layout',
    table: 'Table',
    tree: 'Tree',
    expand: (name: string) => `Parts of clause ${name}`,
    filters: 'Filters',
    filterText: 'Words',
    filterStatus: 'Status',
    filterTopic: 'Topic',
    filterParty: 'Party',
    any: 'Any',
    only: 'Only',
    onlyContested: 'contested',
    onlyOverdue: 'overdue',
    onlyBlocked: 'blocked',
    clear: 'Clear filters',
    overTime: 'Statuses over time',
    overTimeEmpty: 'There is no time to show yet.',
    seriesCaption: (title: string) => `${title}: number of clauses by status, at the end of each period`,
    period: 'Up to',
    chosenDay: 'Chosen day',
    parties: 'Parties',
    partiesEmpty: 'No party has been recorded.',
    accordingTo: (name: string) => `according to ${name}`,
    timeline: 'Timeline',
    timelineEmpty: 'Nothing is recorded up to this day.',
    earlier: 'Show earlier entries',
    source: 'Text',
    sourceLine: (title: string, publisher: string | null) => (publisher ? `${title}, ${publisher}` : title),
  },

  timeline: {
    PROPOSAL: 'Proposal',
    EVENT: 'Event',
    ASSESSMENT: 'Judgement',
    DEADLINE: 'Due day',
    judged: (subject: string) => `${subject} judged`,
    due: (subject: string) => `${subject} due`,
    heldBy: (name: string) => `in the view of ${name}`,
  },

  clauseStatus: {
    COMPLETE: { label: 'Complete', meaning: 'All that it asks was done; of a standing duty: it is being kept.' },
    PARTIAL: { label: 'Partial', meaning: 'A good part was done, not all.' },
    MINIMAL: { label: 'Minimal', meaning: 'First steps were made, far from what it asks.' },
    NOT_STARTED: { label: 'Not started', meaning: 'Nothing was done.' },
    SUSPENDED: { label: 'Suspended', meaning: 'It was set aside for a time.' },
    BREACHED: { label: 'Breached', meaning: 'It was acted against.' },
    VOID: { label: 'Void', meaning: 'It is no longer of force, or was overtaken by events.' },
    NOT_APPLICABLE: { label: 'Not applicable', meaning: 'It asks for nothing in this case.' },
    UNASSESSED: { label: 'Not assessed', meaning: 'Nobody has judged it.' },
  } satisfies Record<ClauseStatus, { label: string; meaning: string }>,

  momentum: {
    ADVANCING: { label: 'Advancing', meaning: 'It gets closer to being done.' },
    STEADY: { label: 'Steady', meaning: 'There is no movement worth mention.' },
    STALLED: { label: 'Stalled', meaning: 'Movement was expected and has stopped.' },
    REGRESSING: { label: 'Regressing', meaning: 'It gets further from being done.' },
  } satisfies Record<Momentum, { label: string; meaning: string }>,

  caveatStatus: {
    ACCEPTED: 'Accepted',
    BREACHED: 'Breached',
    COUNTERED: 'Countered',
    LAPSED: 'Lapsed',
    OPEN: 'Open',
    REJECTED: 'Rejected',
    SATISFIED: 'Satisfied',
    UNDER_NEGOTIATION: 'Under negotiation',
    WITHDRAWN: 'Withdrawn',
  } satisfies Record<types.CaveatStatus, string>,

  proposalStatus: {
    ACCEPTED: 'Accepted',
    COUNTERED: 'Countered',
    FLOATED: 'Floated',
    LAPSED: 'Lapsed',
    PARTLY_ACCEPTED: 'Partly accepted',
    REJECTED: 'Rejected',
    TABLED: 'Tabled',
    UNDER_NEGOTIATION: 'Under negotiation',
    WITHDRAWN: 'Withdrawn',
  } satisfies Record<types.ProposalStatus, string>,

  changeAction: {
    ARCHIVED: 'put away',
    ASSESSED: 'judged',
    CREATED: 'recorded',
    RESTORED: 'brought back',
    RETRACTED: 'took back',
    UPDATED: 'changed',
  } satisfies Record<types.ChangeAction, string>,

  agreementKind: {
    ADDENDUM: 'Addendum',
    DECLARATION: 'Declaration',
    LAW: 'Law',
    MEMORANDUM: 'Memorandum',
    OTHER: 'Other',
    PACKAGE_OF_MEASURES: 'Package of measures',
    PROTOCOL: 'Protocol',
    RESOLUTION: 'Resolution',
    TREATY: 'Treaty',
  } satisfies Record<types.AgreementKind, string>,

  agreementRole: {
    ENDORSER: 'Endorser',
    GUARANTOR: 'Guarantor',
    MEDIATOR: 'Mediator',
    MONITOR: 'Monitor',
    PARTY: 'Party',
    SIGNATORY: 'Signatory',
  } satisfies Record<types.AgreementRole, string>,

  /** What a record is called where it has no name of its own. */
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
  } as Record<string, string>,
  aRecord: 'a record',
};
