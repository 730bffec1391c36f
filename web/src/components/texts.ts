import type { TimelineKind } from '../api/schema.gen';
import { counted, withinSentence } from '../format/sentences';

export const componentTexts = {
  /** Texts of date fields, and messages about a pasted text. */
  day: {
    invalid: (text: string) => `“${text}” is not a valid date. Paste it as 2022-02-24 or 24 February 2022.`,
    ambiguous: (text: string, dayFirst: string, monthFirst: string) =>
      `“${text}” can mean ${dayFirst} or ${monthFirst}. Nothing was entered. Paste the date as 2022-02-24, or type it.`,
    readAs: (text: string, day: string) => `“${text}” was read as ${day}.`,
    tooEarly: (day: string, first: string) => `${day} is before ${first}, the earliest date allowed here.`,
    isOther: 'A period or an approximate date',
    forms: 'A day (2015-02-14 or 14 February 2015), a month (2015-02), a year (2015), an approximate date (2015-02-14~), or an interval (2015-02-01/2015-02-14).',
    notLeft: 'Enter a valid date first, or clear the field.',
    noDate: 'Enter a valid date',
    impossible: (day: string) => `${day} does not exist`,
    tooLate: (day: string, last: string) => `${day} is after ${last}, the latest date allowed here.`,
  },

  states: {
    loading: 'Loading…',
    aliases: 'Also called',
    externalIds: 'Identifiers',
    errorTitle: 'This could not be loaded',
    networkError: 'The server cannot be reached. Check your connection, then try again.',
    offline: 'The server cannot be reached. This page loads when the connection is back.',
    outdated: 'The server has a newer version of this app. Reload the page to use it.',
    reload: 'Reload the page',
    earlierData: 'Showing data that was loaded earlier.',
    otherDay: 'The data for this day and viewpoint has not been loaded.',
    retry: 'Try again',
    signIn: 'Sign in',
    signInNeeded: 'You must sign in to read this.',
    forbidden: 'Your role does not allow this.',
    signInAsOther: 'Sign in with a different account',
    notFound: 'Page not found',
    notFoundText: 'Nothing exists at this address. Check the address for typing errors. If you followed a link, the record may have been renamed.',
    toOverview: 'Go to the overview',
    more: 'Show more',
    all: (count: number) => `Show all ${count}`,
    fewer: 'Show fewer',
    showing: (shown: number, total: number) => (shown < total ? `${shown} of ${total} shown` : `${total} in total`),
    none: '–',
  },

  form: {
    summaryTitle: 'There is a problem',
    optional: '(optional)',
    errorPrefix: 'Error:',
    notSent: 'Nothing was recorded.',
    unknown: 'The server did not respond. Your input may or may not have been recorded.',
    sendAgain: 'Send the form again when the connection is back. The server records the form only once, even if you change it.',
    recordedElsewhere: 'This form was already recorded, perhaps in another tab. Send it again only to record it a second time.',
    signInEnded: 'You are no longer signed in.',
    signInElsewhere: 'Sign in in another tab',
    thenAgain: 'and send the form again. Your input is still here.',
  },

  export: {
    csv: 'Download CSV',
    id: 'Id',
    address: 'Address',
    code: (title: string) => `${title} (code)`,
    slug: (title: string) => `${title} (slug)`,
    agreements: 'Agreements (slugs)',
    proposals: 'Proposals (slugs)',
    recordIds: 'Record ids',
    evidenceIds: 'Evidence ids',
    evidenceAddresses: 'Evidence addresses',
    archivedAddresses: 'Archived copies',
    evidencePlaces: 'Places in the evidence',
    loading: 'Loading all rows…',
    failed: 'The rows could not be loaded, so nothing was saved. Try again.',
    changed: 'The list changed twice while it was loaded, so nothing was saved. Try again.',
    all: 'All rows as',
    of: (list: string) => `${list} as`,
    formats: { csv: 'CSV', xlsx: 'Excel', json: 'JSON' },
    svg: 'SVG',
    png: 'PNG',
    download: (kind: string) => `Download as ${kind}`,
    asTable: 'Show as table',
    copy: 'Copy',
    copied: 'Copied',
  },

  citation: {
    title: 'Cite this page',
    as: 'Save as',
    formats: { bibtex: 'BibTeX', ris: 'RIS', csl: 'CSL-JSON' },
    line: (subject: string, context: string | undefined, url: string, retrieved: string) =>
      `Clausewatch: ${subject}. ${context ? `${context}. ` : ''}${url} (retrieved ${retrieved}).`,
    context: (when: string, viewpoint: string) => `${when}; ${withinSentence(viewpoint)}`,
    asOf: (day: string) => `As of ${day}`,
    between: (from: string | undefined, to: string) => (from ? `From ${from} to ${to}` : `Up to ${to}`),
    permalink: 'Link to this day and viewpoint',
    permalinkPlain: 'Link to this page',
    permalinkPeriod: 'Link to this period and viewpoint',
  },

  embed: {
    title: 'Show on another site',
    about: 'This HTML shows a card with the status. It uses neither JavaScript nor cookies.',
  },

  score: {
    of: (score: number) => `${score} of 100`,
    named: (score: number) => `Score ${score} of 100`,
    none: 'No score',
    dayBefore: ' on the day before the end',
    coverage: (assessed: number, total: number) => `, from ${assessed} of ${counted(total, 'clause', 'clauses')}`,
    tooFew: (total: number) => `No score, because only ${counted(total, 'clause is', 'clauses are')} counted`,
    /** A short form of `tooFew`. */
    tooFewShort: (total: number) => `Only ${counted(total, 'clause', 'clauses')}: no score`,
    ended: (day: string) => `ended ${day}`,
    frozen: (day: string) => `Ended on ${day}. This is the score of the day before.`,
    from: (assessed: number, total: number) => `. ${assessed} of ${counted(total, 'counted clause', 'counted clauses')} ${assessed === 1 ? 'is' : 'are'} assessed.`,
    leftOut: (counts: string) => `Not counted: ${counts}.`,
    explanation: [
      'The score is the mean of the values of the counted clauses that are assessed. The score of an ended agreement is its score on the day before the end.',
      'No score is shown if fewer than half of the counted clauses are assessed, or if fewer than five clauses are counted.',
      'The value is 100 for complete, 66.7 for partial, 33.3 for minimal, and 0 for not started, breached and suspended.',
      'Void, overtaken, lapsed and not applicable clauses are not counted. Clauses that are not assessed have no value.',
      'A clause with parts is not counted, but its parts are. So the list may have more clauses than are counted.',
    ],
    about: 'How the score is calculated',
    together: 'All agreements together',
  },

  breach: {
    by: (names: string) => `by ${names}`,
    breakers: 'Breached by',
  },

  filters: {
    more: 'Filters',
    label: 'Filters',
    text: 'Text',
    clear: 'Clear filters',
  },

  source: {
    evidence: 'Evidence',
    none: 'No source given.',
    count: (count: number) => counted(count, 'source', 'sources'),
    /** The summary line that a phone shows instead of the note and the source of a record. */
    basis: (hasNote: boolean, confidence: string | undefined) =>
      confidence === undefined ? 'Note' : `${hasNote ? 'Note and source' : 'Source'}, ${withinSentence(confidence)}`,
    accessed: (day: string) => `(read on ${day})`,
    outside: 'external site',
    title: 'Title of the source',
    kind: 'Kind of source',
    url: 'URL',
    publisher: 'Publisher',
    publishedOn: 'Published on',
  },

  /** The kinds of entries in a timeline, and the columns of its CSV file. */
  timelineEntry: {
    kinds: {
      PROPOSAL: 'Proposal',
      EVENT: 'Event',
      ASSESSMENT: 'Assessment',
      DEADLINE: 'Deadline',
    } satisfies Record<TimelineKind, string>,
    heldBy: (name: string) => `view of ${name}`,
    day: 'Day',
    date: 'Date',
    kind: 'Kind',
    title: 'Title',
    status: 'Status',
    viewpoint: 'Viewpoint',
    proposedBy: 'Proposed by',
    note: 'Note',
  },
  interpretation: {
    title: 'Interpretations by the parties',
    term: (term: string) => `on “${term}”`,
  },
};
