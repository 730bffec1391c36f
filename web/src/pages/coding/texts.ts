import type { AlphaUndefined } from '../../api/schema.gen';
import { counted } from '../../format/sentences';

export const codingTexts = {
  link: 'Code the clauses',
  title: (agreement: string) => `Coding of ${agreement}`,
  intro:
    'A coding is the status of a clause on a day, according to one editor. Base each coding on the sources of that day. A coding does not change the status of the clause. You see the codings of others for a clause only after you have coded it. You can change a coding until somebody else has coded the same clause for the same day.',
  own: 'Your codings',
  editorsOnly: 'Sign in as an editor to code.',
  notCoded: 'Not coded',
  note: 'Reasons',
  noteOf: (clause: string) => `Reasons for ${clause}`,
  submit: 'Record codings',
  statusMissing: (number: string) => `Clause ${number}: choose a status`,
  nothing: 'Nothing was recorded. Choose or change the status of at least one clause.',
  dropped: (status: string, note: string) =>
    `Your change (${[status, note].filter(Boolean).join(': ')}) was not recorded, because somebody else has coded this clause in the meantime.`,
  recorded: (count: number) => `${counted(count, 'coding', 'codings')} recorded.`,
  next: 'Next clauses',
  first: 'First clauses',
  comparison: 'Agreement between the coders',
  aboutAlpha:
    'Krippendorff’s alpha is 1 if the coders agree perfectly, and 0 if they agree only as often as by chance. Only the statuses Not started, Minimal, Partial and Complete are compared. Other statuses count as missing.',
  noComparison: 'No clause has two codings that you may see.',
  alpha: 'Alpha',
  units: 'Clauses',
  coders: 'Coders',
  outsideScale: 'Other statuses',
  allTopics: 'All topics',
  undefined: {
    NO_PAIRS: 'No clause with two codings',
    NO_VARIATION: 'All codings are the same',
  } satisfies Record<AlphaUndefined, string>,
};
