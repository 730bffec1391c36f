import type { ChoiceField, ReferenceField, TextField } from '../../../form/fields';
import { texts } from '../../../texts';

// Fields that several kinds of records have.

const { field, part } = texts.record;

export const SOURCE = { search: ['SOURCE'] } as const;
export const STEP = { search: ['CLAUSE', 'CAVEAT', 'PROPOSAL'] } as const;
export const AGREEMENTS = { search: ['AGREEMENT'] } as const;
export const CLAUSES = { search: ['CLAUSE'] } as const;
export const EVENTS = { search: ['EVENT'] } as const;
export const PARTIES = { list: 'parties' } as const;
export const TOPICS = { list: 'topics' } as const;

export const confidence = {
  type: 'choice',
  ...field.confidence,
  choices: texts.confidence,
  initial: 'MEDIUM',
} as const satisfies ChoiceField<keyof typeof texts.confidence>;

export const aliases = { type: 'lines', ...field.aliases } as const;
export const note = { type: 'longText', ...field.note } as const satisfies TextField;

export const externalIds = {
  type: 'parts',
  ...field.externalIds,
  part: part.externalId,
  fields: {
    scheme: { type: 'text', ...field.scheme, isRequired: true },
    value: { type: 'text', ...field.externalValue, isRequired: true },
  },
} as const;

/** The party that holds the view. */
export const holder = { type: 'reference', ...field.heldById, to: PARTIES } as const satisfies ReferenceField;

/** The source of a record, and the cited place in the source. */
export const provenance = {
  sourceId: { type: 'reference', ...field.sourceId, to: SOURCE } satisfies ReferenceField,
  sourceLocator: { type: 'text', ...field.sourceLocator } satisfies TextField,
} as const;
