/** The fields of drafts whose values are chosen from lists, or are set by the app. */
const CHOSEN: ReadonlySet<string> = new Set([
  '__typename', 'assessmentId', 'breachedBy', 'confidence', 'effectiveDate', 'event', 'existing', 'heldBy', 'id', 'key', 'kind', 'momentum',
  'nature', 'status',
]);

/** The texts that the user typed into a form, in the order of its fields. Reads drafts of every format. */
export function typedTexts(stored: unknown): string[] {
  const content = isObject(stored) && 'draft' in stored ? stored.draft : stored;
  return [...new Set(textsIn(content).map((text) => text.trim()))].filter(Boolean);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.entries(value).flatMap(([name, part]) => (CHOSEN.has(name) ? [] : textsIn(part))) : [];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
